using System.Globalization;
using System.Text;
using Invoicing.Hashing;
using Invoicing.Sales;

namespace Invoicing.Registers.Drivers;

/// <summary>Receipts that a till must have printed and that never came, told by the numbers before and behind them.</summary>
/// <remarks>
/// It is kept as a piece of its own in the book of captures, and so takes a record in the chain like any other loss. Its bytes begin with a
/// control character that no line of text and no print job begins with.
/// </remarks>
/// <param name="First">The first number, as the till would have printed it.</param>
/// <param name="Last">The last number.</param>
internal sealed record NumberGap(string First, string Last)
{
    /// <summary>What its piece begins with.</summary>
    private static ReadOnlySpan<byte> Mark => "\0receipt numbers that never came\n"u8;

    /// <summary>The piece.</summary>
    internal ReadOnlyMemory<byte> ToBytes() => (byte[])[.. Mark, .. Encoding.UTF8.GetBytes($"{First}\n{Last}\n")];

    /// <summary>Reads a piece.</summary>
    /// <returns>The gap; <see langword="null"/> if the piece is none.</returns>
    internal static NumberGap? Of(ReadOnlySpan<byte> piece) =>
        piece.StartsWith(Mark) && Encoding.UTF8.GetString(piece[Mark.Length..]).Split('\n') is [{ Length: > 0 } first, { Length: > 0 } last, ""]
            ? new(first, last)
            : null;

    /// <summary>What a book of captures has to know of it, and the record it becomes.</summary>
    internal CaptureReading Reading(KeptCapture piece)
    {
        string text = First == Last
            ? $"receipt {First} never came: its print was lost on the line, or the till leaves numbers out; look for it at the till"
            : $"receipts {First} to {Last} never came: their prints were lost on the line, or the till leaves numbers out; look for them at the till";
        return new(new(CaptureClass.Torn, text, null, TakesRecord: true), key => new()
        {
            Key = key,
            Kind = RecordKind.Sale,
            Hash = Sha256Hash.Of(piece.Bytes.Span),
            Bytes = piece.Bytes,
            Unreadable = string.Create(CultureInfo.InvariantCulture, $"print {piece.Number}: {text}"),
        });
    }
}
