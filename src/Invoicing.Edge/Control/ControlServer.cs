using System.Globalization;
using System.Text;
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
            kestrel.ListenUnixSocket(socket, listen => listen.Use(next => HalfClosed.Served(next, host.Time)));
            kestrel.Limits.MaxRequestBodySize = CorrectionCall.MaxBytes;
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(loggers);
        WebApplication app = builder.Build();
        app.MapGet("/status", context => ControlAnswer.WriteAsync(context, StatusJson.From(host)));
        app.MapPost("/registers/{serial}/{verb}", context => DecideAsync(context, host));
        app.MapPost("/corrections", context => CorrectAsync(context, host));
        app.MapGet("/held", context => ListHeldAsync(context, host));
        app.MapPost("/held/{position:long}", context => ResolveHeldAsync(context, host));
        app.MapGet("/keys", context => ControlAnswer.WriteAsync(context, KeysEndpoint.Show(host)));
        app.MapPost("/keys", context => RotateKeyAsync(context, host));
        app.MapPost("/catalogue", context => CatalogueEndpoint.ImportAsync(context, host));
        app.MapPost("/buyers", context => BuyerEndpoint.StateAsync(context, host));
        app.MapGet("/captures", context => CapturesEndpoint.AnswerAsync(context, host));
        app.MapGet("/recordings", context => RecordingEndpoint.StreamAsync(context, host));
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
            await ControlAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, $"expected a register's serial and a reason, found '{serial}' and '{reason}'");
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
                    await ControlAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, "expected 'release' with the epoch in hexadecimal, or 'new'");
                    return;
            }
        }
        catch (InvoicingException fault)
        {
            await ControlAnswer.RefuseAsync(context, StatusCodes.Status409Conflict, fault.Message);
            return;
        }

        await ControlAnswer.WriteAsync(context, new() { ["done"] = $"{serial}: noted in the chain" });
    }

    private static Task CorrectAsync(HttpContext context, EdgeHost host) => CallAsync(
        context, async text => CorrectionCall.Write(await host.Gateway.CorrectAsync(CorrectionCall.Read(text), context.RequestAborted)));

    private static Task ListHeldAsync(HttpContext context, EdgeHost host) =>
        CallAsync(context, _ => Task.FromResult(HeldCall.List(host.Gateway)));

    private static Task RotateKeyAsync(HttpContext context, EdgeHost host) =>
        CallAsync(context, to => KeysEndpoint.RotateAsync(host, to, context.RequestAborted));

    private static Task ResolveHeldAsync(HttpContext context, EdgeHost host)
    {
        long position = long.Parse((string)context.Request.RouteValues["position"]!, CultureInfo.InvariantCulture);
        return CallAsync(context, text => HeldCall.ResolveAsync(host, position, text, context.RequestAborted));
    }

    /// <summary>Makes a call with the request's text, and says what was wrong with it.</summary>
    private static async Task CallAsync(HttpContext context, Func<string, Task<JsonObject>> call)
    {
        if (await ControlAnswer.ReadAsync(context, CorrectionCall.MaxBytes) is not { } bytes)
        {
            await ControlAnswer.RefuseAsync(
                context, StatusCodes.Status413PayloadTooLarge, $"expected at most {CorrectionCall.MaxBytes} bytes, found more");
            return;
        }

        try
        {
            await ControlAnswer.WriteAsync(context, await call(Encoding.UTF8.GetString(bytes)));
        }
        catch (SettingsException fault)
        {
            await ControlAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, fault.Message);
        }
        catch (InvoicingException fault)
        {
            await ControlAnswer.RefuseAsync(context, StatusCodes.Status409Conflict, fault.Message);
        }
    }
}
