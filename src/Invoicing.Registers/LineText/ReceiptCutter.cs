using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Invoicing.Registers.Text;

namespace Invoicing.Registers.LineText;

/// <summary>Cuts a stream of text into lines, and lines into receipts. Pure: no line, no clock.</summary>
/// <remarks>
/// A line ends with CR, LF or both, in either order, or when it is too long. Memory: one receipt of at most
/// <see cref="LineTextOptions.MaxLines"/> lines of <see cref="LineTextOptions.MaxLine"/> bytes.
/// Any way of chunking the bytes cuts the same receipts.
/// </remarks>
internal sealed class ReceiptCutter(LineTextOptions options)
{
    private const byte Cr = (byte)'\r';
    private const byte Lf = (byte)'\n';

    private readonly Regex? _start = LineTextOptions.Compiled(options.Start);
    private readonly Regex? _end = LineTextOptions.Compiled(options.End);
    private readonly List<byte> _receipt = [];
    private readonly List<byte> _line = [];
    private int _lines;
    private byte _lastEnd;

    /// <summary>Whether a receipt, or the line that may begin one, is under way.</summary>
    public bool IsOpen => _lines > 0 || _line.Count > 0;

    /// <summary>Lines outside of a receipt.</summary>
    public long Outside { get; private set; }

    /// <summary>Lines that were longer than they may be.</summary>
    public long TooLong { get; private set; }

    /// <summary>Takes bytes.</summary>
    /// <param name="bytes">What came; shortened by what was taken.</param>
    /// <param name="receipt">A receipt that ended in them.</param>
    /// <returns>Whether one did; then there may be more in what is left.</returns>
    public bool TryCut(ref ReadOnlySpan<byte> bytes, out CutReceipt receipt)
    {
        while (!bytes.IsEmpty)
        {
            byte next = bytes[0];
            bool isEnd = next is Cr or Lf;
            if (isEnd && _lastEnd != 0 && _lastEnd != next && _line.Count == 0)
            {
                _lastEnd = 0; // the second half of CR LF or LF CR
                Add(next);
                bytes = bytes[1..];
                continue;
            }

            _lastEnd = isEnd ? next : (byte)0;
            if (isEnd || _line.Count == options.MaxLine)
            {
                TooLong += isEnd ? 0 : 1;
                if (TryEndLine(isEnd ? next : null, out receipt, out bool isTaken))
                {
                    bytes = isEnd && isTaken ? bytes[1..] : bytes;
                    return true;
                }

                bytes = isEnd ? bytes[1..] : bytes;
                continue;
            }

            _line.Add(next);
            bytes = bytes[1..];
        }

        receipt = default;
        return false;
    }

    /// <summary>Nothing came for <see cref="LineTextOptions.IdleTimeout"/>.</summary>
    /// <returns>The receipt that was under way; <see langword="null"/> if none was.</returns>
    public CutReceipt? OnSilence() => OnEnd(
        isWhole: _end is null, $"no line came for {options.IdleTimeout.TotalSeconds:0} s");

    /// <summary>The line is gone.</summary>
    /// <returns>The receipt that was under way; <see langword="null"/> if none was.</returns>
    public CutReceipt? OnCut() => OnEnd(isWhole: false, "the line was cut");

    private CutReceipt? OnEnd(bool isWhole, string reason)
    {
        // Half of a line may be the beginning of a receipt's first, whatever it says; blanks say nothing.
        if (_line.Count > 0 && (_lines > 0 || !string.IsNullOrWhiteSpace(TextOf(_line))))
        {
            _receipt.AddRange(_line);
            _lines++;
        }

        _line.Clear();
        _lastEnd = 0;
        return _lines == 0 ? null : Cut(isWhole, isWhole ? string.Empty : reason);
    }

    /// <summary>Ends the line in hand.</summary>
    /// <param name="end">The byte that ended it; <see langword="null"/> if it was too long.</param>
    /// <param name="receipt">A receipt that ended before it or with it.</param>
    /// <param name="isTaken">Whether the line was taken; if not, it is to be ended again, as the first of the next receipt.</param>
    private bool TryEndLine(byte? end, out CutReceipt receipt, out bool isTaken)
    {
        string text = TextOf(_line);
        bool begins = Begins(text);
        isTaken = false;
        if (_lines > 0 && _start is not null && begins)
        {
            receipt = Cut(isWhole: false, "the next receipt began before its end");
            _lastEnd = 0;
            return true;
        }

        isTaken = true;
        receipt = default;
        if (_lines == 0 && !begins)
        {
            Outside += text.Length == 0 ? 0 : 1;
            _line.Clear();
            return false;
        }

        _receipt.AddRange(_line);
        _line.Clear();
        _lines++;
        if (end is { } mark)
        {
            _receipt.Add(mark);
        }

        bool isEnd = _end is not null && _end.IsMatch(text);
        if (isEnd || _lines >= options.MaxLines)
        {
            receipt = Cut(isEnd, isEnd ? string.Empty : $"more than {options.MaxLines} lines");
            return true;
        }

        return false;
    }

    private bool Begins(string text) => _start is null ? text.Length > 0 && !string.IsNullOrWhiteSpace(text) : _start.IsMatch(text);

    private void Add(byte next)
    {
        if (_lines > 0)
        {
            _receipt.Add(next);
        }
    }

    private CutReceipt Cut(bool isWhole, string reason)
    {
        CutReceipt receipt = new(_receipt.ToArray(), isWhole, reason);
        _receipt.Clear();
        _lines = 0;
        return receipt;
    }

    /// <summary>The line without marks, as patterns are matched.</summary>
    private string TextOf(List<byte> line) => PlainLetters.Of(CodePageDecoder.Line(options.CodePage, CollectionsMarshal.AsSpan(line)));
}
