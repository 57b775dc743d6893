using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Invoicing.Registers.Lines.Windows;

/// <summary>A serial port or USB serial adapter of Windows, used by nobody else while it is open.</summary>
/// <remarks>
/// Any speed that the adapter can divide. Read and written by a thread of its own with overlapped calls, so a removed adapter is seen at once
/// and an idle line costs one call a second. DTR is up while the port is open and never pulsed by us; whether closing lowers it is the
/// driver's choice, because Windows has no setting for it.
/// Source: Win32 "Communications Resources"; why not System.IO.Ports: dotnet/runtime #122384 (a handle left open after an error).
/// </remarks>
[SupportedOSPlatform("windows")]
public sealed class WindowsSerialLine : ReopeningLine
{
    private readonly SerialLineOptions _options;
    private readonly IPortFinder? _ports;

    /// <summary>Names a port; nothing is opened yet.</summary>
    /// <param name="options">The port's settings; its lock folder is not used.</param>
    /// <param name="time">The clock for pauses.</param>
    /// <param name="logger">Where openings and failures go.</param>
    /// <param name="ports">Finds the node at each opening, and ends pauses when something is plugged in; without it, the path is the node.</param>
    /// <exception cref="ArgumentException">The options have a fault.</exception>
    /// <exception cref="PlatformNotSupportedException">Not Windows.</exception>
    public WindowsSerialLine(SerialLineOptions options, TimeProvider time, ILogger<WindowsSerialLine> logger, IPortFinder? ports = null)
        : base(time, logger, ports)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(options));
        }

        if (!OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("This line is for Windows; SerialLines.Create chooses the one for this system.");
        }

        _options = options;
        _ports = ports;
    }

    /// <inheritdoc/>
    public override string Name => _options.Path;

    /// <inheritdoc/>
    public override bool IsTransparent => _options is { DataBits: 8, Flow: not SerialFlow.XonXoff };

    private protected override async ValueTask<ILineConnection> OpenAsync(CancellationToken cancellationToken)
    {
        SafeFileHandle file = WindowsPortHandle.Open(_options, _ports?.Find(Name) ?? Name);
        try
        {
            if (_options.Settle > TimeSpan.Zero)
            {
                await Task.Delay(_options.Settle, Time, cancellationToken).ConfigureAwait(false);
            }

            WindowsPortHandle.DropInput(file);
            return new WindowsSerialConnection(Name, file, Time);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
