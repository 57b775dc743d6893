using Invoicing.Edge.Settings;
using Invoicing.Registers.Drivers;

namespace Invoicing.Edge.Hosting;

/// <summary>
/// Tells of a line that is open, and on which nobody speaks the till link: there the register speaks first, so its driver waits and knows nothing to complain of. Registers
/// that are asked have drivers that tell silence themselves; those that only talk may be silent for as long as they like.
/// </summary>
/// <param name="line">The line, as configured.</param>
/// <param name="protocol">What should be spoken on it.</param>
/// <param name="logger">Where it is told, once each time.</param>
internal sealed partial class SilenceWatch(LineAddress line, ProtocolSettings protocol, ILogger<SilenceWatch> logger)
{
    /// <summary>Silence after which it is told: a register says HELLO at least every 5 s until it is answered, and one that starts needs some 20 s.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ILogger _logger = logger;
    private DateTimeOffset? _since;
    private long _heard;
    private volatile string? _trouble;

    /// <summary>What is wrong and what to do, in one sentence; <see langword="null"/> if nothing is.</summary>
    public string? Trouble => _trouble;

    /// <summary>Looks at the line. One caller at a time.</summary>
    /// <param name="status">How it is.</param>
    /// <param name="isUnavailable">Whether it does not open, which is told already.</param>
    /// <param name="now">The time; a clock that steps tells a bit sooner or later.</param>
    public void Look(DriverStatus status, bool isUnavailable, DateTimeOffset now)
    {
        bool isAwaited = line is LineAddress.Listen && status.Phase == DriverPhase.Down;
        bool isSilent = protocol is ProtocolSettings.Tlk && !isUnavailable && status.Trouble is null && (status.Phase == DriverPhase.None || isAwaited);
        if (!isSilent)
        {
            (_since, _trouble) = (null, null);
            return;
        }

        long heard = status.Counters.Values.Sum();
        if (_since is not { } since)
        {
            (_since, _heard) = (now, heard);
            return;
        }

        if (_trouble is null && now - since >= Patience)
        {
            string trouble = Sentence(status.Line, isAwaited, heard > _heard);
            LogSilent(trouble);
            _trouble = trouble;
        }
    }

    private string Sentence(string name, bool isAwaited, bool isBabble)
    {
        string speed = line is LineAddress.Serial serial ? $" at {serial.Options.Speed} bits per second" : string.Empty;
        return isAwaited
            ? $"{name}: expected a register to call, found none for {Patience.TotalSeconds} s; look whether it is on, on the network, and calls this address"
            : isBabble
                ? $"{name}: expected a register that speaks TLK/1{speed}, found bytes that are none of it; look at its speed, its cable and 'protocol'"
                : $"{name}: expected a register that speaks TLK/1{speed}, found silence for {Patience.TotalSeconds} s; look whether it is on, at its cable and at its speed";
    }

    [LoggerMessage(2260, LogLevel.Warning, "{Trouble}")]
    private partial void LogSilent(string trouble);
}
