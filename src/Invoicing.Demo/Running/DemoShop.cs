using System.Collections.Concurrent;
using System.Net;
using FirmwareSim.Lines;
using FirmwareSim.Running;
using Invoicing.Authority;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Feed;
using Invoicing.Chain;
using Invoicing.Demo.Reconciling;
using Invoicing.Edge.Hosting;
using Invoicing.Edge.Settings;
using Invoicing.Gateway.Journal;
using Invoicing.Invoices;
using Invoicing.Registers.Lines;
using Invoicing.Sales;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Demo.Running;

/// <summary>
/// A shop's registers on real pseudo-terminals (TCP on loopback where there are none), its edge, the authority behind real TLS on loopback, and
/// an official who follows.
/// </summary>
internal sealed class DemoShop : IAsyncDisposable
{
    /// <summary>After the last sale everything has to be through within this time; a slow machine needs a second or two.</summary>
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly AuthorityServer _authority;
    private readonly EdgeHost _edge;
    private readonly SimulatedRegister[] _registers;
    private readonly string[] _serials;
    private readonly ClientBundle _official;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<SaleKey, SaleItem> _feed = new();
    private readonly Task _following;
    private long _feedDoubles;

    private DemoShop(
        string folder, TimeProvider time, AuthorityServer authority, EdgeHost edge, SimulatedRegister[] registers, string[] serials,
        ClientBundle official)
    {
        _folder = folder;
        _time = time;
        _authority = authority;
        _edge = edge;
        _registers = registers;
        _serials = serials;
        _official = official;
        Times = new(time);
        for (int i = 0; i < registers.Length; i++)
        {
            RegisterId id = new(serials[i]);
            ulong epoch = registers[i].Epoch;
            registers[i].WhenRungUp = sale => Times.RungUp(new(id, epoch, sale.Sequence), sale.Timestamp);
        }

        _following = FollowAsync(_stop.Token);
    }

    /// <summary>When sales were rung up and seen.</summary>
    public SaleTimes Times { get; }

    /// <summary>Entries in the journal.</summary>
    public long Journaled => _edge.Gateway.Status.HeadPosition;

    /// <summary>Entries that the authority's watermark covers.</summary>
    public long Acknowledged => _edge.Gateway.Status.Checkpoint;

    /// <summary>Registers and what they have done.</summary>
    public IEnumerable<RegisterSummary> Registers => _registers.Select(register => register.Summary);

