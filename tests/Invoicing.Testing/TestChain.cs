using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Signing;
using Invoicing.Vietnam;

namespace Invoicing.Testing;

/// <summary>A device in memory: an enrolment, a key and a chain that grows by what a test asks for.</summary>
public sealed class TestChain : IDisposable
{
    private ChainHead _head;
    private RangeAllocation _ranges;
    private long _now;

    public TestChain(
        string device = "shop-1", string taxCode = "0107001729", string block = "A1B2C", long firstCode = 1, string series = "C26MAA",
        IReadOnlyList<ReadOnlyMemory<byte>>? anchors = null, Sha256Hash certificateHash = default, EnrolmentGrant? enrolment = null)
    {
        Signer = SoftwareSigner.Create();
        Enrolment = enrolment ?? EnrolmentGrant.Create(
            device,
            new(TaxCode.Parse(taxCode), "Cửa hàng Bình Minh", "12 phố Huế, Hà Nội"),
            InvoiceKind.Vat,
            certificateHash,
            [new(block, firstCode, firstCode + 999_999)],
            [new(InvoiceSeries.Parse(series), 1, 1_000_000)],
            anchors ?? [Signer.PublicKey],
            enrolledAt: 1_780_000_000_000);
        _head = ChainAppend.Start(ChainId.Create(), Enrolment.Hash);
        _ranges = RangeAllocation.Restore([], []);
        foreach (CodeRange range in Enrolment.Codes)
        {
            _ranges = _ranges.Grant(range);
        }

        foreach (NumberRange range in Enrolment.Numbers)
        {
            _ranges = _ranges.Grant(range);
        }

        _now = new DateTimeOffset(2026, 7, 1, 8, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        Entries.Add(Append(EntryContents.Opening(Signer, "test/1.0")));
    }

    public EnrolmentGrant Enrolment { get; }

    public ChainId Id => _head.Chain;

    public ChainHead Head => _head;

    public SoftwareSigner Signer { get; private set; }

    /// <summary>All entries so far, the opening first.</summary>
    public List<SignedEntry> Entries { get; } = [];

    public ChainState Start => ChainState.Start(Id, Enrolment.Hash);

    public static IReadOnlyList<ReceivedEntry> Received(IEnumerable<SignedEntry> entries) =>
        [.. entries.Select(entry => new ReceivedEntry(entry.Body, entry.Signature))];

    public SignedEntry AddInvoice(string register = "SIM-0001", ulong epoch = 7, ulong? sequence = null)
    {
        Sale sale = TestSales.Make(register, epoch, sequence ?? (ulong)Entries.Count);
        return AddInvoice(sale);
    }

    public SignedEntry AddInvoice(Sale sale)
    {
        var drafted = (DraftResult.Drafted)InvoiceDrafting.Draft(
            sale, Enrolment.Seller, Enrolment.Kind, DateTimeOffset.FromUnixTimeMilliseconds(_now));
        var taken = (RangeDraw.Taken)_ranges.Take(Enrolment.Kind, drafted.Draft.IssuedOn);
        _ranges = taken.Rest;
        return Add(InvoiceContents.From(drafted.Draft.Number(taken.Identity), Sha256Hash.Of("record"u8), []));
    }

    public SignedEntry Add(EntryContent content)
    {
        SignedEntry entry = Append(content);
        Entries.Add(entry);
        return entry;
    }

    /// <summary>Changes the key; what follows is signed by the new one.</summary>
    public SignedEntry ChangeKey()
    {
        var next = SoftwareSigner.Create();
        SignedEntry entry = Add(EntryContents.KeyChange(next, _head));
        Signer = next;
        return entry;
    }

    public void Dispose() => Signer.Dispose();

    private SignedEntry Append(EntryContent content) => ChainAppend.NextSigned(ref _head, content, _now++, Signer, anchor: null);
}
