namespace Invoicing.Authority.Ledger.Sqlite;

/// <summary>Names a line of values that are claimed one by one.</summary>
/// <param name="Kind">What the values are.</param>
/// <param name="Name">Register, block or series.</param>
/// <param name="Seller">Tax code; empty for codes, which are unique under their block.</param>
/// <param name="Epoch">Of a register's journal; else 0.</param>
/// <param name="First">First value of the line.</param>
internal readonly record struct LineKey(LineKind Kind, string Name, string Seller, ulong Epoch, long First);
