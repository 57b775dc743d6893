namespace Invoicing.Gateway.Recording;

/// <summary>Whether sales are recorded.</summary>
public enum RecordingState
{
    /// <summary>They are.</summary>
    On,

    /// <summary>Not at the moment; it ends by itself (clock, key) or with a grant (ranges). Registers are told to wait.</summary>
    Waiting,

    /// <summary>Not until a person has acted.</summary>
    Stopped,
}
