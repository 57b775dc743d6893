using System.Collections.Immutable;
using Invoicing.Chain;
using Invoicing.Edge.Deadlines;
using Invoicing.Edge.Settings;
using Invoicing.Gateway;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Ports;
using Invoicing.Sales;

namespace Invoicing.Edge.Hosting;

/// <summary>A gateway and the drivers of its registers: all that runs in the edge service but its socket.</summary>
/// <remarks>
/// Started in this order: gateway, then lines, so that no register is answered before the journal is open; stopped in the other: lines
/// first, then the group in hand, then acknowledgements for a bounded time (design.md §7).
/// </remarks>
internal sealed class EdgeHost : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ImmutableArray<RegisterLine> _lines;
    private readonly Task[] _running;

    private EdgeHost(InvoicingGateway gateway, PortWatch ports, ImmutableArray<RegisterLine> lines, EdgeSettings settings, ILoggerFactory loggers, TimeProvider time)
    {
        Gateway = gateway;
        Time = time;
        Deadlines = new(settings.Deadlines, time, loggers.CreateLogger<DeadlineWatch>());
        Retention = new(gateway, settings.CapturesKept, time, loggers.CreateLogger<CaptureRetention>());
        _lines = lines;
        _running =
        [
            .. lines.Select(line => line.RunAsync(_stop.Token)), ports.RunAsync(_stop.Token), Deadlines.RunAsync(Waiting, _stop.Token),
            Retention.RunAsync(_stop.Token), LookForSilenceAsync(_stop.Token),
        ];
        Completion = CompleteAsync();
    }

    /// <summary>The library.</summary>
    public InvoicingGateway Gateway { get; }

    /// <summary>Deadlines of sending.</summary>
    public DeadlineWatch Deadlines { get; }

    /// <summary>Deletes captures whose time is over.</summary>
    public CaptureRetention Retention { get; }

    /// <summary>Clock and timers.</summary>
    public TimeProvider Time { get; }

    /// <summary>Ends when the host was stopped; faults when recording failed for good, and the process is to end.</summary>
    public Task Completion { get; }

    /// <summary>The registers' lines as they stand.</summary>
    public IEnumerable<DriverStatus> Lines => _lines.Select(line => line.Status);

    /// <summary>The registers' lines.</summary>
    public ImmutableArray<RegisterLine> RegisterLines => _lines;

    /// <summary>The line of that name, or with that register on it; <see langword="null"/> if there is none.</summary>
    public RegisterLine? FindLine(string name) =>
        _lines.FirstOrDefault(line => line.Status.Line == name) ?? _lines.FirstOrDefault(line => line.Status.Register?.Value == name);

    /// <summary>Opens the journal and begins to serve the lines.</summary>
    /// <exception cref="InvoicingException">The journal is in use or damaged, the bundle or identity is not readable, a line's settings do not fit.</exception>
    public static async Task<EdgeHost> StartAsync(
        EdgeSettings settings, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(settings.Journal))!);
        InvoicingGateway gateway = await InvoicingGateway.OpenAsync(
            new()
            {
                JournalPath = settings.Journal,
                // A bundle that has become the identity is not needed any more, and may be gone.
                Bundle = settings.Bundle is { } bundle && (settings.Identity is null || File.Exists(bundle)) ? LoadBundle(bundle) : null,
                IdentityPath = settings.Identity,
                Authority = settings.Authority,
                SigningKey = settings.Keys.SigningKey,
                Keys = settings.Keys.Options,
                Software = $"Invoicing.Edge {typeof(EdgeHost).Assembly.GetName().Version}",
                NewRegisters = [.. settings.Registers.Select(r => r.NewRegister).OfType<RegisterId>()],
                BuyerHold = settings.BuyerHold,
                Leases = settings.Leases,
                Time = time,
            },
            loggers,
            cancellationToken);
        try
        {
            PortWatch ports = new(time, loggers.CreateLogger<PortWatch>());
            return new(
                gateway,
                ports,
                [.. settings.Registers.Select(r => new RegisterLine(
                    r, gateway.WithBuyerHold(r.BuyerHold ?? settings.BuyerHold), gateway.Captures, ports, loggers, time))],
                settings,
                loggers,
                time);
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops in three steps and closes the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (RegisterLine line in _lines)
        {
            await line.DisposeAsync();
        }

        await Gateway.DisposeAsync();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static ClientBundle LoadBundle(string path)
    {
        try
        {
            return ClientBundle.Parse(File.ReadAllText(path), path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvoicingException($"{path}: expected the bundle that the authority gave this device, found none: {fault.Message}", innerException: fault);
        }
    }

    private (DateOnly? Earliest, TimeSpan Waiting) Waiting()
    {
        GatewayStatus status = Gateway.Status;
        return (status.EarliestUnacknowledged, status.LagAge);
    }

    /// <summary>How often lines are looked at on which nobody speaks: what a person who plugs in a register waits for a word about it, at most, beside its patience.</summary>
    private static readonly TimeSpan SilencePause = TimeSpan.FromSeconds(5);

    private async Task LookForSilenceAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(SilencePause, Time);
        try
        {
            do
            {
                foreach (RegisterLine line in _lines)
                {
                    line.LookForSilence();
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task CompleteAsync()
    {
        // Whichever ends first decides: a line ends by itself only with the recorder's fault, or by a defect that must not stay unseen.
        Task first = await Task.WhenAny([Gateway.Completion, .. _running]);
        await first.ConfigureAwait(_stop.IsCancellationRequested ? ConfigureAwaitOptions.SuppressThrowing : ConfigureAwaitOptions.None);
    }
}
