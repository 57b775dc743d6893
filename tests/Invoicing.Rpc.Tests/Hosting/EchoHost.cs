using System.Net;
using Grpc.AspNetCore.Server;
using Grpc.Net.Client;
using Invoicing.Rpc.Tests.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Invoicing.Rpc.Tests.Hosting;

/// <summary>The service on a real Kestrel on a port of its own, and a channel to it.</summary>
internal sealed class EchoHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EchoHost(WebApplication app, Uri address, GrpcChannelOptions channelOptions)
    {
        _app = app;
        Address = address;
        Channel = GrpcChannel.ForAddress(address, channelOptions);
    }

    public Uri Address { get; }

    public GrpcChannel Channel { get; }

    public EchoService.EchoServiceClient Client => new(Channel);

    public static async Task<EchoHost> StartAsync(
        Handlers? handlers = null,
        Action<GrpcServiceOptions>? server = null,
        GrpcChannelOptions? channel = null,
        Action<ListenOptions>? listen = null,
        Action<KestrelServerLimits>? limits = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? map = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            limits?.Invoke(kestrel.Limits);
            kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http2;
                listen?.Invoke(endpoint);
            });
        });
        builder.Services.AddSingleton(handlers ?? new Handlers());
        builder.Services.AddGrpc(server ?? (_ => { }));
        services?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        app.MapGrpcService<EchoServer>();
        map?.Invoke(app);
        await app.StartAsync().Soon();
        return new EchoHost(app, new Uri(app.Urls.Single()), channel ?? new GrpcChannelOptions());
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token).Soon();
        await _app.DisposeAsync();
    }
}
