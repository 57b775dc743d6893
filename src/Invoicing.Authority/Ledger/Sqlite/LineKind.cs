namespace Invoicing.Authority.Ledger.Sqlite;

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
