using System.Net;
using Invoicing.Edge.Hosting;
using Invoicing.Edge.Settings;

namespace Invoicing.Edge.Api;

/// <summary>The door for programs that cannot load .NET: HTTP on a loopback port, behind a token.</summary>
/// <remarks>
/// <c>POST /v1/sales</c> and <c>GET /v1/sales/{register}/{epoch}/{sequence}</c>, the library's own contract; <c>GET /v1/openapi.json</c> describes
/// them. Stopped before the gateway, so a call that was taken ends with its answer.
/// </remarks>
internal sealed class ApiServer : IAsyncDisposable
{
    /// <summary>Callers at once: the programs of one till's machine; each waits for one commit.</summary>
    private const int MaxConnections = 64;

    /// <summary>Headers of a request arrive within this time, or a stuck caller would hold a connection.</summary>
    private static readonly TimeSpan HeaderLimit = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;

    private ApiServer(WebApplication app, IPEndPoint endpoint)
    {
        _app = app;
        Endpoint = endpoint;
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="InvoicingException">The token's file is not usable, or the port is taken.</exception>
    public static async Task<ApiServer> StartAsync(ApiSettings settings, EdgeHost host, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var token = ApiToken.Load(settings.TokenFile);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(settings.Listen);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = SalesEndpoint.MaxBytes;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.RequestHeadersTimeout = HeaderLimit;
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(loggers);
        WebApplication app = builder.Build();
        app.Use((context, next) => context.Request.Path == OpenApiFile.Path || token.IsShownBy(context.Request)
            ? next(context)
            : RefuseAsync(context));
        app.MapGet(OpenApiFile.Path, OpenApiFile.WriteAsync);
        app.MapPost("/v1/sales", context => SalesEndpoint.IssueAsync(context, host.Gateway));
        app.MapGet("/v1/sales/{**key}", context => SalesEndpoint.FindAsync(context, host.Gateway));
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException fault)
        {
            await app.DisposeAsync();
            throw new InvoicingException($"api.listen: expected to listen on {settings.Listen}: {fault.Message}", innerException: fault);
        }

        return new(app, IPEndPoint.Parse(new Uri(app.Urls.First()).Authority));
    }

    /// <summary>Stops listening; calls that were taken are answered first.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.WriteAsync(
            context, StatusCodes.Status401Unauthorized, "unauthorized", "expected the header 'Authorization: Bearer TOKEN' with the token of the API's file, found none or another");
    }
}
