using Invoicing.Amounts;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Signing;

namespace Invoicing.Authority.Tests.Hosting;

/// <summary>A device's chain in memory: signs what it is asked to, whether that is right or not.</summary>
internal sealed class SampleChain : IDisposable
{
    private static readonly string[] Goods = ["Cà phê sữa đá", "Bánh mì thịt", "Nước suối 500 ml", "Trà đào cam sả", "Phở bò tái chín"];

    private ChainHead _head;

    public SampleChain(
        EnrolmentGrant grant, string register = "SIM-0001", ulong epoch = 0x1122334455667788, int lines = 5, SoftwareSigner? signer = null)
    {
        Signer = signer ?? SoftwareSigner.Create();
        Grant = grant;
        Register = new(register);
        Epoch = epoch;
        Lines = lines;
        Id = ChainId.Create();
        _head = ChainAppend.Start(Id, grant.Hash);
        NextDigits = grant.Codes[0].First;
        NextNumber = grant.Numbers[0].First;
    }

    public EnrolmentGrant Grant { get; }

    /// <summary>Names the run of the device's program.</summary>
    public byte[] Instance { get; set; } = System.Security.Cryptography.RandomNumberGenerator.GetBytes(PossessionProof.InstanceLength);

    public ChainId Id { get; }

    public RegisterId Register { get; }

    public ulong Epoch { get; set; }

    public int Lines { get; }

    public SoftwareSigner Signer { get; private set; }

    public ulong NextSequence { get; set; } = 1;

    public long NextDigits { get; set; }

    public int NextNumber { get; set; }

    public ChainHead Head => _head;

    public List<SignedEntry> Entries { get; } = [];

    public SignedEntry Open() => Add(EntryContents.Opening(Signer, "sample 1.0"));

    /// <summary>The opening and then invoices.</summary>
    public SampleChain With(int invoices)
    {
        Open();
        for (int i = 0; i < invoices; i++)
        {
            Sell();
        }

        return this;
    }

    /// <summary>The next invoice, with what is asked for changed.</summary>
    public SignedEntry Sell(Func<Invoice, Invoice>? change = null, IReadOnlyList<AttachmentReference>? attachments = null)
    {
        Invoice invoice = NextInvoice();
        invoice = change?.Invoke(invoice) ?? invoice;
        return Add(InvoiceContents.From(invoice, Sha256Hash.Of(BitConverter.GetBytes(invoice.Sale.Key.Sequence)), attachments ?? []));
    }

    /// <summary>An opening where there is none, and invoices, without signatures: for ledgers that are filled without intake.</summary>
    public void AppendUnsigned(int entries)
    {
        for (int i = 0; i < entries; i++)
        {
            Invoice? invoice = _head.Position == 0 ? null : NextInvoice();
            EntryContent content = invoice is null
                ? EntryContents.Opening(Signer, "sample 1.0")
                : InvoiceContents.From(invoice, Sha256Hash.Of(BitConverter.GetBytes(invoice.Sale.Key.Sequence)), []);
            UnsignedEntry entry = ChainAppend.Next(ref _head, content, 1_782_900_000_000 + _head.Position, Signer.KeyId, anchor: null);
            Entries.Add(new(entry.Position, entry.Kind, entry.Body, entry.Hash, default));
        }
    }

    public SignedEntry Add(EntryContent content)
    {
        SignedEntry entry = ChainAppend.NextSigned(ref _head, content, 1_782_900_000_000 + _head.Position, Signer, anchor: null);
        Entries.Add(entry);
        return entry;
    }

    /// <summary>A key change in the chain; what follows is signed by the new key.</summary>
    public SignedEntry ChangeKey(bool withProof = true)
    {
        var next = SoftwareSigner.Create();
        ChainHead proven = withProof ? _head : new(_head.Chain, _head.Position + 5, _head.Hash, 0);
        SignedEntry entry = Add(EntryContents.KeyChange(next, proven));
        Signer = next;
        return entry;
    }

    /// <summary>Goes back, as a restored backup does.</summary>
    public void Rewind(int entries)
    {
        Entries.RemoveRange(Entries.Count - entries, entries);
        SignedEntry last = Entries[^1];
        _head = new(Id, last.Position, last.Hash, 0);
    }

    public void Dispose() => Signer.Dispose();

    public Invoice NextInvoice()
    {
        long unit = 25_000;
        List<SaleLine> lines = [];
        for (int i = 0; i < Lines; i++)
        {
            lines.Add(new()
            {
                Name = Goods[i % Goods.Length],
                Unit = "ly",
                Quantity = 1 + i,
                UnitPrice = unit,
                Rate = TaxRate.Eight,
                Amount = new(unit * (1 + i)),
            });
        }

        long total = unit * Lines * (Lines + 1) / 2;
        long net = (long)Math.Round(total / 1.08m, MidpointRounding.AwayFromZero);
        return new()
        {
            Sale = new()
            {
                Key = new(Register, Epoch, NextSequence++),
                ClosedAt = new DateTimeOffset(2026, 7, 1, 8, 0, 0, TimeSpan.FromHours(7)),
                Lines = [.. lines],
                Payments = [new(PaymentMeans.Cash, new(total))],
                Total = new(total),
            },
            SellerTaxCode = Grant.Seller.TaxCode,
            Kind = InvoiceKind.Vat,
            Code = new(InvoiceKind.Vat, 26, Grant.Codes[0].Block, NextDigits++),
            Series = Grant.Numbers[0].Series,
            Number = NextNumber++,
            IssuedOn = new(2026, 7, 1),
            DateSource = DateSource.Register,
            Taxes = new([new(TaxRate.Eight, new(net), new(total - net))]),
        };
    }
}
