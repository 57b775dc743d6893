using Invoicing.Registers.Drivers;
using Invoicing.Registers.EscPos.Tap;
using Invoicing.Registers.Lines;
using Invoicing.Sales;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.EscPos;

/// <summary>Makes taps on tills that print receipts with ESC/POS.</summary>
public static class EscPosDrivers
{
    /// <summary>Makes a tap; nothing is opened before it runs.</summary>
    /// <param name="lines">The till's line and, unless the mode is virtual, the printer's; owned by the caller.</param>
    /// <param name="recorder">Where records go.</param>
    /// <param name="captures">Where prints are kept, under the name <see cref="TapOptions.Register"/>.</param>
    /// <param name="options">Settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where the tap's life is told.</param>
    /// <exception cref="ArgumentException">The settings have a fault, a line is missing or too many, or a line does not pass every byte.</exception>
    /// <exception cref="Invoicing.Settings.SettingsException">A pattern of the template cannot be used.</exception>
    public static IRegisterDriver Create(
        (ILine Till, ILine? Printer) lines, ISaleRecorder recorder, ICaptureStore captures, TapOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        if (lines.Till is null)
        {
            throw new ArgumentException("expected the till's line, found none", nameof(lines));
        }

        ArgumentNullException.ThrowIfNull(recorder);
        ArgumentNullException.ThrowIfNull(captures);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        return new TapDriver(lines, recorder, captures, options, time, loggers.CreateLogger<TapDriver>());
    }
}
