using System.Net;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Enrolment.Registry;
using Invoicing.Authority.Feed;
using Invoicing.Authority.Gate;
using Invoicing.Authority.Intake;
using Invoicing.Authority.Ledger;
using Invoicing.Authority.Ledger.Sqlite;
using Invoicing.Chain;
using Invoicing.Signing;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Invoicing.Authority;

/// <summary>A running authority: intake, ledger and feed behind one TLS port. Starts in any process.</summary>
internal sealed partial class AuthorityServer : IAsyncDisposable
{
    /// <summary>How long streams may take to answer what they have under way when the server stops.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(10);

    /// <summary>Connections at a time: one per device, followers, and some room for those that come back before the old one is noticed.</summary>
    private const int MaxConnections = 10_000;

    /// <summary>Calls at a time on a connection: a device has one stream and a few short calls, an official some streams.</summary>
    private const int MaxStreams = 32;

    /// <summary>HTTP/2 window of a stream: a full batch may be under way while one is read. Times 1,000 streams it bounds what can wait.</summary>
    private const int StreamWindow = 512 * 1024;

    private readonly WebApplication _app;
    private readonly IntakeServer _intake;
    private readonly VerifyStage _stage;
    private readonly LedgerReaders _readers;
    private readonly SoftwareSigner _signer;
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2Collection _issuing;
    private readonly ServerIdentity _identity;
    private readonly Callers _callers;
    private readonly ConnectionGate _gate;
    private readonly StreamEnding _ending;
    private readonly ILogger _logger;
    private ControlServer? _control;

    private AuthorityServer(AuthorityOptions options, AuthorityRegistry registry, Action<ILoggingBuilder> logging)
    {
        AuthorityFolder folder = options.Folder;
        Registry = registry;
        _root = CertificateAuthority.LoadRoot(folder);
        _issuing = CertificateAuthority.LoadAllIssuing(folder);
        _signer = CertificateAuthority.LoadWatermarkKey(folder);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        logging(builder.Logging.ClearProviders().SetMinimumLevel(options.LogLevel));

        // One line for each frame of a peer that breaks the protocol: a way to flood the log. The door tells of such connections, once a minute.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Http2", LogLevel.None);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Configure(kestrel, options.Listen, options.Gate, () => _identity!));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainLimit + TimeSpan.FromSeconds(5));
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = IntakeLimits.MessageBytes);
        if (!options.HandlesSignals)
        {
            builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        }

        builder.Services.AddSingleton(services => new ConnectionGate(options.Gate, options.Time, services.GetRequiredService<ILogger<ConnectionGate>>()));
        builder.Services.AddSingleton(_ => new IntakeEndpoint(_intake!, call => _callers!.Require(call, ClientRole.Device).Grant!));
        builder.Services.AddSingleton(services => new FeedEndpoint(
            Feed!, RequireReader, services.GetRequiredService<IHostApplicationLifetime>(), options.Time,
            services.GetRequiredService<ILogger<FeedEndpoint>>()));
        builder.Services.AddSingleton(services => new EnrolmentEndpoint(
            registry, _callers!, new(Writer!), new(options.Time, services.GetRequiredService<ILogger<EnrolmentLimits>>()), options.Time,
            services.GetRequiredService<ILogger<EnrolmentEndpoint>>()));
        builder.Services.AddSingleton(_ => new OperatorEndpoint(registry, _callers!, new(Writer!)));
        _app = builder.Build();
        ILoggerFactory loggers = _app.Services.GetRequiredService<ILoggerFactory>();
        _logger = loggers.CreateLogger<AuthorityServer>();
        _gate = _app.Services.GetRequiredService<ConnectionGate>();
        _app.Use((context, next) => _gate.CountAsync(context, _ => next(context)));
        _identity = new(folder, registry, options.Time, loggers.CreateLogger<ServerIdentity>());
        _callers = new(registry, _root, _issuing, options.Time, loggers.CreateLogger<Callers>());

        var ledger = SqliteLedger.Open(folder.Ledger, options.SegmentSize);
        LogOpened(folder.Ledger, ledger.Engine, ledger.Head.LastIndex);
        Feed = new(ledger.Head, options.Time);
        _readers = new(ledger.OpenReader);
        Feed.ReadFrom(_readers);
        Writer = new(ledger, _signer, options.Time, Feed.Publish, options.EndProcess, loggers.CreateLogger<LedgerWriter>());
        _stage = new(new KeyRing(), loggers.CreateLogger<VerifyStage>());
        _intake = new(Writer, _stage, _readers, GrantsOf(registry, options.Time), options.Time, loggers);
        _ending = new(_intake.EndStreams, _app.Services.GetRequiredService<FeedEndpoint>().EndStreams, options.Time);
        registry.Changed = _ending.End;
        _app.MapGrpcService<IntakeEndpoint>();
        _app.MapGrpcService<FeedEndpoint>();
        _app.MapGrpcService<EnrolmentEndpoint>();
        _app.MapGrpcService<OperatorEndpoint>();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Who is let in; commands of this process go here.</summary>
    public AuthorityRegistry Registry { get; }

