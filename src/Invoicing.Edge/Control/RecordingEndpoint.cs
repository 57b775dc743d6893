using System.Globalization;
using Invoicing.Edge.Hosting;

namespace Invoicing.Edge.Control;

/// <summary>Streams a recording of a register's line to the command that asked for it.</summary>
internal static class RecordingEndpoint
{
    /// <summary>Longest recording: what happens once a day is caught in one, and nobody forgets it running for ever.</summary>
    public const int MaxSeconds = 24 * 60 * 60;

    /// <summary>Most bytes of the line in one recording.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary><c>GET /recordings?line=…&amp;seconds=…&amp;bytes=…</c>.</summary>
    public static async Task StreamAsync(HttpContext context, EdgeHost host)
    {
        string name = context.Request.Query["line"].ToString();
        if (!TryRead(context, "seconds", MaxSeconds, out int seconds) || !TryRead(context, "bytes", MaxBytes, out int bytes))
        {
            await ControlAnswer.RefuseAsync(
                context, StatusCodes.Status400BadRequest, $"expected 1 to {MaxSeconds} seconds and 1 to {MaxBytes} bytes, found '{context.Request.QueryString}'");
            return;
        }

        if (host.FindLine(name) is not { } line)
        {
            string known = string.Join(", ", host.Lines.Select(l => l.Line));
            await ControlAnswer.RefuseAsync(
                context, StatusCodes.Status404NotFound, $"expected a line or a register of this service, found '{name}'; its lines are: {known}");
            return;
        }

        try
        {
            context.Response.ContentType = "application/x-ndjson";
            await foreach (string row in line.RecordAsync(TimeSpan.FromSeconds(seconds), bytes, context.RequestAborted))
            {
                await context.Response.WriteAsync(row + "\n", context.RequestAborted);
            }
        }
        catch (InvoicingException fault) when (!context.Response.HasStarted)
        {
            await ControlAnswer.RefuseAsync(context, StatusCodes.Status409Conflict, fault.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The command was ended by its user; what it wrote so far is a recording without its last row.
        }
    }

    private static bool TryRead(HttpContext context, string key, int most, out int number) =>
        int.TryParse(context.Request.Query[key].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number >= 1 && number <= most;
}
