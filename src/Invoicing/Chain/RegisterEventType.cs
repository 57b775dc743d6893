namespace Invoicing.Chain;

/// <summary>Events of a register's line. The numbers are those of <c>entry.proto</c>, RegisterEventKind.</summary>
public enum RegisterEventType
{
    /// <summary>A receipt was voided after it was closed.</summary>
    Void = 1,

    /// <summary>Goods were taken back.</summary>
    Refund = 2,

    /// <summary>Power was lost with a receipt open.</summary>
    PowerLoss = 3,

    /// <summary>The register's clock was set.</summary>
    ClockChange = 4,

    /// <summary>The price list changed.</summary>
    PriceListChange = 5,

    /// <summary>Training, or drawer opened without a sale.</summary>
    NoSale = 6,

    /// <summary>Sequences that neither register nor device holds.</summary>
    Gap = 7,

    /// <summary>The register's journal was created or wiped.</summary>
    NewEpoch = 8,

    /// <summary>The register's newest record is older than what is durable here.</summary>
    Behind = 9,

    /// <summary>An end of day that was kept as it came.</summary>
    DayClose = 10,
}
