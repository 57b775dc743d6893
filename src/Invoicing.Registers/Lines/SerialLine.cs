using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.Lines;

/// <summary>A serial port, USB serial adapter or pseudo-terminal of Linux, used by nobody else while it is open.</summary>
/// <remarks>
/// Set through <c>termios2</c>, so any speed that the adapter can divide; read and written by a thread of its own in <c>poll()</c>, so an
/// unplugged adapter is seen at once and an idle line costs nothing. Leaves DTR alone at closing, because many registers restart on it.
/// Source: ioctl_tty(2), termios(3), poll(2); why not System.IO.Ports: dotnet/runtime #121627.
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed class SerialLine : ReopeningLine
{
    private readonly SerialLineOptions _options;
    private readonly IPortFinder? _ports;

    /// <summary>Names a port; nothing is opened yet.</summary>
    /// <param name="options">The port's settings.</param>
    /// <param name="time">The clock for pauses.</param>
    /// <param name="logger">Where openings and failures go.</param>
    /// <param name="ports">Finds the node at each opening, and ends pauses when something is plugged in; without it, the path is the node.</param>
    /// <exception cref="ArgumentException">The options have a fault.</exception>
    /// <exception cref="PlatformNotSupportedException">Not Linux.</exception>
    public SerialLine(SerialLineOptions options, TimeProvider time, ILogger<SerialLine> logger, IPortFinder? ports = null)
        : base(time, logger, ports)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(options));
        }

        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("This line is for Linux; on other systems reach the register over TCP.");
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
        string? node = _ports?.Find(Name);
        var port = SerialPortHandle.Open(_options, node);
        try
        {
            // While a node is open its number is given to no other adapter: what the name means now, it meant at the opening, too.
            if (_ports is not null && _ports.Find(Name) != node)
            {
                throw new LineUnavailableException(Name, $"what it names went away from {node} while that was opened; trying again");
            }

            if (_options.Settle > TimeSpan.Zero)
            {
                await Task.Delay(_options.Settle, Time, cancellationToken).ConfigureAwait(false);
            }

            port.DropInput();
            return new SerialConnection(Name, port);
        }
        catch
        {
            port.Dispose();
            throw;
        }
    }
}
