namespace Invoicing.Gateway.Uplink;

/// <summary>Whether entries are sent to the authority.</summary>
public enum SendingState
{
    /// <summary>No authority is configured.</summary>
    Off,

    /// <summary>A stream is being opened.</summary>
    Connecting,

    /// <summary>Entries go out as they are recorded.</summary>
    Streaming,

    /// <summary>The authority could not be reached, or is busy; tried again by itself.</summary>
    BackingOff,

    /// <summary>Not until a person has acted. Recording may go on.</summary>
    Halted,
}
