using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using Invoicing.NationalXml.Messages;
using Invoicing.NationalXml.Signatures;
using Invoicing.Testing;

namespace Invoicing.NationalXml.Tests.Signatures;

/// <summary>Whatever is changed on the way, xmlsec1 says no, and so do we.</summary>
public sealed partial class TamperingTests : IClassFixture<TestSeller>, IDisposable
{
    private static readonly Dictionary<string, Func<string, TestSeller, string>> Tamperings = new(StringComparer.Ordinal)
    {
        ["an amount"] = (xml, _) => Once(xml, "<TgTTTBSo>", "<TgTTTBSo>1"),
        ["the tax"] = (xml, _) => Regex.Replace(xml, "<TThue>[0-9]+</TThue>", "<TThue>0</TThue>"),
        ["a name"] = (xml, _) => Once(xml, "Bia lon", "Bia chai"),
        ["an accent"] = (xml, _) => Once(xml, "Cà phê", "Ca phê"),
        ["decomposed letters"] = (xml, _) => Once(xml, "Cà phê", "Ca\u0300 phe\u0302"),
        ["a blank between elements"] = (xml, _) => Once(xml, "<NDHDon>", "<NDHDon> "),
        ["a removed line"] = (xml, _) => OneLine().Replace(xml, string.Empty, 1),
        ["a line twice"] = (xml, _) => OneLine().Replace(xml, "$0$0", 1),
        ["two invoices swapped"] = (xml, _) => TwoInvoices().Replace(xml, "$2$1", 1),
        ["an invoice removed"] = (xml, _) => OneInvoice().Replace(xml, string.Empty, 1),
        ["an authority code"] = (xml, _) => Once(xml, "<MCCQT>M1", "<MCCQT>M2"),
        ["an Id inside"] = (xml, _) => Once(xml, "Id=\"hd-M1", "Id=\"hd-X1"),
        ["the time of signing"] = (xml, _) => Once(xml, "<SigningTime>2026-07-02", "<SigningTime>2026-07-01"),
        ["the target of the time"] = (xml, _) => Once(xml, "Target=\"#NNT-1\"", "Target=\"#NNT-2\""),
        ["the first digest"] = (xml, _) => Regex.Replace(xml, "(?<=<DigestValue>)[^<]+", Convert.ToBase64String(new byte[32])),
        ["the second digest"] = (xml, _) => Regex.Replace(xml, "(?<=time-1.*<DigestValue>)[^<]+", Convert.ToBase64String(new byte[32])),
        ["the signature value"] = (xml, _) => Regex.Replace(xml, "(?<=<SignatureValue>)[^<]+", match => Convert.ToBase64String(Turned(match.Value))),
        ["the certificate replaced by another of the same root"] = (xml, seller) => WithCertificate(xml, seller.Issue().RawData),
        ["the certificate replaced by one of a stranger, and signed anew"] = (xml, _) => SignedAnew(xml, isRawKey: false),
        ["the certificate replaced by a bare key, and signed anew"] = (xml, _) => SignedAnew(xml, isRawKey: true),
        ["the reference to the data dropped"] = (xml, _) => FirstReference().Replace(xml, string.Empty, 1),
        ["the reference to the time dropped"] = (xml, _) => Regex.Replace(xml, "<Reference URI=\"#time-1\">.*?</Reference>", string.Empty),
        ["the reference turned to something else"] = (xml, _) => Once(xml, "URI=\"#data-1\"", "URI=\"#time-1\""),
        ["a weaker digest"] = (xml, _) => Once(xml, "http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1"),
        ["no signature"] = (xml, _) => Regex.Replace(xml, "<CKSNNT>.*</CKSNNT>", string.Empty),
        ["the Id of the data"] = (xml, _) => Once(xml, "<DLieu Id=\"data-1\">", "<DLieu Id=\"data-2\">"),
    };

    private readonly TempFolder _folder = new();
    private readonly TestSeller _seller;

    public TamperingTests(TestSeller seller) => _seller = seller;

