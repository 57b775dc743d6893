using System.Security.Cryptography;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;
using Invoicing.Invoices;
using Invoicing.Vietnam;

namespace Invoicing.NationalXml.Signatures;

/// <summary>Signs messages by XMLDSig, as the law has it.</summary>
/// <remarks>
/// RSA-SHA256 over canonical form 20010315; two references: the data by its Id, with the transform <c>enveloped-signature</c>, and the Object
/// with the time of signing by its Id, without one; KeyInfo with X509SubjectName and X509Certificate. The signature's text is put between the
/// bytes that were given, which are not written anew. Not safe for several threads. Source: Decision 1271/QĐ-CT, Part I.IV.6 and II.II.
/// </remarks>
internal sealed class MessageSigner(MessageKey key, TaxCode seller, TimeProvider time)
{
    public const string SignatureNamespace = "http://www.w3.org/2000/09/xmldsig#";
    public const string C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
    public const string RsaSha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    public const string Sha256 = "http://www.w3.org/2001/04/xmlenc#sha256";
    public const string Enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

    // What a signature weighs without certificate, value and subject: some 1,500 bytes, see the test.
    private const int Frame = 2048;

    /// <summary>Never less than the bytes of a signature.</summary>
    public int MaxLength { get; } =
        Frame + Base64Length(key.Certificate.RawData.Length) + Base64Length(key.Rsa.KeySize / 8) + (6 * SubjectText.Of(key.Certificate).Length);

    /// <summary>Signs a message.</summary>
    /// <param name="head">All before the signature.</param>
    /// <param name="tail">All behind it.</param>
    /// <param name="place">What is signed.</param>
    /// <returns>The message whole.</returns>
    /// <exception cref="InvoicingException">The certificate is not the seller's or not valid now, or the key does not answer.</exception>
    public byte[] Sign(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail, SignaturePlace place)
    {
        DateTimeOffset now = time.GetUtcNow();
        key.Require(seller, now);
        using MemoryStream unsigned = new([.. head, .. tail], writable: false);
        XmlDocument document = new() { PreserveWhitespace = true, XmlResolver = null };
        using (var reader = XmlReader.Create(unsigned, new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null }))
        {
            document.Load(reader);
        }

        PlacedSignature signed = new(document, place) { SigningKey = key.Rsa };
        Describe(signed, document, place, now);
        try
        {
            signed.ComputeSignature();
        }
        catch (CryptographicException fault)
        {
            throw new InvoicingException($"the signing key does not sign: {fault.Message}; see whether its token is there", isTransient: true, fault);
        }

        byte[] signature = Encoding.UTF8.GetBytes(signed.GetXml().OuterXml);
        return [.. head, .. signature, .. tail];
    }

    private void Describe(SignedXml signed, XmlDocument document, SignaturePlace place, DateTimeOffset now)
    {
        signed.Signature.Id = place.SignatureId;
        signed.SignedInfo!.CanonicalizationMethod = C14N;
        signed.SignedInfo.SignatureMethod = RsaSha256;
        Reference content = new($"#{place.DataId}") { DigestMethod = Sha256 };
        content.AddTransform(new XmlDsigEnvelopedSignatureTransform());
        signed.AddReference(content);
        signed.AddReference(new Reference($"#{place.TimeId}") { DigestMethod = Sha256 });
        signed.AddObject(new DataObject { Id = place.TimeId, Data = Properties(document, place, now) });
        KeyInfoX509Data certificate = new();
        certificate.AddSubjectName(SubjectText.Of(key.Certificate));
        certificate.AddCertificate(key.Certificate);
        signed.KeyInfo = new KeyInfo();
        signed.KeyInfo.AddClause(certificate);
    }

    private static XmlNodeList Properties(XmlDocument document, SignaturePlace place, DateTimeOffset now)
    {
        // Resolution seconds, without an offset: GMT+7 (Decision 1271/QĐ-CT, Part I.IV.2).
        XmlElement signingTime = document.CreateElement("SigningTime", SignatureNamespace);
        signingTime.InnerText = now.ToOffset(VietnamTime.Offset).ToString("yyyy-MM-dd'T'HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        XmlElement property = document.CreateElement("SignatureProperty", SignatureNamespace);
        property.SetAttribute("Target", place.TargetNamesSignature ? $"#{place.SignatureId}" : string.Empty);
        property.AppendChild(signingTime);
        XmlElement properties = document.CreateElement("SignatureProperties", SignatureNamespace);
        properties.AppendChild(property);
        XmlElement holder = document.CreateElement("Object", SignatureNamespace);
        holder.AppendChild(properties);
        return holder.ChildNodes;
    }

    /// <summary>Knows where the signed element is: looking for an Id in 2 MB costs as much as reading them.</summary>
    private sealed class PlacedSignature(XmlDocument document, SignaturePlace place) : SignedXml(document)
    {
        public override XmlElement? GetIdElement(XmlDocument? document, string idValue)
        {
            XmlElement? data = document?.DocumentElement?["DLieu"];
            data = data?["TBao"]?["DLTBao"] ?? data;
            return idValue == place.DataId && data?.GetAttribute("Id") == idValue ? data : null;
        }
    }

    private static int Base64Length(int bytes) => (bytes + 2) / 3 * 4;
}
