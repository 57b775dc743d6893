namespace Invoicing.Sales;

/// <summary>Kinds of record in a register's journal. The numbers are those of TLK/1, REC, and never change.</summary>
public enum RecordKind
{
    /// <summary>A whole receipt.</summary>
    Sale = 1,

    /// <summary>A receipt voided after it was closed.</summary>
    Void = 2,

    /// <summary>Goods taken back.</summary>
    Refund = 3,

    /// <summary>End of day or shift with its totals (Z).</summary>
    DayClose = 4,

    /// <summary>Power was lost with a receipt open.</summary>
    PowerLoss = 5,

    /// <summary>The register's clock was set.</summary>
    ClockChange = 6,

    /// <summary>The price list changed.</summary>
    PriceListChange = 7,

    /// <summary>Training, or drawer opened without a sale.</summary>
    NoSale = 8,
}