    public static TheoryData<string> Names => [.. Tamperings.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_tampered_message_is_refused_by_xmlsec_and_by_us(string tampering)
    {
        SignedMessage message = TestMessages.Make(_seller.Key, Enumerable.Range(1, 3).Select(n => TestInvoices.Make(n)))[0];
        string xml = Encoding.UTF8.GetString(message.Bytes.Span);
        string changed = Tamperings[tampering](xml, _seller);
        string path = _folder.File("tampered.xml");
        File.WriteAllText(path, changed);

        Assert.NotEqual(xml, changed);
        (bool isGood, string said) = PeerTools.XmlSec(path, PeerTools.SaveTrusted(_folder, _seller.Root));
        Assert.False(isGood, said);
        Assert.NotNull(MessageVerification.Verify(Encoding.UTF8.GetBytes(changed), _seller.Certificate));
    }

    /// <summary>The signed data lies elsewhere and other data stands in its place: a signature alone is still good, so its place is checked.</summary>
    [Fact]
    public void Data_that_is_wrapped_away_is_found_out_by_us()
    {
        SignedMessage message = TestMessages.Make(_seller.Key, [TestInvoices.Make(1)])[0];
        string xml = Encoding.UTF8.GetString(message.Bytes.Span);
        Match data = Regex.Match(xml, "<DLieu Id=\"data-1\">.*</DLieu>(?=<CKSNNT>)");
        string other = data.Value.Replace("data-1", "data-2", StringComparison.Ordinal).Replace("Bia lon", "Bia chai", StringComparison.Ordinal);
        string wrapped = xml.Replace(data.Value, other, StringComparison.Ordinal).Replace("</TDiep>", $"<Else>{data.Value}</Else></TDiep>", StringComparison.Ordinal);
        string path = _folder.File("wrapped.xml");
        File.WriteAllText(path, wrapped);

        (bool isGood, string said) = PeerTools.XmlSec(path, PeerTools.SaveTrusted(_folder, _seller.Root));
        Assert.True(isGood, said);
        Assert.Contains("expected references to #data-2", MessageVerification.Verify(Encoding.UTF8.GetBytes(wrapped), _seller.Certificate), StringComparison.Ordinal);
        Assert.False(PeerTools.XmlLint("2.1.1", path).IsValid);
    }

    private static string Once(string text, string old, string now)
    {
        int at = text.IndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0, $"expected '{old}' in the message");
        return string.Concat(text.AsSpan(0, at), now, text.AsSpan(at + old.Length));
    }

    private static byte[] Turned(string base64)
    {
        byte[] value = Convert.FromBase64String(base64);
        value[100] ^= 1;
        return value;
    }

    private static string WithCertificate(string xml, byte[] certificate) =>
        Regex.Replace(xml, "(?<=<X509Certificate>)[^<]+", Convert.ToBase64String(certificate));

    /// <summary>All is right but who signs: other data, all digests and the value made anew by a key of the attacker's.</summary>
    private static string SignedAnew(string xml, bool isRawKey)
    {
        using TestSeller stranger = new();
        XmlDocument document = new() { PreserveWhitespace = true };
        document.LoadXml(Once(Regex.Replace(xml, "<CKSNNT>.*</CKSNNT>", "<CKSNNT></CKSNNT>"), "Bia lon", "Bia chai"));
        SignedXml signed = new(document) { SigningKey = stranger.Certificate.GetRSAPrivateKey() };
        signed.Signature.Id = "NNT-1";
        signed.SignedInfo!.CanonicalizationMethod = MessageSigner.C14N;
        signed.SignedInfo.SignatureMethod = MessageSigner.RsaSha256;
        Reference reference = new("#data-1") { DigestMethod = MessageSigner.Sha256 };
        reference.AddTransform(new XmlDsigEnvelopedSignatureTransform());
        signed.AddReference(reference);
        signed.KeyInfo = new KeyInfo();
        signed.KeyInfo.AddClause(isRawKey ? new RSAKeyValue((RSA)signed.SigningKey!) : new KeyInfoX509Data(stranger.Certificate));
        signed.ComputeSignature();
        document.DocumentElement!["CKSNNT"]!.AppendChild(document.ImportNode(signed.GetXml(), deep: true));
        return document.OuterXml;
    }

    [GeneratedRegex("<HHDVu>.*?</HHDVu>")]
    private static partial Regex OneLine();

    [GeneratedRegex("<HDon>.*?</HDon>")]
    private static partial Regex OneInvoice();

    [GeneratedRegex("(<HDon>.*?</HDon>)(<HDon>.*?</HDon>)")]
    private static partial Regex TwoInvoices();

    [GeneratedRegex("<Reference URI=\"#data-1\">.*?</Reference>")]
    private static partial Regex FirstReference();
}
