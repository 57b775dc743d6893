using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Gateway;

/// <summary>What is to be put right, and how.</summary>
/// <remarks>Source: Circular 91/2026/TT-BTC, Art. 10; the rules stand on <see cref="Vietnam.CorrectionRules"/>.</remarks>
public sealed record CorrectionRequest
{
    /// <summary>How.</summary>
    public required CorrectionType Type { get; init; }

    /// <summary>Code of the invoice that is wrong.</summary>
    public required AuthorityCode Corrected { get; init; }

    /// <summary>Why, 1 to 255 characters.</summary>
    public required string Reason { get; init; }

    /// <summary>
    /// The invoice as its customer's copy names it, for one that this journal does not hold (another device issued it); else <see langword="null"/>.
    /// </summary>
    public CorrectedInvoice? Known { get; init; }

    /// <summary>
    /// Replacement: the right sale, whole. Adjustment: the goods that come back, with positive amounts; <see langword="null"/>: everything. In a
    /// replacement <see langword="null"/> means the same goods for the right <see cref="Buyer"/>. Its key is not used.
    /// </summary>
    public Sale? Sale { get; init; }

    /// <summary>The right buyer data: of a notice, or of a replacement; <see langword="null"/> keeps what the invoice states.</summary>
    public Buyer? Buyer { get; init; }
}
