namespace FirmwareSim.Tills;

/// <summary>One row of the register's table of articles.</summary>
/// <param name="Number">At most 14 digits.</param>
/// <param name="Name">Unaccented.</param>
/// <param name="Department">From 1.</param>
/// <param name="Price">Whole đồng.</param>
internal sealed record PluRow(long Number, string Name, int Department, long Price);
