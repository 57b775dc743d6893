namespace Invoicing.Authority.Ledger;

/// <summary>Claims that were refused because an earlier entry holds them.</summary>
[Flags]
internal enum Clashes
{
    /// <summary>All claims were granted.</summary>
    None = 0,

    /// <summary>The register's record stands in an earlier entry.</summary>
    Record = 1,

    /// <summary>The code stands in an earlier entry.</summary>
    Code = 2,

    /// <summary>The number stands in an earlier entry.</summary>
    Number = 4,

    /// <summary>The hole was closed by an earlier entry.</summary>
    Hole = 8,

    /// <summary>The invoice was replaced by an earlier entry, or corrected in another way.</summary>
    Corrected = 16,
}
