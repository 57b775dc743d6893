using Invoicing.Amounts;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Signing;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests;

/// <summary>A shop with a journal of its own, enrolled with an authority whose keys the test holds.</summary>
internal sealed class TestShop : IDisposable
{
    public const string Block = "A1B2C";
    public static readonly RegisterId Register = new("SIM-0001");
    public const ulong Epoch = 0x1122334455667788;

    private readonly TempFolder _folder = new();

    public TestShop(int codes = 1_000_000, int numbers = 1_000_000, DateTimeOffset? enrolledAt = null)
    {
        (string certificate, string key, byte[] der) = Certificates.Issue("device-1");
        Enrolment = EnrolmentGrant.Create(
            "device-1",
            new(TaxCode.Parse("0107001729"), "Cửa hàng Thử Nghiệm", "1 Tràng Tiền, Hà Nội"),
            InvoiceKind.Vat,
            Sha256Hash.Of(der),
            [new(Block, 0, codes - 1)],
            [new(InvoiceSeries.Parse("C26MAA"), 1, numbers), new(InvoiceSeries.Parse("C27MAA"), 1, numbers)],
            [AuthorityKey.PublicKey],
            (enrolledAt ?? new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero)).ToUnixTimeMilliseconds());
        Bundle = new("device-1", certificate, key, Certificates.RootPem, Enrolment.Bytes);
    }

    public Certificates Certificates { get; } = new();

    public SoftwareSigner AuthorityKey { get; } = SoftwareSigner.Create();

    public EnrolmentGrant Enrolment { get; }

    public ClientBundle Bundle { get; }

    public string Folder => _folder.Path;

    public string JournalPath => _folder.File("journal.db");

    /// <summary>Options of a gateway that records and does not send.</summary>
    public GatewayOptions Options => new() { JournalPath = JournalPath, Bundle = Bundle, EveryRegisterIsNew = true };

    public Task<InvoicingGateway> OpenAsync() => InvoicingGateway.OpenAsync(Options).Soon();

    public static SaleKey Key(ulong sequence, string register = "SIM-0001", ulong epoch = Epoch) => new(new(register), epoch, sequence);

    /// <summary>A sale of two cups of coffee and a cake.</summary>
    public static Sale Sale(ulong sequence, string register = "SIM-0001", ulong epoch = Epoch, long cake = 35_000) => new()
    {
        Key = Key(sequence, register, epoch),
        ReceiptNumber = $"R{sequence}",
        Lines =
        [
            new() { Name = "Cà phê sữa đá", Unit = "ly", Quantity = 2, UnitPrice = 29_000, Rate = TaxRate.Eight, Amount = new(58_000) },
            new() { Name = "Bánh mì", Unit = "cái", Quantity = 1, UnitPrice = cake, Rate = TaxRate.Eight, Amount = new(cake) },
        ],
        Payments = [new(PaymentMeans.Cash, new(58_000 + cake))],
        Total = new(58_000 + cake),
    };

    /// <summary>The same as a driver delivers it.</summary>
    public static RegisterRecord Record(
        ulong sequence, string register = "SIM-0001", ulong epoch = Epoch, long cake = 35_000, PrintedInvoice? recovered = null)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes($"{register}/{epoch}/{sequence}/{cake}");
        return new()
        {
            Key = Key(sequence, register, epoch),
            Kind = RecordKind.Sale,
            Hash = Sha256Hash.Of(bytes),
            Bytes = bytes,
            Sale = Sale(sequence, register, epoch, cake),
            Recovered = recovered,
            IsRecovered = recovered is not null,
        };
    }

    public void Dispose()
    {
        Certificates.Dispose();
        AuthorityKey.Dispose();
        _folder.Dispose();
    }
}
