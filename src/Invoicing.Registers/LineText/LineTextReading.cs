using System.Collections.Immutable;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Receipts;
using Invoicing.Registers.Text;
using Invoicing.Sales;

namespace Invoicing.Registers.LineText;

/// <summary>Reads kept receipts of plain text. Knows nothing but their bytes and the settings, so it says the same again.</summary>
/// <exception cref="Invoicing.Settings.SettingsException">A pattern of the template cannot be used. Thrown by the constructor.</exception>
internal sealed class LineTextReading(LineTextOptions options)
{
    private readonly ReceiptReader? _reader = options.Template is null ? null : new(options.Template);

    /// <summary>Reads a kept receipt.</summary>
    internal CaptureReading Read(KeptCapture piece)
    {
        ReceiptReading reading = Preview(piece.Bytes, piece.IsWhole).Reading;
        return new(reading.Judgement(CaptureAlarm.IsBad(reading.Class)), key => reading.ToRecord(key, piece, piece.Bytes))
        {
            Number = options.Template is { NumbersInSequence: true } && reading.Number is { } number ? new(number, reading.Scope) : null,
        };
    }

    /// <summary>Reads a receipt.</summary>
    internal ReceiptPreview Preview(ReadOnlyMemory<byte> bytes, bool isWhole)
    {
        ImmutableArray<string> lines = LinesOf(bytes.Span, options.CodePage);
        const string Torn = "expected the receipt to go on to its end, found it cut off; have it written again";
        return new(lines, !isWhole
            ? _reader?.ReadTorn(lines, Torn) ?? new(CaptureClass.Torn, Torn)
            : _reader?.Read(lines)
                ?? new(CaptureClass.NotRead, "expected a template for this register, found none; make one with 'template' from what is captured"));
    }

    /// <summary>Lines without their ends.</summary>
    internal static ImmutableArray<string> LinesOf(ReadOnlySpan<byte> bytes, CodePage page)
    {
        ImmutableArray<string>.Builder lines = ImmutableArray.CreateBuilder<string>();
        foreach (Range line in SplitEnds(bytes))
        {
            lines.Add(CodePageDecoder.Line(page, bytes[line]));
        }

        return lines.ToImmutable();
    }

    /// <summary>Where the lines stand, without their ends.</summary>
    internal static List<Range> SplitEnds(ReadOnlySpan<byte> bytes)
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
}
