namespace Invoicing.Gateway.Uplink;

/// <summary>Where an uplink session is.</summary>
internal enum UplinkPhase
{
    /// <summary>No stream.</summary>
    Apart,

    /// <summary>The authority's challenge is awaited.</summary>
    Meeting,

    /// <summary>Hello is sent, welcome awaited.</summary>
    Greeting,

    /// <summary>Entries go out.</summary>
    Streaming,

    /// <summary>An entry's body is being signed again.</summary>
    Resigning,

    /// <summary>Until a person has acted.</summary>
    Halted,
}
