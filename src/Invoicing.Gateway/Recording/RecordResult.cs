using Invoicing.Chain;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Gateway.Recording;

/// <summary>What became of a record; handed out only after the commit.</summary>
internal sealed class RecordResult
{
    private readonly RecordOutcome? _outcome;
    private readonly PendingEntry? _pending;
    private readonly SignedEntry? _entry;

    /// <summary>No invoice came of it.</summary>
    public RecordResult(RecordOutcome outcome) => _outcome = outcome;

    /// <summary>An invoice, whose entry is signed with its group.</summary>
    public RecordResult(Invoice invoice, PendingEntry pending)
    {
        Invoice = invoice;
        _pending = pending;
    }

    /// <summary>An invoice that was issued before.</summary>
    public RecordResult(Invoice invoice, SignedEntry entry)
    {
        Invoice = invoice;
        _entry = entry;
    }

    /// <summary>The invoice; <see langword="null"/> if none came of it.</summary>
    public Invoice? Invoice { get; }

    /// <summary>Its entry. Ask after the commit.</summary>
    public SignedEntry? Entry => _entry ?? _pending?.Signed;

    /// <summary>What the register is told.</summary>
    public RecordOutcome Outcome => _outcome ?? new RecordOutcome.Issued(Invoice!.Printed, Lookup);

    /// <summary>Text for the receipt's QR code.</summary>
    public string Lookup => LookupText.Of(Invoice!);
}
