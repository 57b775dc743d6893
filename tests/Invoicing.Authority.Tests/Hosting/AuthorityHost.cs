using System.Net;
using Grpc.Net.Client;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Authority.Feed;
using Invoicing.Authority.Gate;
using Invoicing.Chain;
using Invoicing.Enrolment;
using Invoicing.Invoices;
using Invoicing.Testing;
using Microsoft.Extensions.Logging;

namespace Invoicing.Authority.Tests.Hosting;

/// <summary>An authority in this process on a free port, with a folder of its own.</summary>
internal sealed class AuthorityHost : IAsyncDisposable
{
    private readonly TempFolder _temp = new();
    private readonly List<GrpcChannel> _channels = [];
    private AuthorityServer? _server;

    private AuthorityHost() => Folder = new(_temp.File("authority"));

    public AuthorityFolder Folder { get; }

    public AuthorityServer Server => _server ?? throw new InvalidOperationException("not started");

    public ErrorLog Log { get; } = new();

    /// <summary>What its door allows; the product's defaults unless a test says otherwise.</summary>
    public GateLimits Gate { get; init; } = new();

    /// <summary>The authority's clock; the channels of its clients know only the machine's.</summary>
    public TimeProvider Time { get; private init; } = TimeProvider.System;

    public static async Task<AuthorityHost> StartAsync(int segmentSize = 100_000, TimeProvider? time = null, GateLimits? gate = null)
    {
        var host = new AuthorityHost { Time = time ?? TimeProvider.System, Gate = gate ?? new() };
        CertificateAuthority.Create(host.Folder, [], host.Time);
        await host.StartServerAsync(segmentSize);
        return host;
    }

    public async Task StartServerAsync(int segmentSize = 100_000) => _server = await AuthorityServer.StartAsync(
        new()
        {
            Folder = Folder,
            Listen = new(IPAddress.Loopback, 0),
            SegmentSize = segmentSize,
            Gate = Gate,
            Time = Time,
            EndProcess = fault => Log.Add($"process ended: {fault}"),
        },
        logging => logging.AddProvider(Log),
        TestContext.Current.CancellationToken).Soon(TimeSpan.FromSeconds(30));

    public async Task StopServerAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync().AsTask().Soon(TimeSpan.FromSeconds(30));
            _server = null;
        }
    }

    public Task<ClientBundle> AddDeviceAsync(string name = "shop-1", string taxCode = "0107001729", int codes = 100_000, string block = "A1B2C") =>
        new ClientEnroller(Folder, TimeProvider.System).AddDeviceAsync(
            new()
            {
                Name = name,
                Seller = new(TaxCode.Parse(taxCode), "Công ty TNHH Một Ly", "1 Tràng Tiền, Hà Nội"),
                Block = block,
                Series = InvoiceSeries.Parse("C26MAA"),
                Codes = codes,
                Numbers = codes,
            },
            TestContext.Current.CancellationToken).Soon();

    public ClientBundle AddFollower(string name = "official-1", string scope = "all") => AddClient(ClientRole.Follower, name, scope);

    public ClientBundle AddClient(ClientRole role, string name, string scope) => Task.Run(
        () => new ClientEnroller(Folder, Time).AddClientAsync(role, name, scope, TestContext.Current.CancellationToken)).GetAwaiter().GetResult();

    /// <summary>Makes an activation code as 'devices invite' does.</summary>
    public (ActivationCode Code, Invitation Invitation) Invite(
        string name = "shop-1", string? succeeds = null, string taxCode = "0107001729", int days = 90, int valid = 7, int codes = 1_000) => Server.Registry.Invite(
        "os:test",
        new()
        {
            Name = name,
            TaxCode = taxCode,
            SellerName = "Công ty TNHH Một Ly",
            Address = "1 Tràng Tiền, Hà Nội",
            Block = "A1B2C",
            Series = "C26MAA",
            Codes = codes,
            Numbers = codes,
            Kind = 1,
            CertificateDays = days,
        },
        TimeSpan.FromDays(valid), succeeds);

    /// <summary>The way of a device that has no certificate yet.</summary>
    public GrpcChannel ConnectWithoutCertificate()
    {
        GrpcChannel channel = OpenTill.Channel(Server.Address, File.ReadAllText(Folder.RootCertificate), own: null);
        _channels.Add(channel);
        return channel;
    }

    public GrpcChannel Connect(ClientBundle bundle)
    {
        GrpcChannel channel = BundleChannel.Open(Server.Address, bundle);
        _channels.Add(channel);
        return channel;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (GrpcChannel channel in _channels)
        {
            channel.Dispose();
        }

        await StopServerAsync();
        _temp.Dispose();
        Log.AssertQuiet();
    }
}
