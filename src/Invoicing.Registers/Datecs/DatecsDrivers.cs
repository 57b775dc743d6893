using Invoicing.Registers.Datecs.Pull;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Lines;
using Invoicing.Sales;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.Datecs;

/// <summary>Makes drivers for registers of the Datecs family. What they do on the wire stands in README.md beside this file.</summary>
public static class DatecsDrivers
{
    /// <summary>Makes a driver; nothing is opened before it runs.</summary>
    /// <param name="line">The line, owned by the caller. A register that pushes is a TCP server, so its line is a TCP client's.</param>
    /// <param name="recorder">Where records go.</param>
    /// <param name="options">Settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where the line's life is told.</param>
    /// <exception cref="ArgumentException">The options have a fault, or the line does not pass every byte.</exception>
    public static IRegisterDriver Create(ILine line, ISaleRecorder recorder, DatecsOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(recorder);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        if (options.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(options));
        }

        IRegisterProtocol protocol = options.IsPush
            ? new Push.DatecsPushProtocol(options, line.Name, time)
            : new DatecsPullProtocol(options, line.Name, recorder, time);
        JournalDriverOptions journal = new() { Register = options.Register, FromBeginning = options.FromBeginning };
        return new JournalDriver(line, protocol, recorder, journal, time, loggers.CreateLogger<JournalDriver>());
    }
}
