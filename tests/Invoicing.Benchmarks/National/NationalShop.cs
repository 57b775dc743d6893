using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Invoicing.Benchmarks.Issue;
using Invoicing.Invoices;
using Invoicing.NationalXml;
using Invoicing.NationalXml.Messages;
using Invoicing.NationalXml.Profiles;
using Invoicing.NationalXml.Signatures;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Benchmarks.National;

/// <summary>A seller with a certificate, and any number of invoices that are made as they are asked for.</summary>
internal sealed class NationalShop : IDisposable
{
    private static readonly Seller Seller = new(TaxCode.Parse("0107001729"), "Cửa hàng đo tốc độ", "1 Tràng Tiền, Hà Nội");
    private static readonly DateTimeOffset RecordedAt = new(2026, 7, 2, 14, 0, 0, TimeSpan.Zero);

    private readonly RandomNumberGenerator _randomness = RandomNumberGenerator.Create();

    public NationalShop()
    {
        using var rsa = RSA.Create(2048);
        X500DistinguishedNameBuilder subject = new();
        subject.AddCommonName(Seller.Name);
        subject.Add("0.9.2342.19200300.100.1.1", $"MST:{Seller.TaxCode}", UniversalTagNumber.UTF8String);
        CertificateRequest request = new(subject.Build(), rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 made = request.CreateSelfSigned(new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2045, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        Key = MessageKey.From(Certificate);
        Messages = new(Seller, new("V0107001729", "TCT"), ProfileSchedule.Law, Key, _randomness, TimeProvider.System);
    }

    public X509Certificate2 Certificate { get; }

    public MessageKey Key { get; }

    public InvoiceMessages Messages { get; }

    /// <summary>Invoices of five lines, one after the other; none is kept.</summary>
    public static IEnumerable<NationalInvoice> Invoices(int count)
    {
        for (int number = 1; number <= count; number++)
        {
            Sale sale = BenchShop.Sale(0, (ulong)number);
            var drafted = (DraftResult.Drafted)InvoiceDrafting.Draft(sale, Seller, InvoiceKind.Vat, RecordedAt);
            Invoice invoice = drafted.Draft.Number(new(new(InvoiceKind.Vat, 26, "A1B2C", number), InvoiceSeries.Parse("C26MAA"), number));
            yield return new()
            {
                Invoice = invoice,
                RecordedAt = RecordedAt,
                Position = number,
                AmountInWords = AmountInWords.Of(invoice.Total),
                QrCode = TaxQrCode.Of(invoice, Seller).Write(),
            };
        }
    }

    public void Dispose()
    {
        Key.Dispose();
        Certificate.Dispose();
        _randomness.Dispose();
    }
}
