namespace Invoicing.Registers.EscPos.Tap;

/// <summary>How a print job ended.</summary>
internal enum JobEnd
{
    /// <summary>The paper was cut.</summary>
    Cut,

    /// <summary>A page was printed in page mode.</summary>
    Page,

    /// <summary>The drawer was opened, where the printer has no cutter.</summary>
    Pulse,

    /// <summary>Nothing came for a while, where jobs end without a mark.</summary>
    Idle,

    /// <summary>It did not: the line went, or fell silent in the middle of it.</summary>
    Torn,
}
