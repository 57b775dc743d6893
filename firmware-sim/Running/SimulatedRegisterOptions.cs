using System.Collections.Immutable;
using FirmwareSim.Journal;
using FirmwareSim.Lines;

namespace FirmwareSim.Running;

/// <summary>What a simulated register is and does.</summary>
internal sealed record SimulatedRegisterOptions
{
    public required string Serial { get; init; }

    /// <summary>The journal file; a lock file lies beside it.</summary>
    public required string JournalPath { get; init; }

    /// <summary>Makes the line; called once, when the register is made.</summary>
    public required Func<ILine> Line { get; init; }

    /// <summary>Sales that shall be in the journal in the end, all starts together.</summary>
    public required long Sales { get; init; }

    /// <summary>Baskets are a function of seed and sequence.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>What is rung up beside plain goods.</summary>
    public Baskets.BasketExtras Extras { get; init; }

    /// <summary>What is rung up, one after the other, instead of baskets; empty: baskets.</summary>
    public ImmutableArray<Scenarios.ScenarioSale> Scenarios { get; init; } = [];

    /// <summary>Pause between two sales; zero is flat out.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.Zero;

    /// <summary>Most sales that may wait for their result before the next is rung up; null: no limit, as in a real shop.</summary>
    public int? Ahead { get; init; }

    /// <summary>Bits a second of the wire; null: as fast as it goes.</summary>
    public int? Speed { get; init; }

    /// <summary>Stay on the line when all is sold and answered.</summary>
    public bool Linger { get; init; }

    /// <summary>Largest frame body taken, 512..4,096.</summary>
    public ushort MaxBody { get; init; } = Bytes.Frame.DefaultMaxBody;

    public JournalLimits Limits { get; init; } = new();

    public Disturbance Disturbance { get; init; } = new();

    /// <summary>Takes leases, and prints from them when it has been without a gateway for so long; null: takes none.</summary>
    public TimeSpan? LeasesAfter { get; init; }

    /// <summary>The 32 bytes that pairing put into both sides; null: nothing is sealed.</summary>
    public byte[]? PairingKey { get; init; }

    /// <summary>How far its clock is ahead until TIME sets it.</summary>
    public TimeSpan ClockAhead { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
