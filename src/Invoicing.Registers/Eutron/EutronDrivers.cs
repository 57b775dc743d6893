using Invoicing.Registers.Drivers;
using Invoicing.Registers.Lines;
using Invoicing.Sales;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.Eutron;

/// <summary>Makes drivers for Eutron ER-220, ER-260 and their like. The protocol: <c>Eutron/README.md</c>.</summary>
public static class EutronDrivers
{
    /// <summary>Makes a driver; nothing is opened before it runs.</summary>
    /// <param name="line">Where the register is: serial, CDC-ACM, or TCP with <see cref="EutronOptions.IsTcp"/>.</param>
    /// <param name="options">Settings.</param>
    /// <param name="recorder">Where sales go.</param>
    /// <param name="captures">Where names of articles and the life of the register's counters are remembered.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="loggers">Where it logs to.</param>
    /// <exception cref="ArgumentException">An option does not fit, or the line does not pass every byte.</exception>
    public static IRegisterDriver Create(
        ILine line, EutronOptions options, ISaleRecorder recorder, ICaptureStore captures, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(recorder);
        ArgumentNullException.ThrowIfNull(captures);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        if (options.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(options));
        }

        JournalDriverOptions journal = new() { Register = options.Register, FromBeginning = options.FromBeginning };
        return new JournalDriver(
            line, new EutronProtocol(line.Name, options, captures, time), recorder, journal, time, loggers.CreateLogger<JournalDriver>());
    }

    /// <summary>What recordings of such a line are masked by: customers' cards and messages.</summary>
    /// <param name="key">See <see cref="RecordingMask"/>.</param>
    /// <param name="isTcp">Whether the line carries packets of the TCP dialect.</param>
    public static RecordingMask Mask(ReadOnlyMemory<byte> key, bool isTcp) => new EutronRecordingMask(key, isTcp);
}
