using System.Collections.Immutable;
using Invoicing.Amounts;
using Invoicing.Hashing;
using Invoicing.Sales;

namespace Invoicing.Registers.Datecs.Pull;

/// <summary>A document of a register's electronic journal, read and not judged.</summary>
/// <param name="Number">Its number, which is its sequence.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Bytes">The register's own words: the data of its replies, each ended by a line feed.</param>
internal sealed record JournalDocument(ulong Number, JournalKind Kind, byte[] Bytes)
{
    /// <summary>Of its bytes.</summary>
    public Sha256Hash Hash { get; } = Sha256Hash.Of(Bytes);

    /// <summary>Number, time, kind and day as the register heads it, where it does; else empty.</summary>
    public string Heading { get; init; } = string.Empty;

    /// <summary>When it was closed.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Number that the receipt bears.</summary>
    public string ReceiptNumber { get; init; } = string.Empty;

    /// <summary>The cashier.</summary>
    public string? Cashier { get; init; }

    /// <summary>The goods; in a reversal those that come back, with positive amounts.</summary>
    public ImmutableArray<SaleLine> Lines { get; init; } = [];

    /// <summary>Discount on the whole receipt.</summary>
    public Money Discount { get; init; }

    /// <summary>Payments, where they could be read.</summary>
    public ImmutableArray<Payment> Payments { get; init; } = [];

    /// <summary>The total, positive in a reversal.</summary>
    public Money Total { get; init; }

    /// <summary>The buyer's tax id, where the receipt bears one.</summary>
    public string BuyerTaxCode { get; init; } = string.Empty;

    /// <summary>Number of the document that is taken back.</summary>
    public ulong? Reversed { get; init; }

    /// <summary>A day close's own totals.</summary>
    public StatedTotals? Stated { get; init; }

    /// <summary>What it is, for people.</summary>
    public string Remark { get; init; } = string.Empty;

    /// <summary>What was expected and what was found, where it cannot be read as what it is; else <see langword="null"/>.</summary>
    public string? Fault { get; init; }

    /// <summary>Makes the record of it.</summary>
    public RegisterRecord ToRecord(SaleKey key)
    {
        RecordKind kind = Kind switch
        {
            JournalKind.Reversal => RecordKind.Refund,
            JournalKind.DayClose => RecordKind.DayClose,
            JournalKind.NoSale => RecordKind.NoSale,
            _ => RecordKind.Sale,
        };
        bool isSale = kind is RecordKind.Sale or RecordKind.Refund;
        return new()
        {
            Key = key,
            Kind = kind,
            Hash = Hash,
            Bytes = Bytes,
            Sale = isSale && Fault is null ? ToSale(key) : null,
            Unreadable = isSale ? Fault : null,
            Reference = kind == RecordKind.Refund && Reversed is { } number && number > 0 && number < key.Sequence ? key with { Sequence = number } : null,
            Stated = Stated,
            At = At,
            Remark = Remark,
        };
    }

    private Sale ToSale(SaleKey key) => new()
    {
        Key = key,
        RecordHash = Hash,
        ReceiptNumber = ReceiptNumber,
        ClosedAt = At,
        Clock = At is null ? ClockConfidence.Unknown : ClockConfidence.Set,
        Cashier = Cashier,
        Lines = Lines,
        ReceiptDiscount = Discount,
        Payments = Payments,
        Total = Total,
        Buyer = BuyerTaxCode.Length == 0 ? null : new() { TaxCode = BuyerTaxCode },
    };
}
