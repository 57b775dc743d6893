namespace Invoicing.Vietnam;

/// <summary>What a table of rates says of a rate on a day.</summary>
public enum TaxRateStanding
{
    /// <summary>In force.</summary>
    InForce,

    /// <summary>Its end is said to have passed, but was never verified: sales go on, and people are told.</summary>
    Doubtful,

    /// <summary>Not in force: a line at this rate is at fault (VN-RATE-4).</summary>
    NotInForce,
}
