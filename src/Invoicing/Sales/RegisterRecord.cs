using Invoicing.Hashing;

namespace Invoicing.Sales;

/// <summary>One record of a register's journal, checked for form by its driver and not yet judged.</summary>
public sealed record RegisterRecord
{
    /// <summary>Register, epoch, sequence.</summary>
    public required SaleKey Key { get; init; }

    /// <summary>What it records.</summary>
    public required RecordKind Kind { get; init; }

    /// <summary>SHA-256 of <see cref="Bytes"/>.</summary>
    public required Sha256Hash Hash { get; init; }

    /// <summary>The record as the register wrote it, for the attachment of what cannot become an invoice. At most 64 KiB.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>
    /// The sale, where <see cref="Kind"/> is <see cref="RecordKind.Sale"/> and the driver could read it; in a <see cref="RecordKind.Refund"/> the
    /// goods that come back, with positive amounts.
    /// </summary>
    public Sale? Sale { get; init; }

    /// <summary>The sale that a <see cref="RecordKind.Void"/> or <see cref="RecordKind.Refund"/> takes back; <see langword="null"/> if it names none.</summary>
    public SaleKey? Reference { get; init; }

    /// <summary>The register's own totals in a <see cref="RecordKind.DayClose"/>, where the driver could read them.</summary>
    public StatedTotals? Stated { get; init; }

    /// <summary>When it happened, by the register's clock; <see langword="null"/> where the register has none. Of a sale it stands in the sale.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Why, in the register's words; may be empty.</summary>
    public string Remark { get; init; } = string.Empty;

    /// <summary>Why a record of kind sale or refund carries no <see cref="Sale"/>: what was expected and what was found.</summary>
    public string? Unreadable { get; init; }

    /// <summary>What a gateway before this one answered, if the register kept it: the code and number that its customer holds.</summary>
    public PrintedInvoice? Recovered { get; init; }

    /// <summary>Code and number that the register printed from its lease; <see langword="null"/> if the gateway gives them.</summary>
    public LeasedInvoice? Leased { get; init; }

    /// <summary>Whether the record was fetched again after the register had been told that it is durable (TLK/1 rule 10).</summary>
    public bool IsRecovered { get; init; }
}
