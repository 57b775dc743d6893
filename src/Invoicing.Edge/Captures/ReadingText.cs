using System.Globalization;
using Invoicing.Registers.Receipts;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Edge.Captures;

/// <summary>Captures and readings as lines for people. Bounded: a print of 4 MiB does not fill a screen for minutes.</summary>
internal static class ReadingText
{
    /// <summary>Most lines of a print that are shown: a receipt of a hundred goods has 250.</summary>
    public const int MostLines = 500;

    /// <summary>Most characters of a line that are shown: no printer has more than 160 columns.</summary>
    private const int MostCharacters = 200;

    /// <summary>One line about a capture.</summary>
    public static string Of(KeptCapture piece)
    {
        string record = piece.RecordSequence is { } sequence ? string.Create(CultureInfo.InvariantCulture, $", record {sequence}") : string.Empty;
        string receipt = piece.ReceiptKey is { } key ? $", receipt {key}" : string.Empty;
        string first = piece.FirstSeen is { } seen ? string.Create(CultureInfo.InvariantCulture, $", first seen as {seen}") : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{piece.Number,7}  {piece.At.ToOffset(VietnamTime.Offset):yyyy-MM-dd HH:mm:ss}  {CaptureWord.Of(piece.Class),-17}  {piece.Length,6} bytes{record}{receipt}{first}{Why(piece)}");
    }

    /// <summary>A print's text, line by line.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<string> lines)
    {
        foreach (string line in lines.Take(MostLines))
        {
            yield return $"  | {(line.Length <= MostCharacters ? line : line[..MostCharacters] + "…")}";
        }

        if (lines.Count > MostLines)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  … and {lines.Count - MostLines} lines more");
        }
    }

    /// <summary>What a template extracts, line by line.</summary>
    public static IEnumerable<string> Of(ReceiptReading reading)
    {
        yield return $"  {CaptureWord.Of(reading.Class)}: {reading.Text}";
        if (reading.Number is not null || reading.ClosedAt is not null)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"  number {reading.Number ?? "none"}, closed {(reading.ClosedAt is { } at ? at.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "unknown")}{(reading.Cashier is { } who ? $", cashier {who}" : string.Empty)}");
        }

        foreach (SaleLine line in reading.Lines.Take(MostLines))
        {
            string discount = line.Discount.Dong == 0 ? string.Empty : $" - {line.Discount}";
            yield return string.Create(
                CultureInfo.InvariantCulture, $"    {line.Name}: {line.Quantity} x {line.UnitPrice}{discount} = {line.Amount}{(line.Rate is { } rate ? $" ({rate})" : string.Empty)}");
        }

        if (reading.ReceiptDiscount.Dong != 0)
        {
            yield return $"    discount {reading.ReceiptDiscount}";
        }

        if (reading.Total is { } total)
        {
            string paid = reading.Payments.IsEmpty ? string.Empty
                : $", paid by {string.Join(", ", reading.Payments.Select(payment => $"{payment.Means.ToString().ToLowerInvariant()} {payment.Amount}"))}";
            yield return $"    total {total}{paid}";
        }
    }

    private static string Why(KeptCapture piece) => piece.Class is CaptureClass.Sale or CaptureClass.Unjudged || piece.Text.Length == 0 ? string.Empty : $": {piece.Text}";
}
