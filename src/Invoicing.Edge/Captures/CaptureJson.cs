using System.Globalization;
using System.Text.Json.Nodes;
using Invoicing.Registers.Receipts;
using Invoicing.Sales;

namespace Invoicing.Edge.Captures;

/// <summary>Captures as they go over the service's socket, and what a template reads in them.</summary>
internal static class CaptureJson
{
    /// <summary>Writes a capture; with its bytes, if it has them.</summary>
    public static JsonObject From(KeptCapture piece)
    {
        JsonObject json = new()
        {
            ["number"] = piece.Number,
            ["at"] = piece.At.ToString("O", CultureInfo.InvariantCulture),
            ["whole"] = piece.IsWhole,
            ["class"] = CaptureWord.Of(piece.Class),
            ["text"] = piece.Text,
            ["length"] = piece.Length,
            ["receipt_key"] = piece.ReceiptKey,
            ["record"] = piece.RecordSequence,
            ["first_seen"] = piece.FirstSeen,
        };
        if (!piece.Bytes.IsEmpty)
        {
            json["bytes"] = Convert.ToBase64String(piece.Bytes.Span);
        }

        return json;
    }

    /// <summary>Reads what <see cref="From(KeptCapture)"/> wrote.</summary>
    public static KeptCapture Read(JsonNode json) => new(
        json["number"]!.GetValue<long>(),
        DateTimeOffset.Parse(json["at"]!.GetValue<string>(), CultureInfo.InvariantCulture),
        json["whole"]!.GetValue<bool>(),
        CaptureWord.Find(json["class"]!.GetValue<string>()) ?? CaptureClass.Unjudged,
        json["text"]!.GetValue<string>())
    {
        Length = json["length"]!.GetValue<int>(),
        ReceiptKey = json["receipt_key"]?.GetValue<string>(),
        RecordSequence = json["record"]?.GetValue<ulong>(),
        FirstSeen = json["first_seen"]?.GetValue<long>(),
        Bytes = json["bytes"] is { } bytes ? Convert.FromBase64String(bytes.GetValue<string>()) : default(ReadOnlyMemory<byte>),
    };

    /// <summary>Writes what a template reads in a print.</summary>
    public static JsonObject From(ReceiptReading reading) => new()
    {
        ["class"] = CaptureWord.Of(reading.Class),
        ["text"] = reading.Text,
        ["number"] = reading.Number,
        ["receipt_key"] = reading.Key,
        ["closed_at"] = reading.ClosedAt?.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        ["cashier"] = reading.Cashier,
        ["lines"] = new JsonArray([.. reading.Lines.Select(line => (JsonNode)new JsonObject
        {
            ["name"] = line.Name,
            ["quantity"] = line.Quantity,
            ["unit_price"] = line.UnitPrice,
            ["discount"] = line.Discount.Dong,
            ["amount"] = line.Amount.Dong,
            ["rate"] = line.Rate?.ToString(),
        })]),
        ["receipt_discount"] = reading.ReceiptDiscount.Dong,
        ["tax"] = reading.Tax?.Dong,
        ["total"] = reading.Total?.Dong,
        ["payments"] = new JsonArray([.. reading.Payments.Select(payment => (JsonNode)new JsonObject
        {
            ["means"] = payment.Means.ToString().ToLowerInvariant(),
            ["amount"] = payment.Amount.Dong,
        })]),
    };
}
