using System.Collections.Immutable;
using Invoicing.Registers.Drivers;

namespace Invoicing.Registers.Tlk;

/// <summary>The driver as one of many: what every line shows, whatever its protocol.</summary>
public sealed partial class TlkDriver
{
    private const DriverCapabilities Can =
        DriverCapabilities.CanRewind | DriverCapabilities.CanAcknowledge | DriverCapabilities.CanBeToldBusy | DriverCapabilities.HasNames;

    /// <inheritdoc/>
    DriverStatus IRegisterDriver.Status
    {
        get
        {
            TlkStatus now = Status;
            return new(now.Line, "tlk", PhaseOf(now.Phase), Can)
            {
                Register = now.Register,
                Durable = now.Durable,
                Waiting = now.Waiting,
                JournalUsed = now.Report?.JournalUsedPercent,
                Trouble = TroubleOf(now),
                Notes = NotesOf(now),
                Counters = now.Counters.ToImmutableDictionary(c => c.Key.ToString(), c => c.Value, StringComparer.Ordinal),
            };
        }
    }

    private static string? TroubleOf(TlkStatus now)
    {
        string register = now.Register?.Value ?? now.Line;
        return now.Report switch
        {
            null => null,
            { Faults: var faults } when faults.HasFlag(TlkFaults.JournalFull) => $"{register}: its journal is full and it refuses sales; see why records are not answered",
            { Paper: TlkPaper.Out } => $"{register} has no paper; put a new roll in",
            { Faults: var faults } when (faults & ~TlkFaults.Stopped) != TlkFaults.None => $"{register} reports a fault: {faults & ~TlkFaults.Stopped}; look at the register",
            _ => null,
        };
    }

    private static ImmutableArray<string> NotesOf(TlkStatus now)
    {
        ImmutableArray<string>.Builder notes = ImmutableArray.CreateBuilder<string>();
        if (now.Report?.Paper == TlkPaper.Low)
        {
            notes.Add("its paper is low");
        }

        if (now.IsSealed)
        {
            notes.Add("the line is sealed");
        }

        if (now.Lease > 0)
        {
            notes.Add("it holds a lease: it prints codes while the line is down");
        }

        return notes.ToImmutable();
    }

    private static DriverPhase PhaseOf(TlkPhase phase) => phase switch
    {
        TlkPhase.Down => DriverPhase.Down,
        TlkPhase.None => DriverPhase.None,
        TlkPhase.Opening => DriverPhase.Opening,
        TlkPhase.Open => DriverPhase.Open,
        TlkPhase.Stopped => DriverPhase.Stopped,
        _ => throw new InvalidOperationException($"expected a phase, found {phase}"),
    };
}
