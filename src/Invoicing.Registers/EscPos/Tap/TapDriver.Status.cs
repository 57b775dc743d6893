using System.Collections.Immutable;
using System.Globalization;
using Invoicing.Registers.Drivers;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>The tap as people see it.</summary>
internal sealed partial class TapDriver
{
    private int _waiting; // jobs that came and whose fate is open

    /// <inheritdoc/>
    public DriverStatus Status
    {
        get
        {
            CaptureProgress progress = _records?.Progress ?? new(DriverPhase.Opening, 0, null);
            return new(_till.Name, "escpos", Phase(progress), Capabilities)
            {
                Register = _options.Register,
                Durable = progress.Durable,
                Waiting = Volatile.Read(ref _waiting),
                Trouble = progress.Trouble ?? LineTrouble() ?? _records?.Alarm,
                Notes = Notes(),
                Counters = (_records?.Counters.Snapshot() ?? ImmutableDictionary<string, long>.Empty).SetItems(_counters.Snapshot()),
            };
        }
    }

    /// <summary>A till on TCP connects for each job, so its absence is no trouble.</summary>
    private bool ComesAndGoes => _till.ComesAndGoes;

    private DriverCapabilities Capabilities => DriverCapabilities.PushOnly | DriverCapabilities.HasNames
        | (_options is { Mode: TapMode.Gate, AtLimit: LimitChoice.Refuse } ? DriverCapabilities.CanBeToldBusy : DriverCapabilities.None);

    private DriverPhase Phase(CaptureProgress progress) =>
        progress.Phase == DriverPhase.Stopped || Volatile.Read(ref _tillConnection) is not null ? progress.Phase
        : ComesAndGoes ? DriverPhase.None
        : DriverPhase.Down;

    private string? LineTrouble() =>
        _records is null ? null
        : Volatile.Read(ref _tillConnection) is null && !ComesAndGoes
            ? $"expected a till on {_till.Name}, found no line; what it prints now reaches neither the printer nor this program: look at its cable"
        : _printer is { } printer && !_isPrinterUp && (!ComesAndGoes || _options.Mode == TapMode.Gate)
            ? $"expected a printer on {printer.Name}, found no line; nothing is printed until it is there: switch it on and look at its cable"
        : _isUnanswered
            ? $"expected the printer on {_printer?.Name} to say that it printed, found silence; put paper in and close its cover, or if it never answers, take out 'confirmsPaper'"
        : null;

    private ImmutableArray<string> Notes()
    {
        string limit = _options.TimeLimit.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        string how = (_options.Mode, _options.AtLimit) switch
        {
            (TapMode.Observe, _) => "it looks on and nothing waits for it: one job can be lost if power fails between paper and disk",
            (TapMode.Virtual, _) => "it stands in for a printer: nothing comes on paper",
            (_, LimitChoice.Refuse) => $"it holds a receipt for {limit} s at most; then a slip says so, and the receipt is printed when its invoice is there",
            _ => $"it holds a receipt for {limit} s at most; then it is printed with a line that says that it is not invoiced, and the invoice follows",
        };
        return _options.Template is null ? [how, "there is no template: prints are kept and nothing is invoiced; make one with 'template'"] : [how];
    }
}
