using Invoicing.Edge.Settings;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Tlk;
using Invoicing.Sales;

namespace Invoicing.Edge.Hosting;

/// <summary>One register's line with its driver. Lines share nothing but the recorder.</summary>
internal sealed class RegisterLine : IAsyncDisposable
{
    private readonly ILine _line;
    private readonly ObservedLine _observed;
    private readonly IRegisterDriver _driver;
    private readonly TimeProvider _time;

    /// <summary>Makes the line; nothing is opened before <see cref="RunAsync"/>.</summary>
    /// <exception cref="InvoicingException">The line's settings do not fit the protocol.</exception>
    public RegisterLine(RegisterSettings settings, ISaleRecorder recorder, ILoggerFactory loggers, TimeProvider time)
    {
        _line = Open(settings.Line, loggers, time);
        _observed = new(_line);
        _time = time;
        try
        {
            _driver = new TlkDriver(_observed, recorder, new TlkOptions { Gateway = "invoicing-edge" }, time, loggers.CreateLogger<TlkDriver>());
        }
        catch (ArgumentException fault)
        {
            throw new InvoicingException($"{settings.Line}: {fault.Message}", innerException: fault);
        }
    }

    /// <summary>How the line is now.</summary>
    public DriverStatus Status => _driver.Status;

    /// <summary>Records what runs over the line, masked, within limits.</summary>
    /// <exception cref="InvoicingException">It is being recorded already.</exception>
    public IAsyncEnumerable<string> RecordAsync(TimeSpan duration, int bytes, CancellationToken cancellationToken)
    {
        string protocol = Status.Protocol;
        RecordingOptions options = new(protocol, key => protocol == "tlk" ? new TlkRecordingMask(key) : new LongDigitsMask(key))
        {
            Duration = duration,
            Bytes = bytes,
        };
        return _observed.RecordAsync(options, _time, cancellationToken);
    }

    /// <summary>Serves the line until cancelled; faults only with the recorder.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // The loops below never block, but opening a device can: no line holds up the start of another.
        await Task.Yield();
        try
        {
            await _driver.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped: what was not acknowledged, the register sends again.
        }
    }

    /// <summary>Closes the line.</summary>
    public ValueTask DisposeAsync() => _line.DisposeAsync();

    private static ILine Open(LineAddress address, ILoggerFactory loggers, TimeProvider time) => address switch
    {
        LineAddress.Serial serial => SerialLines.Create(serial.Options, time, loggers),
        LineAddress.Tcp tcp => new TcpClientLine(tcp.Host, tcp.Port, time, loggers.CreateLogger<TcpClientLine>()),
        LineAddress.Listen listen => new TcpServerLine(listen.Endpoint, allowed: null, time, loggers.CreateLogger<TcpServerLine>()),
        _ => throw new ArgumentOutOfRangeException(nameof(address), address, "expected a line"),
    };
}
