using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Invoicing.Chain;
using Invoicing.Edge.Settings;
using Invoicing.Gateway;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.NationalXml.Signatures;
using Invoicing.Sales;
using Invoicing.Signing;
using Invoicing.Testing;

namespace Invoicing.Edge.Tests.National;

/// <summary>A shop whose gateway has recorded sales, with the seller's certificate in a file.</summary>
internal sealed class ShopJournal : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SoftwareSigner _authority = SoftwareSigner.Create();
    private readonly EnrolmentGrant _enrolment;

    public ShopJournal()
    {
        _enrolment = EnrolmentGrant.Create(
            "device-1", new(TaxCode.Parse("0107001729"), "Cửa hàng Thử Nghiệm", "1 Tràng Tiền, Hà Nội"), InvoiceKind.Vat, Sha256Hash.Of([1]),
            [new("A1B2C", 0, 999_999)],
            [.. Enumerable.Range(26, 20).Select(year => new NumberRange(InvoiceSeries.Parse($"C{year}MAA"), 1, 999_999))],
            [_authority.PublicKey], new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());
        using var key = RSA.Create(2048);
        X500DistinguishedNameBuilder subject = new();
        subject.AddCommonName("Cửa hàng Thử Nghiệm");
        subject.Add("0.9.2342.19200300.100.1.1", "MST:0107001729", UniversalTagNumber.UTF8String);
        CertificateRequest request = new(subject.Build(), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(
            new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero), new(2045, 1, 1, 0, 0, 0, TimeSpan.Zero));
        File.WriteAllBytes(CertificatePath, certificate.Export(X509ContentType.Pkcs12, "secret"));
        File.WriteAllText(PasswordPath, "secret\n");
    }

    public string Journal => _folder.File("journal.db");

    public string Out => _folder.File("out");

    public string CertificatePath => _folder.File("seller.p12");

    public string PasswordPath => _folder.File("password");

    public static NationalSettings Settings { get; } = new() { Sender = "V0107001729", Receiver = "TCT" };

    public string PathOf(string name) => _folder.File(name);

    public MessageKey OpenKey() => MessageKey.From(Invoicing.Edge.National.CertificateFile.Read(CertificatePath, PasswordPath));

    /// <summary>Records sales, as the running service does.</summary>
    public async Task RecordAsync(int count, ulong first = 1, Func<Sale, Sale>? change = null)
    {
        GatewayOptions options = new() { JournalPath = Journal, Bundle = new("device-1", "-", "-", "-", _enrolment.Bytes), EveryRegisterIsNew = true };
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(options, cancellationToken: TestContext.Current.CancellationToken).Soon();
        for (ulong i = first; i < first + (ulong)count; i++)
        {
            Sale sale = TestSales.Make("SIM-0001", 7, i);
            await gateway.IssueAsync(change is null ? sale : change(sale), TestContext.Current.CancellationToken).Soon();
        }
    }

    /// <summary>Corrects invoices, as the running service does.</summary>
    public async Task CorrectAsync(params CorrectionRequest[] requests)
    {
        GatewayOptions options = new() { JournalPath = Journal, Bundle = new("device-1", "-", "-", "-", _enrolment.Bytes), EveryRegisterIsNew = true };
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(options, cancellationToken: TestContext.Current.CancellationToken).Soon();
        foreach (CorrectionRequest request in requests)
        {
            await gateway.CorrectAsync(request, TestContext.Current.CancellationToken).Soon();
        }
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }
}
