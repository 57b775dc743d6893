using FirmwareSim.Failures;
using FirmwareSim.Lines;

namespace FirmwareSim.Tills;

/// <summary>How a simple register runs.</summary>
internal sealed record TillRunOptions
{
    /// <summary>Makes the line; called again after the line was pulled.</summary>
    public required Func<ILine> Line { get; init; }

    /// <summary>What it rings up.</summary>
    public required TillOptions Till { get; init; }

    /// <summary>The book's file.</summary>
    public required string BookPath { get; init; }

    /// <summary>Makes the side that faces the line.</summary>
    public required Func<Till, IRegisterFront> Front { get; init; }

    /// <summary>Sales that shall be in the book in the end, all starts together.</summary>
    public required long Sales { get; init; }

    public required FaultPlan Faults { get; init; }

    /// <summary>Pause between two documents; zero is flat out.</summary>
    public TimeSpan Pace { get; init; }

    /// <summary>How long a document is open.</summary>
    public TimeSpan SaleTime { get; init; }

    /// <summary>Bits a second of the wire; null: as fast as it goes.</summary>
    public int? Speed { get; init; }

    /// <summary>Sell only while somebody hears it: what a register says to nobody is lost.</summary>
    public bool WaitsToBeHeard { get; init; }

    /// <summary>Stay on the line when all is sold and handed over.</summary>
    public bool Linger { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
