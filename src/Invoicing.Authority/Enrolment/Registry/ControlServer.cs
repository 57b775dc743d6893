using System.Text.Json;
using System.Text.Json.Nodes;

namespace Invoicing.Authority.Enrolment.Registry;

/// <summary>The running server's ear for commands of the same machine: HTTP on a Unix socket that only the folder's owner may open.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    /// <summary>Most bytes of a command: a scope of 1,024 tax codes is 15 KB.</summary>
    private const int MaxBytes = 64 * 1024;

    /// <summary>Longest name of a Unix socket that every system takes.</summary>
    private const int MaxName = 100;

    private readonly WebApplication _app;
    private readonly string _socket;

    private ControlServer(WebApplication app, string socket)
    {
        _app = app;
        _socket = socket;
    }

    /// <summary>Begins to listen. The registry's lock is held by now, so a socket file left there belongs to nobody.</summary>
    /// <exception cref="InvoicingException">The folder's name is too long for a socket in it.</exception>
    public static async Task<ControlServer> StartAsync(
        string socket, AuthorityRegistry registry, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(socket) > MaxName)
        {
            throw new InvoicingException($"{socket}: expected the name of a socket of at most {MaxName} bytes, found a longer one: choose a folder with a shorter name");
        }

        File.Delete(socket);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.ListenUnixSocket(socket);
            kestrel.Limits.MaxRequestBodySize = MaxBytes;
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        WebApplication app = builder.Build();
        app.MapPost("/registry", context => AnswerAsync(context, registry));
        await app.StartAsync(cancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return new(app, socket);
    }

    /// <summary>Stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        File.Delete(_socket);
    }

    private static async Task AnswerAsync(HttpContext context, AuthorityRegistry registry)
    {
        JsonObject answer;
        try
        {
            RegistryCall call = await JsonSerializer.DeserializeAsync(context.Request.Body, RegistryJson.Default.RegistryCall, context.RequestAborted)
                ?? throw new JsonException("found null");
            answer = call.RunOn(registry);
        }
        catch (JsonException fault)
        {
            answer = Refuse(context, $"expected a command on the registry, found other text: {fault.Message}");
        }
        catch (InvoicingException fault)
        {
            answer = Refuse(context, fault.Message);
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    private static JsonObject Refuse(HttpContext context, string text)
    {
        context.Response.StatusCode = StatusCodes.Status409Conflict;
        return new() { ["error"] = text };
    }
}
