using System.Text;
using Invoicing.Registers.Eutron.Framing;
using Invoicing.Registers.Eutron.Records;

namespace Invoicing.Registers.Eutron;

/// <summary>The table of articles as it is read slice by slice, and what it said when it was whole last. One thread at a time.</summary>
/// <remarks>
/// A register of the family has up to 10,001 rows of 71 bytes: a minute at 115,200 baud, thirteen at 9,600. So the table outlives connections and
/// starts, and is looked through again a slice at a time, in moments in which there are no sales to read.
/// </remarks>
internal sealed class ArticleNames(Encoding encoding)
{
    /// <summary>Number of the first article's row; smaller numbers are whole tables (registers.md §3.1).</summary>
    public const int FirstRow = 10_001;

    /// <summary>Number of the last article's row that can be.</summary>
    public const int LastRow = 49_999;

    /// <summary>Rows that are asked for at once: at 9,600 baud a sale waits 4 s for them at most.</summary>
    public const int Slice = 50;

    /// <summary>Most articles without a name that are remembered until the names are read again.</summary>
    private const int MaxMissing = 1_000;

    private readonly List<ReadOnlyMemory<byte>> _rows = [];
    private readonly HashSet<long> _missing = [];
    private bool _isChanged;

    /// <summary>The names.</summary>
    public PluTable Table { get; private set; } = PluTable.Empty;

    /// <summary>Rows that were looked through since the beginning of the table; 0 between two times.</summary>
    public int At { get; private set; }

    /// <summary>Whether the table was once read to its end, now or at an earlier start.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>When it was read to its end last, or kept so.</summary>
    public DateTimeOffset ReadAt { get; private set; }

    /// <summary>Takes a table as it was kept.</summary>
    public void Load(ReadOnlyMemory<byte> kept)
    {
        _rows.AddRange(PluTable.Split(kept));
        Table = PluTable.Of(_rows, encoding);
        IsWhole = true;
    }

    /// <summary>The rows that come next.</summary>
    /// <param name="table">Number of the table in the options.</param>
    public TableRange Next(int table) => table < FirstRow
        ? new((ushort)table, null)
        : new((ushort)(table + At), (ushort)Math.Min(table + At + Slice - 1, LastRow));

    /// <summary>Takes the rows that were asked for.</summary>
    /// <param name="range">What was asked for.</param>
    /// <param name="rows">The rows, in their order.</param>
    /// <param name="now">The gateway's clock.</param>
    /// <returns>Whether that was the table's end.</returns>
    public bool Take(TableRange range, IReadOnlyList<ReadOnlyMemory<byte>> rows, DateTimeOffset now)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            int row = At + i;
            if (row >= _rows.Count)
            {
                _rows.Add(rows[i]);
                _isChanged = true;
            }
            else if (!_rows[row].Span.SequenceEqual(rows[i].Span))
            {
                _rows[row] = rows[i];
                _isChanged = true;
            }
        }

        At += rows.Count;
        bool isEnd = range.Last is not { } last || rows.Count != last - range.First + 1 || last == LastRow;
        if (isEnd && At < _rows.Count)
        {
            _rows.RemoveRange(At, _rows.Count - At);
            _isChanged = true;
        }

        if (isEnd)
        {
            (At, IsWhole, ReadAt) = (0, true, now);
            _missing.Clear();
        }

        return isEnd;
    }

    /// <summary>Makes the names of the rows that were read.</summary>
    /// <returns>Whether any changed.</returns>
    public bool Apply()
    {
        bool isChanged = _isChanged;
        Table = isChanged ? PluTable.Of(_rows, encoding) : Table;
        _isChanged = false;
        return isChanged;
    }

    /// <summary>The register does not tell its table now: it is asked again when the names are old again.</summary>
    public void Postpone(DateTimeOffset now) => ReadAt = now;

    /// <summary>Begins at the table's first row.</summary>
    public void Restart() => At = 0;

    /// <summary>Whether an article has no name, and that is news.</summary>
    public bool IsNews(long article) => Table.NameOf(article) is null && _missing.Count < MaxMissing && _missing.Add(article);
}
