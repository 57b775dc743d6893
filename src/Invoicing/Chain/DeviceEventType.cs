namespace Invoicing.Chain;

/// <summary>What a device saw of itself. The numbers are those of <c>entry.proto</c>, DeviceEventKind.</summary>
public enum DeviceEventType
{
    /// <summary>The service started.</summary>
    Started = 1,

    /// <summary>The service stopped in order.</summary>
    Stopped = 2,

    /// <summary>The device's clock was stepped.</summary>
    ClockStep = 3,

    /// <summary>An operator's statement.</summary>
    Operator = 4,
}
