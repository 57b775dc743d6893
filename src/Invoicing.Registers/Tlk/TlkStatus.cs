using System.Collections.Immutable;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk;

/// <summary>A register's line at one moment, for people. Immutable.</summary>
/// <param name="Line">The line's name.</param>
/// <param name="Phase">Where it stands.</param>
/// <param name="Register">The register that said HELLO, while there is a session.</param>
/// <param name="Durable">Everything of its epoch up to here is durable; 0 without a session.</param>
/// <param name="Waiting">Records that came and are not answered yet.</param>
/// <param name="Counters">What was thrown away on this line since the driver started, by reason; those at 0 are absent.</param>
public sealed record TlkStatus(
    string Line, TlkPhase Phase, RegisterId? Register, ulong Durable, int Waiting, ImmutableDictionary<TlkCounter, long> Counters)
{
    /// <summary>What the register said last of itself in this session; <see langword="null"/> before it did.</summary>
    public TlkReport? Report { get; init; }

    /// <summary>Whether the session is sealed (TLK/1 §3.13).</summary>
    public bool IsSealed { get; init; }

    /// <summary>The lease that the register took last in this session, by its id; 0 if none.</summary>
    public ulong Lease { get; init; }
}
