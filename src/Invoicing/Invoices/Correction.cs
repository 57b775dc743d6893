namespace Invoicing.Invoices;

/// <summary>An earlier invoice put right.</summary>
/// <remarks>Immutable. Source: Circular 91/2026/TT-BTC, Art. 10.</remarks>
public sealed record Correction
{
    /// <summary>How.</summary>
    public required CorrectionType Type { get; init; }

    /// <summary>Which invoice.</summary>
    public required CorrectedInvoice Corrected { get; init; }

    /// <summary>Why, at most 255 characters.</summary>
    public required string Reason { get; init; }

    /// <summary>
    /// The new invoice: whole in a replacement, the differences in an adjustment (decreases negative); <see langword="null"/> in a notice.
    /// </summary>
    public Invoice? Invoice { get; init; }
}
