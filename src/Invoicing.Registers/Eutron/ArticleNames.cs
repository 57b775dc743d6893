using System.Text;
using Invoicing.Registers.Eutron.Framing;
using Invoicing.Registers.Eutron.Records;

namespace Invoicing.Registers.Eutron;

/// <summary>
/// The names of a register's articles: the rows that a sale needed, and the whole table as it is looked through slice by slice. One thread at a time.
/// </summary>
/// <remarks>
/// A register of the family has up to 10,001 rows of 72 bytes: a minute at 115,200 baud, thirteen at 9,600. So the table outlives connections and
/// starts and is looked through in moments in which there are no sales to read; a sale waits only for the rows of its own articles. A name holds
/// from the moment at which its row was read.
/// </remarks>
internal sealed class ArticleNames(Encoding encoding)
{
    /// <summary>Number of the first article's row; smaller numbers are whole tables (registers.md §3.1).</summary>
    public const int FirstRow = 10_001;

    /// <summary>Number of the last article's row that can be.</summary>
    public const int LastRow = 49_999;

    /// <summary>How long a slice may take: a register that tells its table hears neither its keys nor a question about sales.</summary>
    public static readonly TimeSpan SliceTime = TimeSpan.FromSeconds(1);

    /// <summary>Rows of the first slice: 0.8 s at 9,600 baud.</summary>
    private const int FirstSlice = 10;

    /// <summary>Fewest rows of a slice: at 1,200 baud 1.3 s.</summary>
    private const int MinSlice = 2;

    /// <summary>Most rows of a slice: 0.4 s at 115,200 baud.</summary>
    private const int MaxSlice = 50;

    /// <summary>Most articles without a name that are remembered until the table was looked through.</summary>
    private const int MaxMissing = 1_000;

    private readonly List<ReadOnlyMemory<byte>> _rows = [];
    private readonly Dictionary<long, string> _names = [];
    private readonly Dictionary<int, ReadOnlyMemory<byte>?> _seen = [];
    private readonly HashSet<long> _missing = [];
    private readonly HashSet<long> _doubtful = [];
    private int _slice = FirstSlice;
    private bool _isChanged;

    /// <summary>How many articles have names.</summary>
    public int Count => _names.Count;

    /// <summary>Rows that were looked through since the beginning of the table; 0 between two times.</summary>
    public int At { get; private set; }

    /// <summary>Whether the table was once read to its end, now or at an earlier start.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>When it was read to its end last, or kept so.</summary>
    public DateTimeOffset ReadAt { get; private set; }

    /// <summary>Rows that were asked for by themselves to find articles, empty ones as <see langword="null"/>: fewer than the table has.</summary>
    public IReadOnlyDictionary<int, ReadOnlyMemory<byte>?> Seen => _seen;

    /// <summary>Takes a table as it was kept.</summary>
    public void Load(ReadOnlyMemory<byte> kept)
    {
        _rows.AddRange(PluTable.Split(kept));
        _rows.ForEach(Learn);
        IsWhole = true;
    }

    /// <summary>The table as it is kept.</summary>
    public byte[] ToBytes() => PluTable.Join(_rows);

    /// <summary>The names of some articles.</summary>
    public PluTable Of(IEnumerable<long> articles) =>
        PluTable.Of(articles.Distinct().Where(_names.ContainsKey).Select(article => KeyValuePair.Create(article, _names[article])));

    /// <summary>Whether an article has a name.</summary>
    public bool Has(long article) => _names.ContainsKey(article);

    /// <summary>Whether an article has no name, and nobody looked for it since the table was last looked through.</summary>
    public bool IsNews(long article) => article > 0 && !_names.ContainsKey(article) && !_missing.Contains(article) && _missing.Count < MaxMissing;

    /// <summary>An article was looked for and is not in the table: the code may be one that a damaged frame made.</summary>
    public void Miss(long article)
    {
        if (_missing.Add(article))
        {
            _doubtful.Add(article);
        }
    }

    /// <summary>Whether an article is not in the table, and nothing says yet that its code was read as it was written.</summary>
    public bool IsDoubtful(long article) => _doubtful.Contains(article);

    /// <summary>An article's code was read twice.</summary>
    public void Confirm(long article) => _doubtful.Remove(article);

    /// <summary>Takes the row of an article as it is now.</summary>
    public void Learn(ReadOnlyMemory<byte> row)
    {
        if (PluRow.Read(row) is { } article)
        {
            _names[article.Code] = article.Name(encoding);
        }
    }

    /// <summary>Remembers a row that was asked for by itself, from 0; <see langword="null"/> is an empty one.</summary>
    public void See(int place, ReadOnlyMemory<byte>? row) => _seen[place] = row;

    /// <summary>Forgets which rows were seen: the table is another one now, or one of them was damaged on the line.</summary>
    public void ForgetSeen() => _seen.Clear();

    /// <summary>The rows that come next.</summary>
    /// <param name="table">Number of the table in the options.</param>
    public TableRange Next(int table) => table < FirstRow
        ? new((ushort)table, null)
        : new((ushort)(table + At), (ushort)Math.Min(table + At + _slice - 1, LastRow));

    /// <summary>Takes the rows that were asked for.</summary>
    /// <param name="range">What was asked for.</param>
    /// <param name="rows">The rows, in their order.</param>
    /// <param name="took">How long it took to read them.</param>
    /// <param name="now">The gateway's clock.</param>
    /// <returns>Whether that was the table's end.</returns>
    public bool Take(TableRange range, IReadOnlyList<ReadOnlyMemory<byte>> rows, TimeSpan took, DateTimeOffset now)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            Put(At + i, rows[i]);
        }

        At += rows.Count;
        if (took > TimeSpan.Zero)
        {
            _slice = (int)Math.Clamp(rows.Count * SliceTime / took, MinSlice, MaxSlice);
        }

        bool isEnd = range.Last is not { } last || rows.Count != last - range.First + 1 || last == LastRow;
        if (isEnd)
        {
            End(now);
        }

        return isEnd;
    }

    /// <summary>Whether a table that was read to its end differs from what was kept of it; it counts as kept then.</summary>
    public bool TakeChange()
    {
        bool isChanged = _isChanged;
        _isChanged = false;
        return isChanged;
    }

    /// <summary>The register does not tell its table now: it is asked again when the names are old again.</summary>
    public void Postpone(DateTimeOffset now) => ReadAt = now;

    /// <summary>Begins at the table's first row.</summary>
    public void Restart() => At = 0;

    private void Put(int place, ReadOnlyMemory<byte> row)
    {
        if (place >= _rows.Count)
        {
            _rows.Add(row);
        }
        else if (_rows[place].Span.SequenceEqual(row.Span))
        {
            return;
        }
        else
        {
            _rows[place] = row;
        }

        _isChanged = true;
        Learn(row);
    }

    private void End(DateTimeOffset now)
    {
        if (At < _rows.Count)
        {
            _rows.RemoveRange(At, _rows.Count - At);
            _isChanged = true;
        }

        if (_isChanged)
        {
            _names.Clear(); // what is no longer in the table has no name
            _rows.ForEach(Learn);
        }

        (At, IsWhole, ReadAt) = (0, true, now);
        _missing.Clear();
        _doubtful.Clear();
        _seen.Clear();
    }
}
