using System.Collections.Immutable;
using Invoicing.Amounts;
using Invoicing.Sales;

namespace Invoicing.Registers.Datecs.Layouts;

/// <summary>What a layout found in a document's lines. Nothing is judged here but numbers that are none.</summary>
internal sealed record PrintedDocument
{
    /// <summary>What it says that it is.</summary>
    public PrintedKind Kind { get; init; }

    /// <summary>Its number, if it prints one.</summary>
    public ulong? Number { get; init; }

    /// <summary>When it was closed.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The cashier.</summary>
    public string? Cashier { get; init; }

    /// <summary>Number of the document that is taken back.</summary>
    public ulong? Reversed { get; init; }

    /// <summary>The goods.</summary>
    public ImmutableArray<PrintedLine> Lines { get; init; } = [];

    /// <summary>Discounts on the whole receipt.</summary>
    public Money Discount { get; init; }

    /// <summary>The total.</summary>
    public Money? Total { get; init; }

    /// <summary>Payments with change taken off the cash; empty if they do not come to the total.</summary>
    public ImmutableArray<Payment> Payments { get; init; } = [];

    /// <summary>Of a day close: receipts.</summary>
    public long? DayCount { get; init; }

    /// <summary>Of a day close: turnover.</summary>
    public Money? DayTotal { get; init; }

    /// <summary>What cannot be read as a sale: what was expected and what was found; <see langword="null"/> if nothing.</summary>
    public string? Fault { get; init; }
}
