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
                Counters = now.Counters.ToImmutableDictionary(c => c.Key.ToString(), c => c.Value, StringComparer.Ordinal),
            };
        }
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
