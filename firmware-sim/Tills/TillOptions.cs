namespace FirmwareSim.Tills;

/// <summary>What a simple register is and what it rings up.</summary>
internal sealed record TillOptions
{
    /// <summary>What it says of itself.</summary>
    public required string Serial { get; init; }

    /// <summary>Baskets are a function of seed and number of the sale.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Receipts of a hundred that are followed by a voided one or a refund; 0: sales only.</summary>
    public int SpecialPercent { get; init; }

    /// <summary>Documents after which the day is closed; 0: never by itself.</summary>
    public int DayCloseEvery { get; init; }

    /// <summary>The highest receipt number; the next is 1.</summary>
    public long LastNumber { get; init; } = 9_999_999;

    /// <summary>Rows that its table of articles has at least; 0: those of the price list.</summary>
    public int PluRows { get; init; }

    /// <summary>Where the clock comes from.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
