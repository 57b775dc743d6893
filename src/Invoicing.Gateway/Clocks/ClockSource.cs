namespace Invoicing.Gateway.Clocks;

/// <summary>Which clock counts.</summary>
internal enum ClockSource
{
    /// <summary>The system's.</summary>
    System,

    /// <summary>The authority's, as heard over verified TLS, and our steady clock since then: the system's is not plausible.</summary>
    Authority,
}
