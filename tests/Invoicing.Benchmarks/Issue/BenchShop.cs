using Invoicing.Amounts;
using Invoicing.Chain;
using Invoicing.Gateway;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Signing;

namespace Invoicing.Benchmarks.Issue;

/// <summary>A shop without an authority, in a folder of its own: what recording alone costs.</summary>
internal sealed class BenchShop : IDisposable
{
    private static readonly string[] Names =
        ["Cà phê sữa đá lớn", "Bánh mì thịt nướng đặc biệt", "Nước suối đóng chai 500 ml", "Trà đào cam sả", "Sữa chua nếp cẩm"];

    private readonly SoftwareSigner _authority = SoftwareSigner.Create();

    public BenchShop()
    {
        Folder = Directory.CreateTempSubdirectory("invoicing-bench-").FullName;
        var enrolment = EnrolmentGrant.Create(
            "bench", new(TaxCode.Parse("0107001729"), "Cửa hàng đo tốc độ", "1 Tràng Tiền, Hà Nội"), InvoiceKind.Vat,
            Sha256Hash.Of([1]), [new("A1B2C", 0, 99_999_999)],
            [.. Enumerable.Range(26, 10).Select(year => new NumberRange(InvoiceSeries.Parse($"C{year}MAA"), 1, NumberRange.MaxNumber))],
            [_authority.PublicKey], new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());
        Bundle = new("bench", "-", "-", "-", enrolment.Bytes);
    }

    public string Folder { get; }

    public ClientBundle Bundle { get; }

    public string JournalPath => Path.Combine(Folder, "journal.db");

    public GatewayOptions Options => new() { JournalPath = JournalPath, Bundle = Bundle, EveryRegisterIsNew = true };

    /// <summary>Five lines with Vietnamese names: a body of about 600 bytes.</summary>
    public static Sale Sale(int register, ulong sequence) => new()
    {
        Key = new(new($"BENCH-{register:0000}"), 0x1122334455667788, sequence),
        ReceiptNumber = "000001234",
        Cashier = "Lan",
        Lines = [.. Names.Select((name, i) => new SaleLine
        {
            Code = $"893{i:0000000}",
            Name = name,
            Unit = "cái",
            Quantity = i + 1,
            UnitPrice = 12_000 + (1_000 * i),
            Rate = TaxRate.Eight,
            Amount = new((i + 1) * (12_000 + (1_000 * i))),
        })],
        Payments = [new(PaymentMeans.Cash, Total)],
        Total = Total,
    };

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static Money Total { get; } = new(Enumerable.Range(0, 5).Sum(i => (i + 1L) * (12_000 + (1_000 * i))));
}