    /// <summary>The feed, for followers in this process.</summary>
    public LedgerFeed Feed { get; }

    /// <summary>The ledger's writer.</summary>
    public LedgerWriter Writer { get; }

    /// <summary>The door.</summary>
    public ConnectionGate Gate => _gate;

    /// <summary>Streams of intake that are open.</summary>
    public int StreamCount => _intake.StreamCount;

    /// <summary>Starts.</summary>
    /// <param name="options">What it is started with.</param>
    /// <param name="logging">Where its log goes.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="InvoicingException">The folder has no root or another process writes its ledger.</exception>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<AuthorityServer> StartAsync(
        AuthorityOptions options, Action<ILoggingBuilder> logging, CancellationToken cancellationToken = default)
    {
        AuthorityRegistry registry = await AuthorityRegistry.OpenAsync(options.Folder, options.Time, options.EndProcess, cancellationToken);
        AuthorityServer server;
        try
        {
            server = new AuthorityServer(options, registry, logging);
        }
        catch
        {
            registry.Dispose();
            throw;
        }

        try
        {
            server._app.Lifetime.ApplicationStopping.Register(server._gate.Stop);
            server._app.Lifetime.ApplicationStopping.Register(server._intake.Stop);
            await server._app.StartAsync(cancellationToken);
            server._control = await ControlServer.StartAsync(
                options.Folder.ControlSocket, registry, server._app.Services.GetRequiredService<ILoggerFactory>(), cancellationToken);
            string address = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            server.Address = new(address);
            server.LogListening(address);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the process is told to stop (Ctrl-C, SIGTERM).</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken = default) => _app.WaitForShutdownAsync(cancellationToken);

    /// <summary>Ends in order: no new streams, what is under way is committed and answered, then the ledger is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_control is not null)
        {
            await _control.DisposeAsync();
        }

        _intake.Stop();
        using (var limit = new CancellationTokenSource(DrainLimit))
        {
            await _app.StopAsync(limit.Token);
        }

        await _app.DisposeAsync();
        _ending.Dispose();
        _stage.Dispose();
        Feed.Dispose();
        _readers.Dispose();
        await Writer.DisposeAsync();
        _signer.Dispose();
        _identity.Dispose();
        Registry.Dispose();
        foreach (X509Certificate2 certificate in _issuing)
        {
            certificate.Dispose();
        }

        _root.Dispose();
    }

    private FeedReader RequireReader(ServerCallContext call)
    {
        RegisteredClient client = _callers.Require(call, ClientRole.Follower, ClientRole.Operator);
        return new(client.Id, client.Scope);
    }

    private static IntakeGrants GrantsOf(AuthorityRegistry registry, TimeProvider time)
    {
        var further = new FurtherRanges(registry);
        return new(
            registry.GrantsOf,
            further.Of,
            (grant, wish) =>
            {
                Enrolment.Registry.RangeAnswer answer = further.Grant(grant.Id, wish.Granted, wish.Codes, wish.Numbers, wish.Year);
                return Task.FromResult(new Intake.RangeAnswer(answer.Grant, answer.Text));
            },
            new IntruderAlarms(registry, time).Note);
    }

    private static void Configure(KestrelServerOptions kestrel, IPEndPoint listen, GateLimits limits, Func<ServerIdentity> identity)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.MaxRequestBodySize = null; // streams never end; each message has its own limit
        kestrel.Limits.MinRequestBodyDataRate = null; // a till at night sends nothing for hours
        kestrel.Limits.MinResponseDataRate = new(limits.BytesPerSecond, limits.ReadGrace); // counts only while something waits to be read
        kestrel.Limits.Http2.MaxStreamsPerConnection = MaxStreams;
        kestrel.Limits.Http2.InitialStreamWindowSize = StreamWindow;
        kestrel.Limits.Http2.InitialConnectionWindowSize = StreamWindow * 2;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30); // a cut line is seen within a minute
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        kestrel.Listen(listen, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http2;
            kestrel.ApplicationServices.GetRequiredService<ConnectionGate>().Guard(endpoint); // before TLS: what is turned away costs no handshake
            endpoint.UseHttps(new TlsHandshakeCallbackOptions
            {
                // Asked at each handshake, because the certificate is renewed while the server runs.
                OnConnection = _ => ValueTask.FromResult(identity().Options),
                HandshakeTimeout = TimeSpan.FromSeconds(20),
            });
        });
    }

    [LoggerMessage(3102, LogLevel.Information, "Ledger {Path} opened with {Engine}; its last index is {LastIndex}")]
    private partial void LogOpened(string path, string engine, long lastIndex);

    [LoggerMessage(3002, LogLevel.Information, "Listening on {Address}")]
    private partial void LogListening(string address);
}
