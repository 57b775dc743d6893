using System.Text;
using Invoicing.Hashing;
using Invoicing.Registers.Drivers;
using Invoicing.Sales;

namespace Invoicing.Registers.LineText;

/// <summary>Reads kept receipts of plain text as records. Pure.</summary>
internal static class LineTextReading
{
    /// <summary>Reads a piece.</summary>
    /// <param name="piece">The piece with its bytes.</param>
    /// <param name="reader">Who understands its lines.</param>
    /// <param name="encoding">Their code page.</param>
    public static CaptureReading Read(KeptCapture piece, IReceiptReader reader, Encoding encoding)
    {
        ReceiptReading reading = piece.IsWhole
            ? reader.Read(LinesOf(piece.Bytes.Span, encoding))
            : new(CaptureClass.Torn, "cut off before its end");
        bool isSale = reading is { Class: CaptureClass.Sale, Sale: not null };

        // What may have been a sale and cannot be read has its place in the chain, where it says so; what is none has none.
        bool takesRecord = isSale || reading.Class is CaptureClass.Torn or CaptureClass.NotRead or CaptureClass.TotalsDiffer
            or CaptureClass.NoReceiptNumber;
        CaptureJudgement judgement = new(
            reading.Class, reading.Text, isSale ? reading.ReceiptKey : null, takesRecord);
        return new(judgement, key => Record(piece, key, reading));
    }

    /// <summary>Lines without their ends.</summary>
    internal static IReadOnlyList<string> LinesOf(ReadOnlySpan<byte> bytes, Encoding encoding)
    {
        List<string> lines = [];
        foreach (Range line in SplitEnds(bytes))
        {
            lines.Add(encoding.GetString(bytes[line]));
        }

        return lines;
    }

    private static List<Range> SplitEnds(ReadOnlySpan<byte> bytes)
    {
        List<Range> lines = [];
        int start = 0;
        while (start < bytes.Length)
        {
            int length = bytes[start..].IndexOfAny((byte)'\r', (byte)'\n');
            if (length < 0)
            {
                lines.Add(start..bytes.Length);
                break;
            }

            int end = start + length;
            lines.Add(start..end);
            bool isPair = end + 1 < bytes.Length && bytes[end + 1] is (byte)'\r' or (byte)'\n' && bytes[end + 1] != bytes[end];
            start = end + (isPair ? 2 : 1);
        }

        return lines;
    }

    private static RegisterRecord Record(KeptCapture piece, SaleKey key, ReceiptReading reading)
    {
        var hash = Sha256Hash.Of(piece.Bytes.Span);
        bool isSale = reading is { Class: CaptureClass.Sale, Sale: not null };
        return new()
        {
            Key = key,
            Kind = RecordKind.Sale,
            Hash = hash,
            Bytes = piece.Bytes,
            Sale = isSale ? reading.Sale! with { Key = key, RecordHash = hash } : null,
            At = piece.At,
            Unreadable = isSale ? null : $"expected a receipt that reads as a sale, found {reading.Class}: {reading.Text}",
        };
    }
}
