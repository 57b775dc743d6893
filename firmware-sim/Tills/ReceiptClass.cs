namespace FirmwareSim.Tills;

/// <summary>What a document of a register is; only the first two are sales.</summary>
internal enum ReceiptClass
{
    /// <summary>Goods were sold.</summary>
    Sale,

    /// <summary>Goods came back: quantities and amounts are negative.</summary>
    Refund,

    /// <summary>Rung up and voided as a whole: nothing was sold.</summary>
    Cancelled,

    /// <summary>The day's close (Z).</summary>
    DayClose,

    /// <summary>A copy of an earlier receipt, printed again on request.</summary>
    Copy,

    /// <summary>What the kitchen shall cook.</summary>
    Kitchen,

    /// <summary>A bill for the table, before anybody paid.</summary>
    ProForma,
}
