#if FULL_FEED
using System.IO.Ports;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.Lines;

/// <summary>A serial port through System.IO.Ports, for systems without a line of our own.</summary>
/// <remarks>
/// Knows the speeds, and notices an unplugged adapter as late, as that package does; where the port is a file, its disappearance is seen
/// within 2 s. Exclusive use is what the system enforces. Not for Linux: dotnet/runtime #121627.
/// </remarks>
public sealed class SystemIoPortsLine : ReopeningLine
{
    private readonly SerialLineOptions _options;

    /// <summary>Names a port; nothing is opened yet.</summary>
    /// <exception cref="ArgumentException">The options have a fault.</exception>
    public SystemIoPortsLine(SerialLineOptions options, TimeProvider time, ILogger<SystemIoPortsLine> logger)
        : base(time, logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(options));
        }

        _options = options;
    }

    /// <inheritdoc/>
    public override string Name => _options.Path;

    /// <inheritdoc/>
    public override bool IsTransparent => _options is { DataBits: 8, Flow: not SerialFlow.XonXoff };

    private protected override async ValueTask<ILineConnection> OpenAsync(CancellationToken cancellationToken)
    {
        Parity parity = _options.Parity switch
        {
            SerialParity.Even => Parity.Even,
            SerialParity.Odd => Parity.Odd,
            SerialParity.Mark => Parity.Mark,
            SerialParity.Space => Parity.Space,
            _ => Parity.None,
        };
        SerialPort port = new(_options.Path, _options.Speed, parity)
        {
            DataBits = _options.DataBits,
            StopBits = _options.StopBits == 2 ? StopBits.Two : StopBits.One,
            Handshake = _options.Flow switch
            {
                SerialFlow.RtsCts => Handshake.RequestToSend,
                SerialFlow.XonXoff => Handshake.XOnXOff,
                _ => Handshake.None,
            },
        };
        try
        {
            port.Open();
            await Task.Delay(_options.Settle, Time, cancellationToken).ConfigureAwait(false);
            port.DiscardInBuffer();
            return new SystemIoPortsConnection(port, Time);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            port.Dispose();
            throw new LineUnavailableException(Name, fault.Message, fault);
        }
        catch
        {
            port.Dispose();
            throw;
        }
    }
}
#endif
