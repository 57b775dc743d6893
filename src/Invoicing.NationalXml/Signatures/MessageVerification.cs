using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Xml;

namespace Invoicing.NationalXml.Signatures;

/// <summary>Verifies the seller's signature of a message.</summary>
public static class MessageVerification
{
    /// <summary>
    /// Verifies that a message 206, 300 or 303 bears exactly one signature, that this covers its data and the time of signing and nothing
    /// else, and that it is by the given certificate, which is the taxpayer's.
    /// </summary>
    /// <remarks>The certificate's own chain is the caller's to judge: who issues them in Vietnam is not known here.</remarks>
    /// <param name="message">The message's bytes.</param>
    /// <param name="certificate">The certificate that it must be signed by.</param>
    /// <returns><see langword="null"/>, or what was expected and what was found.</returns>
    /// <exception cref="MalformedMessageException">No XML, or beyond the limits.</exception>
    public static string? Verify(ReadOnlyMemory<byte> message, X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        LimitedXml.Require(message);
        XmlDocument document = new() { PreserveWhitespace = true, XmlResolver = null };
        using (XmlReader reader = LimitedXml.Open(message))
        {
            document.Load(reader);
        }

        if (Find(document, out XmlElement? content) is not { } signature)
        {
            return "expected one signature, in TDiep/CKSNNT or TDiep/DLieu/TBao/DSCKS/NNT, found another number or another place";
        }

        if (Structure(signature, content!, document) is { } fault)
        {
            return fault;
        }

        string? taxpayer = document.DocumentElement!["TTChung"]?["MST"]?.InnerText;
        return MessageKey.TaxCodeOf(certificate) is not { } stated || stated != taxpayer
            ? $"expected a certificate of taxpayer {taxpayer}, found {SubjectText.Of(certificate)}"
            : Check(document, signature, certificate);
    }

    /// <summary>The one signature at the place where a message of its kind has it, and the element that it must cover.</summary>
    private static XmlElement? Find(XmlDocument document, out XmlElement? content)
    {
        XmlElement? root = document.DocumentElement;
        content = root?["DLieu"];
        XmlElement? place = root?["CKSNNT"];
        if (place is null && content?["TBao"] is { } notice)
        {
            content = notice["DLTBao"];
            place = notice["DSCKS"]?["NNT"];
        }

        bool isOne = root is { Name: "TDiep", NamespaceURI: "" } && content is not null && place is { ChildNodes.Count: 1 }
            && document.GetElementsByTagName("Signature", "*").Count == 1;
        return isOne ? place!["Signature", MessageSigner.SignatureNamespace] : null;
    }

    private static string? Structure(XmlElement signature, XmlElement content, XmlDocument document)
    {
        string dataId = content.GetAttribute("Id");
        XmlElement? time = signature["Object", MessageSigner.SignatureNamespace];
        string timeId = time?.GetAttribute("Id") ?? string.Empty;
        SignedXml signed = new(document);
        try
        {
            signed.LoadXml(signature);
        }
        catch (CryptographicException fault)
        {
            return $"expected a signature by XMLDSig, found one that cannot be read: {fault.Message}";
        }

        if (dataId.Length == 0 || timeId.Length == 0 || dataId == timeId || Ids(document, dataId) != 1 || Ids(document, timeId) != 1)
        {
            return $"expected one element with the Id of the data and one with that of the time, found '{dataId}' and '{timeId}'";
        }

        SignedInfo info = signed.SignedInfo!;
        Reference[] references = [.. info.References.Cast<Reference>()];
        if (info.CanonicalizationMethod != MessageSigner.C14N || info.SignatureMethod != MessageSigner.RsaSha256
            || !Array.TrueForAll(references, reference => reference.DigestMethod == MessageSigner.Sha256))
        {
            return $"expected {MessageSigner.RsaSha256} over {MessageSigner.C14N}, found {info.SignatureMethod} over {info.CanonicalizationMethod}";
        }

        string?[] uris = [.. references.Select(reference => reference.Uri).Order(StringComparer.Ordinal)];
        string[] wanted = [.. new[] { $"#{dataId}", $"#{timeId}" }.Order(StringComparer.Ordinal)];
        return uris.SequenceEqual(wanted, StringComparer.Ordinal)
            && Array.TrueForAll(references, reference => HasTransforms(reference, isContent: reference.Uri == $"#{dataId}"))
            && time!["SignatureProperties", MessageSigner.SignatureNamespace]?["SignatureProperty", MessageSigner.SignatureNamespace]?
                ["SigningTime", MessageSigner.SignatureNamespace] is not null
            ? null
            : $"expected references to {string.Join(" and ", wanted)}, the latter with a SigningTime, found {string.Join(", ", uris)}";
    }

    private static bool HasTransforms(Reference reference, bool isContent)
    {
        TransformChain chain = reference.TransformChain;
        return chain.Count == (isContent ? 1 : 0) && (!isContent || chain[0].Algorithm == MessageSigner.Enveloped);
    }

    private static int Ids(XmlDocument document, string id)
    {
        int count = 0;
        foreach (string name in (string[])["Id", "ID", "id"])
        {
            // An Id of ours holds no quote; one that does is nobody's.
            count += id.Contains('\'', StringComparison.Ordinal) ? 2 : document.SelectNodes($"//*[@{name}='{id}']")!.Count;
        }

        return count;
    }

    private static string? Check(XmlDocument document, XmlElement signature, X509Certificate2 certificate)
    {
        const string Expected = "expected a signature that covers this data by the key of the given certificate";
        SignedXml signed = new(document);
        signed.LoadXml(signature);
        KeyInfoX509Data? stated = signed.KeyInfo.OfType<KeyInfoX509Data>().FirstOrDefault();
        if (stated?.Certificates?.Count != 1 || !((X509Certificate)stated.Certificates[0]!).GetRawCertData().AsSpan().SequenceEqual(certificate.RawData))
        {
            return "expected the given certificate in KeyInfo/X509Data, found another or none";
        }

        try
        {
            return signed.CheckSignature(certificate, verifySignatureOnly: true) ? null : $"{Expected}, found another";
        }
        catch (CryptographicException fault)
        {
            return $"{Expected}, found one that cannot be checked: {fault.Message}";
        }
    }
}
