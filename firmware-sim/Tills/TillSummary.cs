namespace FirmwareSim.Tills;

/// <summary>What a simple register has done, all its starts together.</summary>
/// <param name="Serial">The register.</param>
/// <param name="Documents">All documents of the book.</param>
/// <param name="Sales">Of these, sales.</param>
/// <param name="Refunds">Refunds.</param>
/// <param name="Cancelled">Voided as a whole.</param>
/// <param name="Total">What sales and refunds come to, in whole đồng.</param>
/// <param name="IsAllGiven">Whether everything was handed over.</param>
/// <param name="Faults">How often each fault has struck, by name; this start only.</param>
internal sealed record TillSummary(
    string Serial, int Documents, int Sales, int Refunds, int Cancelled, long Total, bool IsAllGiven, IReadOnlyDictionary<string, int> Faults);
