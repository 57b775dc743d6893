using Invoicing.Amounts;
using Invoicing.Catalogues;
using Invoicing.Chain;
using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Gateway.Recording;

/// <summary>What a record is to become, judged before its turn. A closed family.</summary>
internal abstract record IntendedEntry
{
    private IntendedEntry()
    {
    }

    /// <summary>An invoice.</summary>
    /// <param name="Draft">All of it but its identity.</param>
    /// <param name="Content">Its content, serialised but for the identity.</param>
    /// <param name="Rung">The sale before the catalogue completed it, for drafting it again.</param>
    /// <param name="Catalogue">The catalogue that was in force when it was drafted.</param>
    public sealed record Invoice(InvoiceDraft Draft, UnnumberedInvoice Content, Sale Rung, ShopCatalogue? Catalogue) : IntendedEntry;

    /// <summary>A hole: a sale that breaks a rule.</summary>
    public sealed record Hole(string Rule, string Text, Money? Total) : IntendedEntry;

    /// <summary>Goods taken back: an adjustment of the invoice that sold them, if that can be made.</summary>
    /// <param name="Type">What the register reports.</param>
    /// <param name="Reference">The sale; <see langword="null"/> if the register names none.</param>
    /// <param name="Goods">What comes back, with positive amounts; <see langword="null"/>: everything.</param>
    /// <param name="Reason">Why, in the register's words.</param>
    /// <param name="Fault">Why it cannot be read; else <see langword="null"/>.</param>
    public sealed record Return(RegisterEventType Type, SaleKey? Reference, Sale? Goods, string Reason, string? Fault) : IntendedEntry;

    /// <summary>The end of a register's day.</summary>
    /// <param name="Date">Date of the close, in GMT+7.</param>
    /// <param name="Stated">What the register printed.</param>
    public sealed record Close(DateOnly Date, StatedTotals? Stated) : IntendedEntry;

    /// <summary>A record that is no sale.</summary>
    /// <param name="Type">What it reports.</param>
    /// <param name="HeldReason">Why it waits for a person; <see langword="null"/> if nothing is due.</param>
    public sealed record Event(RegisterEventType Type, string? HeldReason) : IntendedEntry;
}
