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

    /// <summary>A record that is no sale.</summary>
    /// <param name="Type">What it reports.</param>
    /// <param name="HeldReason">Why it waits for a person; <see langword="null"/> if nothing is due.</param>
    public sealed record Event(RegisterEventType Type, string? HeldReason) : IntendedEntry;
}
