using System.Collections.Immutable;
using System.Text;
using Invoicing.Registers.Text;
using Invoicing.Vietnam;

namespace Invoicing.Registers.EscPos.Pages;

/// <summary>Puts characters into the columns of a line and lines under each other.</summary>
internal sealed class LineWriter
{
    /// <summary>Longest line where the printer's width is not set: beyond it the job is no receipt.</summary>
    private const int MostCharacters = 512;

    private readonly ImmutableArray<string>.Builder _lines = ImmutableArray.CreateBuilder<string>();
    private readonly StringBuilder _line = new();
    private int _column;

    /// <summary>Columns of the paper in the font in force; 0 for no end.</summary>
    internal int Columns { get; set; }

    /// <summary>Columns that a character takes: 1 to 8.</summary>
    internal int Width { get; set; } = 1;

    /// <summary>Whether lines were left out because there were too many.</summary>
    internal bool IsTooLong { get; private set; }

    /// <summary>The lines that have something on them.</summary>
    internal ImmutableArray<string> Lines => _lines.ToImmutable();

    /// <summary>Puts a character, or a mark upon the one before it.</summary>
    internal void Put(char c)
    {
        if (!ComposingDecoder.IsMark(c))
        {
            int columns = Columns > 0 ? Columns : MostCharacters;
            if (_column + Width > columns && _column > 0)
            {
                End();
            }

            _column += Width;
        }

        _line.Append(c);
    }

    /// <summary>Moves right to a column; to the left only as far as to leave a blank between what stood there and what comes.</summary>
    internal void MoveTo(int column)
    {
        int to = Math.Min(column, Columns > 0 ? Columns - 1 : MostCharacters - 1);
        int blanks = Math.Max(to - _column, _column > 0 ? 1 : 0);
        _line.Append(' ', blanks);
        _column += blanks;
    }

    /// <summary>Moves right to the next of the tab stops; without one, nowhere.</summary>
    internal void Tab(ReadOnlySpan<byte> stops)
    {
        foreach (byte stop in stops)
        {
            if (stop > _column)
            {
                MoveTo(stop);
                return;
            }
        }
    }

    /// <summary>Ends the line.</summary>
    internal void End()
    {
        string line = VietnameseText.Compose(_line.ToString()).TrimEnd();
        Clear();
        if (line.Length == 0)
        {
            return;
        }

        if (_lines.Count == PageReader.MostLines)
        {
            IsTooLong = true;
            return;
        }

        _lines.Add(line);
    }

    /// <summary>Takes back what the line holds so far.</summary>
    internal void Clear()
    {
        _line.Clear();
        _column = 0;
    }
}
