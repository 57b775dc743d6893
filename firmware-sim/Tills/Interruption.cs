namespace FirmwareSim.Tills;

/// <summary>What came of a power failure in the middle of a receipt.</summary>
internal enum Interruption
{
    None,

    /// <summary>The receipt went on where it was.</summary>
    Continued,

    /// <summary>It was voided when the power was back.</summary>
    Voided,

    /// <summary>It stayed open for ever; the next one simply began.</summary>
    NeverEnded,
}
