using Invoicing.Edge.Settings;
using Invoicing.Registers.Datecs;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.EscPos;
using Invoicing.Registers.Eutron;
using Invoicing.Registers.Lines;
using Invoicing.Registers.LineText;
using Invoicing.Registers.Tlk;
using Invoicing.Sales;

namespace Invoicing.Edge.Hosting;

/// <summary>One register's line with its driver. Lines share nothing but the recorder.</summary>
internal sealed class RegisterLine : IAsyncDisposable
{
    private readonly ILine _line;
    private readonly ObservedLine _observed;
    private readonly ILine? _second;
    private readonly IRegisterDriver _driver;
    private readonly SilenceWatch _silence;
    private readonly TimeProvider _time;

    /// <summary>Makes the line; nothing is opened before <see cref="RunAsync"/>.</summary>
    /// <exception cref="InvoicingException">The line's settings do not fit the protocol.</exception>
    public RegisterLine(RegisterSettings settings, ISaleRecorder recorder, ICaptureStore captures, IPortFinder ports, ILoggerFactory loggers, TimeProvider time)
    {
        _line = Open(settings.Line, ports, loggers, time);
        _observed = new(_line);
        _second = settings.Protocol.Second is { } second ? Open(second.Line, ports, loggers, time) : null;
        _silence = new(settings.Line, settings.Protocol, loggers.CreateLogger<SilenceWatch>());
        _time = time;
        Settings = settings;
        try
        {
            _driver = settings.Protocol switch
            {
                ProtocolSettings.Datecs datecs => DatecsDrivers.Create(_observed, recorder, datecs.With(_second), time, loggers),
                ProtocolSettings.Eutron eutron => EutronDrivers.Create(_observed, eutron.Options, recorder, captures, time, loggers),
                ProtocolSettings.EscPos tap => EscPosDrivers.Create((_observed, _second), recorder, captures, tap.Options, time, loggers),
                ProtocolSettings.LineText text => LineTextDrivers.Create(_observed, text.Options, recorder, captures, time, loggers),
                ProtocolSettings.Tlk tlk => new TlkDriver(_observed, recorder, tlk.Options, time, loggers.CreateLogger<TlkDriver>()),
                ProtocolSettings other => throw new InvalidOperationException($"expected a protocol, found {other}"),
            };
        }
        catch (ArgumentException fault)
        {
            throw new InvoicingException($"{settings.Line}: {fault.Message}", innerException: fault);
        }
    }

    /// <summary>What it was made of.</summary>
    public RegisterSettings Settings { get; }

    /// <summary>How the line is now; its trouble is the first thing to see to.</summary>
    public DriverStatus Status
    {
        get
        {
            DriverStatus status = _driver.Status;
            string? stopped = status.Phase == DriverPhase.Stopped ? status.Trouble : null;
            return status with { Trouble = _line.Trouble ?? stopped ?? _second?.Trouble ?? status.Trouble ?? _silence.Trouble };
        }
    }

    /// <summary>Whether all is well: sales flow, or will when a till calls that does so for each receipt.</summary>
    public bool IsFine
    {
        get
        {
            DriverStatus status = Status;
            return status.Trouble is null && (status.Phase == DriverPhase.Open || (Settings.Protocol.IsCaptured && _line.ComesAndGoes));
        }
    }

    /// <summary>Looks whether somebody speaks on the line, and says so once if not. One caller at a time.</summary>
    public void LookForSilence() => _silence.Look(_driver.Status, _line.Trouble is not null, _time.GetUtcNow());

    /// <summary>Whether somebody records the line.</summary>
    public bool IsRecorded => _observed.IsRecorded;

    /// <summary>Records what runs over the line, masked, within limits.</summary>
    /// <exception cref="InvoicingException">It is being recorded already.</exception>
    public IAsyncEnumerable<string> RecordAsync(TimeSpan duration, int bytes, CancellationToken cancellationToken)
    {
        string protocol = Status.Protocol;
        RecordingOptions options = new(protocol, key => Settings.Protocol switch
        {
            ProtocolSettings.Tlk => new TlkRecordingMask(key),
            ProtocolSettings.Datecs => new DatecsRecordingMask(key),
            ProtocolSettings.Eutron eutron => EutronDrivers.Mask(key, eutron.Options.IsTcp),
            _ => new LongDigitsMask(key),
        })
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
    public async ValueTask DisposeAsync()
    {
        await _line.DisposeAsync();
        if (_second is not null)
        {
            await _second.DisposeAsync();
        }
    }

    private static ILine Open(LineAddress address, IPortFinder ports, ILoggerFactory loggers, TimeProvider time) => address switch
    {
        LineAddress.Serial serial => SerialLines.Create(serial.Options, time, loggers, ports),
        LineAddress.Tcp tcp => new TcpClientLine(tcp.Host, tcp.Port, time, loggers.CreateLogger<TcpClientLine>()),
        LineAddress.Listen listen => new TcpServerLine(listen.Endpoint, allowed: null, time, loggers.CreateLogger<TcpServerLine>()),
        _ => throw new ArgumentOutOfRangeException(nameof(address), address, "expected a line"),
    };
}
