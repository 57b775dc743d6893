using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Invoicing.NationalXml.Messages;
using Invoicing.NationalXml.Signatures;
using Invoicing.Testing;

namespace Invoicing.NationalXml.Tests.Signatures;

public sealed class MessageSignatureTests : IClassFixture<TestSeller>, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestSeller _seller;

    public MessageSignatureTests(TestSeller seller) => _seller = seller;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("2.0.1")]
    [InlineData("2.1.0")]
    [InlineData("2.1.1")]
    public void A_signed_message_is_good_for_xmlsec_and_for_us(string version)
    {
        SignedMessage message = Assert.Single(TestMessages.Make(_seller.Key, Enumerable.Range(1, 5).Select(n => TestInvoices.Make(n)), version));
        string path = PeerTools.Save(_folder, message);

        (bool isGood, string said) = PeerTools.XmlSec(path, PeerTools.SaveTrusted(_folder, _seller.Root));

        Assert.True(isGood, said);
        Assert.Contains("SignedInfo References (ok/all): 2/2", said, StringComparison.Ordinal);
        Assert.Null(MessageVerification.Verify(message.Bytes, _seller.Certificate));
    }

    [Fact]
    public void The_signature_has_the_shape_of_the_law()
    {
        string xml = Encoding.UTF8.GetString(TestMessages.Make(_seller.Key, [TestInvoices.Make(1)])[0].Bytes.Span);

        Assert.Contains("""</DLieu><CKSNNT><Signature Id="NNT-1" xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo><CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315" /><SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" /><Reference URI="#data-1"><Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature" /></Transforms><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256" />""", xml, StringComparison.Ordinal);
        Assert.Contains("""<Reference URI="#time-1"><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256" />""", xml, StringComparison.Ordinal);
        Assert.Contains("""<Object Id="time-1"><SignatureProperties><SignatureProperty Target="#NNT-1"><SigningTime>2026-07-02T21:20:00</SigningTime></SignatureProperty></SignatureProperties></Object></Signature></CKSNNT></TDiep>""", xml, StringComparison.Ordinal);
        Assert.Contains("<X509SubjectName>CN=Cửa hàng Bình Minh\\, \\\"Con\\\" \\&lt;1\\&gt;,UID=MST:0107001729,C=VN</X509SubjectName><X509Certificate>", xml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MST:0107001729-001")]
    [InlineData("MST:0312270160")]
    [InlineData("0107001729")]
    [InlineData("CCCD:0107001729")]
    public void A_certificate_of_somebody_else_is_refused(string subject)
    {
        using TestSeller other = new(subject);

        InvoicingException fault = Assert.Throws<InvoicingException>(() => TestMessages.Writer(other.Key));

        Assert.Contains("expected a certificate of the seller, with UID=MST:0107001729 in its subject, found CN=", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"UID={subject},C=VN", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_is_not_valid_now_is_refused()
    {
        using TestSeller past = new("MST:" + TestSeller.TaxCodeText, from: new(2025, 1, 2, 0, 0, 0, TimeSpan.Zero), until: new(2026, 6, 30, 0, 0, 0, TimeSpan.Zero));

        InvoicingException fault = Assert.Throws<InvoicingException>(() => TestMessages.Writer(past.Key));

        Assert.Contains("expected a certificate that is valid on 2026-07-02, found one from 2025-01-02 to 2026-06-30; renew it", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_of_another_key_or_without_one_or_with_a_small_one_is_refused()
    {
        using var key = RSA.Create(2048);
        using X509Certificate2 bare = X509CertificateLoader.LoadCertificate(_seller.Certificate.RawData);

        Assert.Contains("found one of another key", Assert.Throws<InvoicingException>(() => MessageKey.From(key, _seller.Certificate)).Message, StringComparison.Ordinal);
        Assert.Contains("found none in that of CN=", Assert.Throws<InvoicingException>(() => MessageKey.From(bare)).Message, StringComparison.Ordinal);
        Assert.Contains("at least 2048 bits, found 1024", Assert.Throws<InvoicingException>(() => new TestSeller("MST:" + TestSeller.TaxCodeText, bits: 1024)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2048)]
    [InlineData(4096)]
    public void A_signature_never_weighs_more_than_is_left_for_it(int bits)
    {
        using TestSeller seller = new("MST:" + TestSeller.TaxCodeText, bits: bits);
        MessageSigner signer = new(seller.Key, TestSeller.Seller.TaxCode, new ManualTime());
        byte[] head = [.. """<TDiep><DLieu Id="data-1"></DLieu><CKSNNT>"""u8];
        byte[] tail = [.. "</CKSNNT></TDiep>"u8];

        int length = signer.Sign(head, tail, SignaturePlace.Invoices(targetNamesSignature: true)).Length - head.Length - tail.Length;

        Assert.InRange(length, signer.MaxLength - 1500, signer.MaxLength);
    }

    /// <summary>A token or a hardware module is an RSA whose private key nobody sees.</summary>
    [Fact]
    public void A_key_that_lies_elsewhere_signs_through_its_own_class()
    {
        using DistantKey distant = new(_seller.Certificate.GetRSAPrivateKey()!);
        using var key = MessageKey.From(distant, _seller.Certificate);

        SignedMessage message = TestMessages.Make(key, [TestInvoices.Make(1)])[0];

        Assert.Equal(1, distant.Signatures);
        Assert.Null(MessageVerification.Verify(message.Bytes, _seller.Certificate));
        distant.IsGone = true;
        InvoicingException fault = Assert.Throws<InvoicingException>(() => TestMessages.Make(key, [TestInvoices.Make(1)]));
        Assert.True(fault.IsTransient);
        Assert.Contains("the signing key does not sign: the token was pulled out", fault.Message, StringComparison.Ordinal);
    }

    private sealed class DistantKey(RSA inner) : RSA
    {
        public int Signatures { get; private set; }

        public bool IsGone { get; set; }

        public override int KeySize => inner.KeySize;

        public override byte[] SignHash(byte[] hash, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)
        {
            if (IsGone)
            {
                throw new CryptographicException("the token was pulled out");
            }

            Signatures++;
            return inner.SignHash(hash, hashAlgorithm, padding);
        }

        public override RSAParameters ExportParameters(bool includePrivateParameters) =>
            includePrivateParameters ? throw new CryptographicException("not exportable") : inner.ExportParameters(false);

        public override void ImportParameters(RSAParameters parameters) => throw new NotSupportedException();
    }
}
