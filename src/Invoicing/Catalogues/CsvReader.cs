using System.Text;

namespace Invoicing.Catalogues;

/// <summary>
/// Takes a CSV text apart: RFC 4180, with a separator that is found from the header, and lines that end with CR LF or LF.
/// </summary>
/// <remarks>
/// A fault is told with its line; the rest of that line is skipped and reading goes on, so that all faults are told at once.
/// </remarks>
internal sealed class CsvReader
{
    private const string Separators = ";,\t";
    private readonly string _text;
    private readonly ReadingFaults _faults;
    private int _at;
    private int _line = 1;

    public CsvReader(string text, ReadingFaults faults)
    {
        _text = text;
        _faults = faults;
        Separator = FindSeparator(text);
    }

    /// <summary>
    /// The one of <c>;</c>, <c>,</c> and tab that stands most often in the header outside quotes; the comma if none does.
    /// </summary>
    public char Separator { get; }

    /// <summary>The next row that has no fault.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryRead(out CsvRow row)
    {
        while (_at < _text.Length)
        {
            int first = _line;
            if (TryReadRow(out List<string> fields))
            {
                row = new(first, [.. fields]);
                return true;
            }
        }

        row = default;
        return false;
    }

    private static char FindSeparator(string text)
    {
        Span<int> counts = stackalloc int[Separators.Length];
        bool isQuoted = false;
        foreach (char c in text)
        {
            if (c == '\n' && !isQuoted)
            {
                break;
            }

            isQuoted ^= c == '"';
            int which = Separators.IndexOf(c, StringComparison.Ordinal);
            if (which >= 0 && !isQuoted)
            {
                counts[which]++;
            }
        }

        int most = counts.IndexOf(Math.Max(counts[0], Math.Max(counts[1], counts[2])));
        return counts[most] == 0 ? ',' : Separators[most];
    }

    // row = field *( separator field ) ( LF / CR LF / end )
    private bool TryReadRow(out List<string> fields)
    {
        fields = [];
        while (true)
        {
            if (!TryReadField(out string field))
            {
                SkipLine();
                return false;
            }

            fields.Add(field);
            if (_at == _text.Length || _text[_at] != Separator)
            {
                EndLine();
                return true;
            }

            _at++;
        }
    }

    // field = *( any but separator, quote, line end ) / quote *( any but quote / 2quote ) quote
    private bool TryReadField(out string field)
    {
        if (_at < _text.Length && _text[_at] == '"')
        {
            return TryReadQuoted(out field);
        }

        int start = _at;
        while (_at < _text.Length && _text[_at] != Separator && !IsLineEnd(_at))
        {
            if (_text[_at] == '"')
            {
                field = string.Empty;
                _faults.Add(
                    _line, string.Empty, "quotes around the whole field, doubled inside it", CatalogueText.Show(_text[start..(_at + 1)]));
                return false;
            }

            _at++;
        }

        field = _text[start.._at];
        return true;
    }

    private bool TryReadQuoted(out string field)
    {
        int first = _line;
        var read = new StringBuilder();
        for (_at++; _at < _text.Length; _at++)
        {
            char c = _text[_at];
            if (c == '"' && (_at + 1 == _text.Length || _text[_at + 1] != '"'))
            {
                _at++;
                field = read.ToString();
                if (_at == _text.Length || _text[_at] == Separator || IsLineEnd(_at))
                {
                    return true;
                }

                _faults.Add(
                    _line, string.Empty, "a separator or the line's end after a closing quote", CatalogueText.Show(_text[_at].ToString()));
                return false;
            }

            _at += c == '"' ? 1 : 0;
            _line += c == '\n' ? 1 : 0;
            read.Append(c);
        }

        field = string.Empty;
        _faults.Add(first, string.Empty, "a closing quote", "the end of the file");
        return false;
    }

    private bool IsLineEnd(int at) => _text[at] == '\n' || (_text[at] == '\r' && at + 1 < _text.Length && _text[at + 1] == '\n');

    private void EndLine()
    {
        if (_at < _text.Length)
        {
            _at += _text[_at] == '\r' ? 2 : 1;
            _line++;
        }
    }

    private void SkipLine()
    {
        while (_at < _text.Length && _text[_at] != '\n')
        {
            _at++;
        }

        EndLine();
    }
}
