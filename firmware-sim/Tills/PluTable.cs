using System.Globalization;
using FirmwareSim.Baskets;

namespace FirmwareSim.Tills;

/// <summary>The register's table of articles: numbers, names and prices. Names change; safe for any number of threads.</summary>
internal sealed class PluTable
{
    private const int LongestNumber = 14;

    private readonly Lock _gate = new();
    private readonly List<PluRow> _rows = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    /// <summary>Makes the table of what the price list sells.</summary>
    /// <param name="rows">Rows that it has at least: those beyond the price list are articles that nobody buys.</param>
    public PluTable(int rows = 0)
    {
        foreach (Article article in PriceList.Shelves.SelectMany(shelf => shelf))
        {
            _places.TryAdd(article.Code, _rows.Count);
            _rows.Add(new PluRow(NumberOf(article.Code, _rows.Count + 1), Vietnamese.Plain(article.Name), DepartmentOf(article.Class), article.Price));
        }

        const long FirstUnsold = 20_000_000;
        while (_rows.Count < rows)
        {
            _rows.Add(new PluRow(FirstUnsold + _rows.Count, $"Hang {_rows.Count}", 1, 1_000));
        }
    }

    /// <summary>All rows as they are now.</summary>
    public IReadOnlyList<PluRow> Rows
    {
        get
        {
            lock (_gate)
            {
                return [.. _rows];
            }
        }
    }

    /// <summary>One department for each tax class, from 1.</summary>
    public static int DepartmentOf(TaxClass taxClass) => taxClass switch
    {
        TaxClass.NotSubject => 1,
        TaxClass.FivePercent => 2,
        TaxClass.EightPercent => 3,
        _ => 4,
    };

    /// <summary>The row of an article as it is now.</summary>
    public PluRow Of(Article article)
    {
        lock (_gate)
        {
            return _rows[_places[article.Code]];
        }
    }

    /// <summary>The row of a number, if there is one.</summary>
    public PluRow? Find(long number)
    {
        lock (_gate)
        {
            return _rows.FirstOrDefault(row => row.Number == number);
        }
    }

    /// <summary>From now on the article is called something else.</summary>
    public void Rename(long number)
    {
        lock (_gate)
        {
            int place = _rows.FindIndex(row => row.Number == number);
            _rows[place] = _rows[place] with { Name = "Moi " + _rows[place].Name };
        }
    }

    /// <summary>A bar code is its own number; a code with letters gets its place in the table.</summary>
    private static long NumberOf(string code, int place) =>
        code.Length <= LongestNumber && long.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : place;
}
