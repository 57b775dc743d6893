using System.Globalization;
using System.Text.Json.Nodes;
using Invoicing.Registers.Receipts;
using Invoicing.Sales;

namespace Invoicing.Edge.Captures;

/// <summary>What a template reads in many captures, oldest first: which add up, which do not and why, which are no sales.</summary>
internal sealed class TemplateTest
{
    private readonly List<(KeptCapture Piece, ReceiptReading Reading, long? First)> _rows = [];

    private TemplateTest()
    {
    }

    /// <summary>Receipts that add up and were not printed before.</summary>
    public int AddUp => _rows.Count(row => row.Reading.Class == CaptureClass.Sale && row.First is null);

    /// <summary>Prints in which a sale may hide that the template does not read.</summary>
    public int Misread => _rows.Count(row => CaptureWord.IsMisread(row.Reading.Class));

    /// <summary>Puts readings together.</summary>
    /// <param name="newestFirst">Captures with their readings.</param>
    public static TemplateTest Of(IEnumerable<(KeptCapture Piece, ReceiptReading Reading)> newestFirst)
    {
        TemplateTest test = new();
        Dictionary<string, long> seen = new(StringComparer.Ordinal);
        foreach ((KeptCapture piece, ReceiptReading reading) in newestFirst.Reverse())
        {
            long? first = reading is { Class: CaptureClass.Sale, Key: { } key } && !seen.TryAdd(key, piece.Number) ? seen[key] : null;
            test._rows.Add((piece, reading, first));
        }

        return test;
    }

    /// <summary>Line by line.</summary>
    public IEnumerable<string> ForPeople() =>
    [
        .. _rows.Select(row => string.Create(
            CultureInfo.InvariantCulture, $"{row.Piece.Number,7}  {Word(row.Reading, row.First),-17}  {What(row.Reading, row.First)}")),
        $"{AddUp} add up, {Misread} do not, {_rows.Count - AddUp - Misread} are no sales or cannot be read by any template",
    ];

    /// <summary>As one object.</summary>
    public JsonObject ToJson() => new()
    {
        ["add_up"] = AddUp,
        ["misread"] = Misread,
        ["other"] = _rows.Count - AddUp - Misread,
        ["captures"] = new JsonArray([.. _rows.Select(row => (JsonNode)new JsonObject
        {
            ["capture"] = row.Piece.Number,
            ["class"] = Word(row.Reading, row.First),
            ["was"] = CaptureWord.Of(row.Piece.Class),
            ["text"] = row.Reading.Text,
            ["number"] = row.Reading.Number,
            ["first_seen"] = row.First,
            ["lines"] = row.Reading.Lines.Length,
            ["total"] = row.Reading.Total?.Dong,
        })]),
    };

    private static string Word(ReceiptReading reading, long? first) => first is null ? CaptureWord.Of(reading.Class) : CaptureWord.Of(CaptureClass.Reprint);

    private static string What(ReceiptReading reading, long? first) => reading.Class != CaptureClass.Sale ? reading.Text
        : first is { } seen ? string.Create(CultureInfo.InvariantCulture, $"receipt {reading.Number} was capture {seen} first")
        : string.Create(CultureInfo.InvariantCulture, $"receipt {reading.Number}, {reading.Lines.Length} goods, {reading.Total}");
}
