using Invoicing.Registers.Drivers;
using Invoicing.Registers.Eutron.Framing;
using Invoicing.Registers.Lines;
using Invoicing.Sales;

namespace Invoicing.Registers.Eutron;

/// <summary>The log pull of Eutron registers, on one line.</summary>
internal sealed class EutronProtocol(string line, EutronOptions options, ICaptureStore captures, TimeProvider time) : IRegisterProtocol
{
    /// <summary>Most registers of one line whose reading is held in memory: a shop has fewer spare ones. Beyond it all are read anew.</summary>
    private const int MaxReadings = 16;

    private readonly Dictionary<RegisterId, LogReading> _readings = [];

    /// <inheritdoc/>
    public string Name => "eutron";

    /// <inheritdoc/>
    public DriverCapabilities Capabilities => DriverCapabilities.CanRewind | DriverCapabilities.CanAcknowledge | DriverCapabilities.HasNames;

    /// <inheritdoc/>
    public bool NeedsTransparentLine => true;

    /// <inheritdoc/>
    public TimeSpan PollPause => options.PollPause;

    /// <inheritdoc/>
    public DriverCounters Counters { get; } = new();

    /// <summary>Name of the line, for sentences.</summary>
    public string Line => line;

    /// <summary>Settings.</summary>
    public EutronOptions Options => options;

    /// <summary>
    /// When a register without a configured name showed an empty log on this line, and none told who it is since: what that one rings up is no
    /// history. <see langword="null"/> if none did.
    /// </summary>
    public DateTimeOffset? EmptySince { get; set; }

    /// <summary>The register that told its number on this line last: one that has nothing to tell does not say who it is.</summary>
    public RegisterId? Last { get; set; }

    /// <summary>Clock and timers.</summary>
    public TimeProvider Time => time;

    /// <summary>How far a register's log is read.</summary>
    public LogReading ReadingOf(RegisterId register)
    {
        if (!_readings.TryGetValue(register, out LogReading? reading))
        {
            if (_readings.Count >= MaxReadings)
            {
                _readings.Clear();
            }

            _readings.Add(register, reading = new());
        }

        return reading;
    }

    /// <summary>Opens the register's book.</summary>
    public ValueTask<ICaptureBook> OpenBookAsync(RegisterId register, CancellationToken cancellationToken) =>
        captures.OpenAsync(register, cancellationToken);

    /// <inheritdoc/>
    public IRegisterConversation Begin(ILineConnection connection) => new EutronConversation(
        this,
        options.IsTcp
            ? new TcpLink(connection, options.ReplyLimit, time, Counters)
            : new SerialLink(connection, options.ReplyLimit, time, Counters));
}
