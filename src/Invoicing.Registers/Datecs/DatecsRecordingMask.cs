using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;
using Invoicing.Registers.Datecs.Isl;
using Invoicing.Registers.Lines;

namespace Invoicing.Registers.Datecs;

/// <summary>
/// Masks the words of replies in recordings of X and legacy frames: goods, cashiers, buyers, free text; frames keep their lengths and get new
/// checks.
/// </summary>
/// <remarks>
/// The words that the built-in layout reads by stay, and so do single letters, which are the marks of taxes and of the protocol, and numbers of fewer
/// than nine digits; digits behind a star, which are a card's, are masked. A recording therefore reads to the same amounts and numbers. The same word becomes
/// the same mask. Requests pass: they hold nobody's data. What is no frame, such as packets of a register that pushes, is masked as
/// <see cref="LongDigitsMask"/> does.
/// </remarks>
public sealed class DatecsRecordingMask : RecordingMask
{
    private static readonly Regex Word = new(@"\p{L}{2,}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private static readonly Regex PatternSign = new(@"\\[A-Za-z]", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private static readonly Regex Masked = new(@"\p{L}{2,}|[0-9]{9,}|\*[0-9]+", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private static readonly Encoding Cyrillic = CodePagesEncodingProvider.Instance.GetEncoding(DatecsOptions.DefaultCodePage)!;

    /// <summary>What stays: the layout's words, and the sign of summer time in clocks.</summary>
    private static readonly FrozenSet<string> Words = Vocabulary();

    private readonly LongDigitsMask _rest;
    private readonly List<byte> _held = new(IslShape.MaxFrame(IslDialect.X));

    /// <summary>Makes a mask.</summary>
    /// <param name="key">See <see cref="RecordingMask"/>.</param>
    public DatecsRecordingMask(ReadOnlyMemory<byte> key)
        : base(key) => _rest = new(key);

    /// <inheritdoc/>
    public override string Name => "datecs";

    /// <inheritdoc/>
    public override byte[] Take(ReadOnlySpan<byte> bytes)
    {
        List<byte> output = new(bytes.Length + _held.Count);
        foreach (byte value in bytes)
        {
            _held.Add(value);
            Sort(output, isEnd: false);
        }

        return [.. output];
    }

    /// <inheritdoc/>
    public override byte[] Finish()
    {
        List<byte> output = new(_held.Count);
        Sort(output, isEnd: true);
        output.AddRange(_rest.Finish());
        return [.. output];
    }

    private static FrozenSet<string> Vocabulary()
    {
        DatecsLayout layout = DatecsLayout.BuiltIn;
        string[] patterns =
        [
            layout.Quantity, layout.Item, layout.Sold, layout.Discount, layout.Surcharge, layout.Correction, layout.Subtotal, layout.Total, layout.Change,
            .. layout.Payments.Select(word => word.Pattern), layout.Cashier, layout.Reversal, layout.Reversed, layout.Cancelled, layout.Fiscal, layout.NonFiscal,
            layout.DayClose, layout.Report, layout.DayCount, layout.DayTotal, "DST",
        ];
        return patterns.SelectMany(pattern => Word.Matches(PatternSign.Replace(pattern, " ")).Select(match => match.Value)).Where(word => !word.Any(char.IsLower))
            .ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Gives what is decided: frames masked, anything before them as it is.</summary>
    private void Sort(List<byte> output, bool isEnd)
    {
        while (_held.Count > 0)
        {
            if (_held[0] == IslShape.Start)
            {
                byte[] held = [.. _held];
                int x = Measure(held, IslDialect.X);
                int legacy = Measure(held, IslDialect.Legacy);
                if (IsFrame(held, x) || IsFrame(held, legacy))
                {
                    bool isX = IsFrame(held, x);
                    Mask(held, isX ? IslDialect.X : IslDialect.Legacy, isX ? x : legacy, output);
                    continue;
                }

                if (!isEnd && (x < 0 || x > held.Length || legacy < 0 || legacy > held.Length))
                {
                    return; // it may still become one
                }
            }

            output.AddRange(_rest.Take([_held[0]]));
            _held.RemoveAt(0);
        }
    }

    /// <summary>How long a frame is by its LEN; -1 if LEN is not here yet, 0 if it is none.</summary>
    private static int Measure(byte[] held, IslDialect dialect)
    {
        int digits = IslShape.Digits(dialect);
        if (held.Length < 1 + digits)
        {
            return -1;
        }

        int counted = (dialect == IslDialect.Legacy ? held[1] : IslShape.ReadDigits(held.AsSpan(1, digits))) - IslShape.LengthBase;
        return counted >= IslShape.RequestOverhead(dialect) && counted <= IslShape.ReplyOverhead(dialect) + IslShape.MaxData(dialect) ? 1 + counted + 5 : 0;
    }

    private static bool IsFrame(byte[] held, int whole) => whole > 0 && whole <= held.Length
        && held[whole - 1] == IslShape.End && held[whole - 6] == IslShape.EndOfBody
        && IslShape.ReadDigits(held.AsSpan(whole - 5, 4)) == IslShape.Check(held.AsSpan(1, whole - 6));

    private void Mask(byte[] held, IslDialect dialect, int whole, List<byte> output)
    {
        byte[] frame = held[..whole];
        int from = 2 + (2 * IslShape.Digits(dialect));
        int separator = whole - 7 - IslShape.StatusLength(dialect);
        if (separator >= from && frame[separator] == IslShape.Separator)
        {
            string text = Cyrillic.GetString(frame, from, separator - from);
            foreach (Match match in Masked.Matches(text))
            {
                bool isEscaped = match.Index > 0 && frame[from + match.Index - 1] == IslShape.Escape;
                if (!isEscaped && !Words.Contains(match.Value))
                {
                    int skip = text[match.Index] == '*' ? 1 : 0;
                    Replace(frame.AsSpan(from + match.Index + skip, match.Length - skip));
                }
            }

            IslShape.WriteDigits(IslShape.Check(frame.AsSpan(1, whole - 6)), frame.AsSpan(whole - 5));
        }

        output.AddRange(_rest.Finish());
        output.AddRange(frame);
        _held.RemoveRange(0, whole);
    }
}