    /// <summary>Sets everything up: keys, enrolment, authority, registers, edge, official.</summary>
    public static async Task<DemoShop> OpenAsync(DemoPlan plan, string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var authorityFolder = new AuthorityFolder(Path.Combine(folder, "authority"));
        (ClientBundle device, ClientBundle official) = await EnrolAsync(authorityFolder, folder, time, cancellationToken);
        AuthorityServer authority = await AuthorityServer.StartAsync(
            new() { Folder = authorityFolder, Listen = new(IPAddress.Loopback, 0), LogLevel = LogLevel.Warning, Time = time },
            logging => logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace),
            cancellationToken);
        string[] serials = [.. Enumerable.Range(1, plan.Registers).Select(i => $"SIM-{i:0000}")];
        SimulatedRegister[] registers = [.. serials.Select((serial, i) => MakeRegister(plan, folder, serial, i, time))];
        string bundle = Path.Combine(folder, "device.json");
        var settings = new EdgeSettings
        {
            Journal = Path.Combine(folder, "journal.db"),
            Bundle = bundle,
            Authority = authority.Address,
            Control = Path.Combine(folder, "edge.sock"),
            Registers = [.. registers.Select((register, i) => new RegisterSettings(LineOf(register, folder, serials[i]), null, ProtocolSettings.Tlk.Plain))],
        };
        EdgeHost edge = await EdgeHost.StartAsync(settings, NullLoggerFactory.Instance, time, cancellationToken);
        return new(folder, time, authority, edge, registers, serials, official);
    }

    /// <summary>Lets every register sell until it is through, or until cancelled; then waits until everything has arrived.</summary>
    /// <exception cref="InvoicingException">The edge or the official's stream ended before the registers were through.</exception>
    public async Task SellAsync(CancellationToken cancellationToken)
    {
        // Ctrl-C closes the tills; their lines go on until all that was rung up is answered.
        await using CancellationTokenRegistration closing = cancellationToken.Register(() => Array.ForEach(_registers, register => register.CloseTill()));
        var selling = Task.WhenAll(_registers.Select(register => register.RunAsync(_stop.Token)));
        Task first = await Task.WhenAny(selling, _edge.Completion, _following);
        await first;
        if (first != selling)
        {
            throw new InvoicingException("the edge or the official's stream ended before the registers were through");
        }

        await UntilAsync(() => Times.SeenCount >= Times.RungUpCount && _edge.Gateway.Status.Lag == 0);
    }

    /// <summary>Compares what was rung up, journaled, stored and seen, item by item.</summary>
    public async Task<Reconciliation> ReconcileAsync()
    {
        List<SaleItem> rungUp = [];
        for (int i = 0; i < _registers.Length; i++)
        {
            RegisterId id = new(_serials[i]);
            ulong epoch = _registers[i].Epoch;
            rungUp.AddRange(_registers[i].Records().Where(r => r.IsSale).Select(r => new SaleItem(
                new(id, epoch, r.Seq), new(r.Hash), r.Total, r.Result?.Code)));
        }

        List<SaleItem> journaled = [.. JournalExport.Read(Path.Combine(_folder, "journal.db")).Select(e => SaleItem.From(e.Body.Span)).OfType<SaleItem>()];
        List<SaleItem> ledger = [];
        using (var reading = new CancellationTokenSource(SettleLimit, _time))
        {
            // The ledger is read again from its first index, over the wire, as another official would.
            await foreach (FollowedEntry entry in FeedFollower.FollowAsync(
                _authority.Address, _official, _authority.Feed.Head.LastIndex, reading.Token))
            {
                if (SaleItem.From(entry.Body.Span) is { } item)
                {
                    ledger.Add(item);
                }
            }
        }

        return Reconciliation.Of(
            rungUp, journaled, ledger, [.. _feed.Values], _feedDoubles, Times.Percentile(0.5), Times.Percentile(0.99));
    }

    /// <summary>Stops in the data's order.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (SimulatedRegister register in _registers)
        {
            await register.DisposeAsync();
        }

        await _edge.DisposeAsync();
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _authority.DisposeAsync();
        _stop.Dispose();
    }

    private static string OfficialFile(string folder) => Path.Combine(folder, "official.json");

    private static async Task<(ClientBundle Device, ClientBundle Official)> EnrolAsync(
        AuthorityFolder authority, string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        string device = Path.Combine(folder, "device.json");
        if (!File.Exists(authority.RootCertificate))
        {
            CertificateAuthority.Create(authority, [], time);
            var enroller = new ClientEnroller(authority, time);
            ClientBundle made = await enroller.AddDeviceAsync(
                new()
                {
                    Name = "shop-1",
                    Seller = new(TaxCode.Parse("0107001729"), "Cửa hàng Bình Minh", "12 phố Huế, Hà Nội"),
                    Block = "A1B2C",
                },
                cancellationToken);
            await File.WriteAllTextAsync(device, made.ToJson(), cancellationToken);
            await File.WriteAllTextAsync(OfficialFile(folder), (await enroller.AddFollowerAsync("official-1", cancellationToken)).ToJson(), cancellationToken);
        }

        return (
            ClientBundle.Parse(await File.ReadAllTextAsync(device, cancellationToken), device),
            ClientBundle.Parse(await File.ReadAllTextAsync(OfficialFile(folder), cancellationToken), OfficialFile(folder)));
    }

    private static SimulatedRegister MakeRegister(DemoPlan plan, string folder, string serial, int number, TimeProvider time) => new(new()
    {
        Serial = serial,
        JournalPath = Path.Combine(folder, $"{serial}.journal"),
        Line = () => OperatingSystem.IsLinux()
            ? PseudoTerminalLine.Create(TerminalOf(folder, serial))
            : new TcpListenLine(IPAddress.Loopback, 0),
        Sales = plan.Sales ?? int.MaxValue,
        Seed = plan.Seed + number,
        Pace = plan.Pace,
        Time = time,
    });

    private static string TerminalOf(string folder, string serial) => Path.Combine(folder, $"{serial}.tty");

    private static Edge.Settings.LineAddress LineOf(SimulatedRegister register, string folder, string serial) => register.Line is TcpListenLine tcp
        ? new Edge.Settings.LineAddress.Tcp("127.0.0.1", tcp.Port)
        : new Edge.Settings.LineAddress.Serial(new SerialLineOptions { Path = TerminalOf(folder, serial), LockFolder = null });

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        await foreach (FollowedEntry entry in FeedFollower.FollowAsync(_authority.Address, _official, until: 0, cancellationToken))
        {
            if (SaleItem.From(entry.Body.Span) is { } item)
            {
                if (!_feed.TryAdd(item.Key, item))
                {
                    Interlocked.Increment(ref _feedDoubles);
                }

                Times.Seen(item.Key);
            }
        }
    }

    private async Task UntilAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(SettleLimit, _time);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), _time);
        try
        {
            while (!holds() && !_following.IsCompleted)
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The reconciliation says what is missing.
        }
    }
}
