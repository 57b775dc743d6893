namespace Invoicing.Invoices;

/// <summary>How an invoice is put right. The numbers stand in signed bytes and never change. There is no cancellation.</summary>
/// <remarks>Source: Circular 91/2026/TT-BTC, Art. 10; official letter 348/CT-CS (an invoice is no longer cancelled).</remarks>
public enum CorrectionType
{
    /// <summary>A new, whole invoice in place of a wrong one (<i>thay thế</i>): the way for invoices of cash registers.</summary>
    Replacement = 1,

    /// <summary>An invoice of the differences (<i>điều chỉnh</i>): goods taken back.</summary>
    Adjustment = 2,

    /// <summary>Only the buyer's name or address was wrong: a notice (04/SS-HĐĐT), no new invoice.</summary>
    BuyerNotice = 3,
}
