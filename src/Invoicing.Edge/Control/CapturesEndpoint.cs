using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Invoicing.Edge.Captures;
using Invoicing.Edge.Hosting;
using Invoicing.Sales;

namespace Invoicing.Edge.Control;

/// <summary>Lists what was captured from tills, and hands out single captures: the running service alone has their books.</summary>
internal static class CapturesEndpoint
{
    /// <summary>Most captures of one page.</summary>
    public const int MostListed = 500;

    /// <summary><c>GET /captures?register=…[&amp;before=…][&amp;class=…][&amp;limit=…]</c>, newest first; with <c>number</c> that one, with its bytes.</summary>
    public static async Task AnswerAsync(HttpContext context, EdgeHost host)
    {
        try
        {
            IQueryCollection query = context.Request.Query;
            var till = CapturedTill.Choose(CapturedTill.All(host.RegisterLines.Select(line => line.Settings.Protocol)), Text(query, "register"));
            ICaptureBook book = await host.Gateway.Captures.OpenAsync(till.Register, context.RequestAborted);
            await ControlAnswer.WriteAsync(
                context,
                Number(query, "number") is { } number
                    ? await ReadAsync(book, number, context.RequestAborted)
                    : await ListAsync(book, query, context.RequestAborted));
        }
        catch (InvoicingException fault)
        {
            await ControlAnswer.RefuseAsync(context, StatusCodes.Status409Conflict, fault.Message);
        }
    }

    private static async Task<JsonObject> ReadAsync(ICaptureBook book, long number, CancellationToken cancellationToken) =>
        await book.ReadAsync(number, cancellationToken) is { } piece
            ? CaptureJson.From(piece)
            : throw new InvoicingException($"expected a capture of {book.Register}, found none with number {number}: it never was, or its time was over; 'captures list' shows what there is");

    private static async Task<JsonObject> ListAsync(ICaptureBook book, IQueryCollection query, CancellationToken cancellationToken)
    {
        CaptureClass? only = Text(query, "class") is not { } word ? null
            : CaptureWord.Find(word) ?? throw new InvoicingException($"expected one of {CaptureWord.All}, found '{word}'");
        long limit = Number(query, "limit") ?? MostListed;
        if (limit is < 1 or > MostListed)
        {
            throw new InvoicingException($"expected a limit of 1 to {MostListed}, found {limit}");
        }

        ImmutableArray<KeptCapture> pieces = await book.ListAsync(Number(query, "before"), only, (int)limit, cancellationToken);
        return new()
        {
            ["register"] = book.Register.Value,
            ["captures"] = new JsonArray([.. pieces.Select(piece => (JsonNode)CaptureJson.From(piece))]),
            ["next"] = pieces.Length == limit && pieces[^1].Number > 1 ? pieces[^1].Number : null,
        };
    }

    private static string? Text(IQueryCollection query, string key) => query[key].ToString() is { Length: > 0 } text ? text : null;

    private static long? Number(IQueryCollection query, string key) => Text(query, key) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0 ? number
        : throw new InvoicingException($"expected a whole number above 0 as '{key}', found '{text}'");
}
