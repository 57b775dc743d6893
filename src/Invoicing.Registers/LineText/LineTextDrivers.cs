using Invoicing.Registers.Drivers;
using Invoicing.Registers.Lines;
using Invoicing.Sales;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.LineText;

/// <summary>Makes drivers for lines that carry receipts as plain text.</summary>
public static class LineTextDrivers
{
    /// <summary>Makes a driver; nothing is opened before it runs.</summary>
    /// <param name="line">The line, owned by the caller.</param>
    /// <param name="options">Settings.</param>
    /// <param name="recorder">Where records go.</param>
    /// <param name="captures">Where receipts are kept, under the name <see cref="LineTextOptions.Register"/>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where the line's life is told.</param>
    /// <exception cref="ArgumentException">The options have a fault.</exception>
    /// <exception cref="Invoicing.Settings.SettingsException">A pattern of the template cannot be used.</exception>
    public static IRegisterDriver Create(
        ILine line, LineTextOptions options, ISaleRecorder recorder, ICaptureStore captures, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(recorder);
        ArgumentNullException.ThrowIfNull(captures);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        return new LineTextDriver(line, options, recorder, captures, time, loggers.CreateLogger<LineTextDriver>());
    }
}
