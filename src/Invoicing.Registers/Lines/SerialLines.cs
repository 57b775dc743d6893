using Invoicing.Registers.Lines.Windows;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.Lines;

/// <summary>Chooses the serial line that this system has.</summary>
public static class SerialLines
{
    /// <summary>Makes a line of our own on Linux and Windows; elsewhere the one over System.IO.Ports, in builds that have it.</summary>
    /// <param name="options">The port's settings.</param>
    /// <param name="time">The clock for pauses.</param>
    /// <param name="loggers">Where openings and failures go.</param>
    /// <param name="ports">Finds what the options name by identity; <see langword="null"/> where they name nodes only.</param>
    /// <exception cref="ArgumentException">The options have a fault.</exception>
    /// <exception cref="PlatformNotSupportedException">This build has no serial line for this system.</exception>
    public static ILine Create(SerialLineOptions options, TimeProvider time, ILoggerFactory loggers, IPortFinder? ports = null)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        if (OperatingSystem.IsLinux())
        {
            return new SerialLine(options, time, loggers.CreateLogger<SerialLine>(), ports);
        }

        if (OperatingSystem.IsWindows())
        {
            return new WindowsSerialLine(options, time, loggers.CreateLogger<WindowsSerialLine>(), ports);
        }

#if FULL_FEED
        return new SystemIoPortsLine(options, time, loggers.CreateLogger<SystemIoPortsLine>());
#else
        throw new PlatformNotSupportedException("This build has serial lines for Linux and Windows only; reach the register over TCP.");
#endif
    }
}
