namespace Invoicing.Registers.EscPos.Tap;

/// <summary>How a tap stands between a till and its printer.</summary>
public enum TapMode
{
    /// <summary>Bytes pass unchanged and without waiting; what is captured is written beside, so one job can be lost if power fails.</summary>
    Observe,

    /// <summary>Each job is held to its end, kept, issued, and then printed with its code.</summary>
    Gate,

    /// <summary>There is no printer: the tap answers in its place.</summary>
    Virtual,
}
