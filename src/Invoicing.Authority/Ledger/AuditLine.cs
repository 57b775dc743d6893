namespace Invoicing.Authority.Ledger;

/// <summary>A line of claims as stored.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Kind">1 register's records, 2 codes, 3 numbers.</param>
/// <param name="Name">Register, block or series.</param>
/// <param name="Seller">Tax code; empty for codes.</param>
/// <param name="Epoch">Of a register's journal.</param>
/// <param name="First">First value.</param>
/// <param name="Last">Last value.</param>
/// <param name="Next">Behind the highest value claimed.</param>
/// <param name="Gaps">Values below it that nobody claimed, as ranges in order.</param>
internal sealed record AuditLine(
    long Id, int Kind, string Name, string Seller, ulong Epoch, long First, long Last, long Next, IReadOnlyList<(long First, long Last)> Gaps);
