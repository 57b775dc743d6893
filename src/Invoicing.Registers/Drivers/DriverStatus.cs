using System.Collections.Immutable;
using Invoicing.Sales;

namespace Invoicing.Registers.Drivers;

/// <summary>A register's line at one moment, for people. Immutable.</summary>
/// <param name="Line">The line's name.</param>
/// <param name="Protocol">The protocol's name in the configuration: <c>tlk</c>, <c>datecs</c>.</param>
/// <param name="Phase">Where it stands.</param>
/// <param name="Capabilities">What the protocol can do on this line.</param>
public sealed record DriverStatus(string Line, string Protocol, DriverPhase Phase, DriverCapabilities Capabilities)
{
    /// <summary>The register that identified itself, while it is there.</summary>
    public RegisterId? Register { get; init; }

    /// <summary>Everything of its epoch up to here is durable; 0 while unknown.</summary>
    public ulong Durable { get; init; }

    /// <summary>Records that came and are not answered yet.</summary>
    public int Waiting { get; init; }

    /// <summary>
    /// How full the register's own journal is, in percent, where it says so: the room that a register that keeps its sales has left;
    /// <see langword="null"/> if it does not say.
    /// </summary>
    public int? JournalUsed { get; init; }

    /// <summary>What is wrong and what to do, in one sentence; <see langword="null"/> if nothing is.</summary>
    public string? Trouble { get; init; }

    /// <summary>What is worth knowing and not wrong, one sentence each: how a tap works, what it may lose.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>What was counted on this line since the driver started, by name; those at 0 are absent.</summary>
    public ImmutableDictionary<string, long> Counters { get; init; } = ImmutableDictionary<string, long>.Empty;
}
