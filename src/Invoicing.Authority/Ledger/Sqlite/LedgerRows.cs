namespace Invoicing.Authority.Ledger.Sqlite;

/// <summary>A chain as the writer remembers it.</summary>
/// <param name="Id">Its row id.</param>
/// <param name="Standing">Where it stands.</param>
internal readonly record struct ChainRow(long Id, ChainStanding Standing);

/// <summary>Names a line of values that are claimed one by one.</summary>
/// <param name="Kind">What the values are.</param>
/// <param name="Name">Register, block or series.</param>
/// <param name="Seller">Tax code; empty for codes, which are unique under their block.</param>
/// <param name="Epoch">Of a register's journal; else 0.</param>
/// <param name="First">First value of the line.</param>
internal readonly record struct LineKey(LineKind Kind, string Name, string Seller, ulong Epoch, long First);

/// <summary>A line as the writer remembers it.</summary>
/// <param name="Id">Its row id.</param>
/// <param name="Next">The value behind the highest one claimed.</param>
internal readonly record struct LineRow(long Id, long Next);

/// <summary>What the values of a line are. The numbers stand in the file.</summary>
internal enum LineKind
{
    /// <summary>Sequences of one epoch of a register's journal.</summary>
    Record = 1,

    /// <summary>Digits of codes in a granted range.</summary>
    Code = 2,

    /// <summary>Invoice numbers in a granted range.</summary>
    Number = 3,
}
