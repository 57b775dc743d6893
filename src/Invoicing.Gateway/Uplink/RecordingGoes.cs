namespace Invoicing.Gateway.Uplink;

/// <summary>What a finding means for recording.</summary>
internal enum RecordingGoes
{
    /// <summary>On.</summary>
    On,

    /// <summary>Registers are told to wait; it ends by itself.</summary>
    Busy,

    /// <summary>Nothing is recorded until a person has acted.</summary>
    Stop,
}
