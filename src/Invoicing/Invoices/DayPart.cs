namespace Invoicing.Invoices;

/// <summary>What became of a register's records of a day. The numbers stand in signed bytes and never change.</summary>
public enum DayPart
{
    /// <summary>Sales that became invoices.</summary>
    Invoice = 1,

    /// <summary>Replacements of earlier invoices.</summary>
    Replacement = 2,

    /// <summary>Adjustments: goods taken back, with a negative total.</summary>
    Adjustment = 3,

    /// <summary>Sales that could not be made an invoice.</summary>
    Held = 4,

    /// <summary>Records without amounts: training, drawer openings, power losses.</summary>
    Other = 5,
}
