using System.Globalization;
using System.Text.Json.Nodes;
using Invoicing.Edge.Hosting;
using Invoicing.Sales;
using Invoicing.Settings;

namespace Invoicing.Edge.Control;

/// <summary>The running service's ear for commands of the same machine: HTTP on a Unix socket, closed to other users.</summary>
/// <remarks>Commands that write go through here, because one process writes the journal. Source: design.md 5.15.</remarks>
internal sealed class ControlServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _socket;

    private ControlServer(WebApplication app, string socket)
    {
        _app = app;
        _socket = socket;
    }

    /// <summary>Begins to listen. The journal's lock is held by now, so a socket file left there belongs to nobody.</summary>
    public static async Task<ControlServer> StartAsync(
        string socket, EdgeHost host, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        File.Delete(socket);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.ListenUnixSocket(socket);
            kestrel.Limits.MaxRequestBodySize = CorrectionCall.MaxBytes;
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(loggers);
        WebApplication app = builder.Build();
        app.MapGet("/status", context => WriteAsync(context, StatusJson.From(host)));
        app.MapPost("/registers/{serial}/{verb}", context => DecideAsync(context, host));
        app.MapPost("/corrections", context => CallAsync(
            context, async text => CorrectionCall.Write(await host.Gateway.CorrectAsync(CorrectionCall.Read(text), context.RequestAborted))));
        app.MapGet("/held", context => CallAsync(context, _ => Task.FromResult(HeldCall.List(host.Gateway))));
        app.MapPost("/held/{position:long}", context => CallAsync(context, text => HeldCall.ResolveAsync(
            host.Gateway, long.Parse((string)context.Request.RouteValues["position"]!, CultureInfo.InvariantCulture), text, context.RequestAborted)));
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

    private static async Task DecideAsync(HttpContext context, EdgeHost host)
    {
        string serial = (string)context.Request.RouteValues["serial"]!;
        string reason = context.Request.Query["reason"].ToString();
        if (!RegisterId.IsValid(serial) || reason.Length == 0)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, $"expected a register's serial and a reason, found '{serial}' and '{reason}'");
            return;
        }

        try
        {
            switch ((string)context.Request.RouteValues["verb"]!)
            {
                case "release" when ulong.TryParse(
                    context.Request.Query["epoch"], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong epoch):
                    await host.Gateway.ReleaseRegisterAsync(new(serial), epoch, reason, context.RequestAborted);
                    break;
                case "new":
                    await host.Gateway.StateRegisterIsNewAsync(new(serial), reason, context.RequestAborted);
                    break;
                default:
                    await RefuseAsync(context, StatusCodes.Status400BadRequest, "expected 'release' with the epoch in hexadecimal, or 'new'");
                    return;
            }
        }
        catch (InvoicingException fault)
        {
            await RefuseAsync(context, StatusCodes.Status409Conflict, fault.Message);
            return;
        }

        await WriteAsync(context, new() { ["done"] = $"{serial}: noted in the chain" });
    }

    /// <summary>Makes a call with the request's text, and says what was wrong with it.</summary>
    private static async Task CallAsync(HttpContext context, Func<string, Task<JsonObject>> call)
    {
        using var reader = new StreamReader(context.Request.Body);
        string text = await reader.ReadToEndAsync(context.RequestAborted);
        try
        {
            await WriteAsync(context, await call(text));
        }
        catch (SettingsException fault)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, fault.Message);
        }
        catch (InvoicingException fault)
        {
            await RefuseAsync(context, StatusCodes.Status409Conflict, fault.Message);
        }
    }

    private static Task RefuseAsync(HttpContext context, int code, string reason)
    {
        context.Response.StatusCode = code;
        return WriteAsync(context, new() { ["error"] = reason });
    }

    private static Task WriteAsync(HttpContext context, JsonObject json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json.ToJsonString(), context.RequestAborted);
    }
}
