namespace Invoicing.Registers.Eutron;

/// <summary>Finds an article's row by halving the table: a register of the family does the same with each sale, so its rows are in the order of their codes. Pure.</summary>
/// <remarks>
/// Rows are numbered from 0. Of 40,000 rows that can be, 16 are asked for at most. A table that somebody wrote in another order shows by a code that does
/// not fit between those on either side of it.
/// </remarks>
internal sealed class ArticleSearch
{
    private readonly long _article;
    private int _low;
    private int _high;
    private int? _guess;
    private long _below = long.MinValue;
    private long _above = long.MaxValue;

    /// <summary>Begins to look for an article.</summary>
    /// <param name="article">Its code.</param>
    /// <param name="rows">How many rows the table can have; those behind its last article are empty.</param>
    public ArticleSearch(long article, int rows)
    {
        _article = article;
        _high = rows - 1;
        _guess = article >= 1 && article <= rows ? (int)article - 1 : null; // codes that are counted from 1 stand in their own rows
    }

    /// <summary>The row to look at next; <see langword="null"/> if nothing is left to look at.</summary>
    public int? Next => IsUnordered || Found is not null || _low > _high ? null : _guess ?? ((_low + _high) / 2);

    /// <summary>The article's row, once it is found.</summary>
    public int? Found { get; private set; }

    /// <summary>Whether the rows are not in the order of their codes, so that nothing is known of where the article is.</summary>
    public bool IsUnordered { get; private set; }

    /// <summary>Takes what stands in the row that <see cref="Next"/> told.</summary>
    /// <param name="code">The article's code there; <see langword="null"/> if the row is empty.</param>
    public void Take(long? code)
    {
        int at = Next ?? throw new InvalidOperationException("expected a search that is not over");
        _guess = null;
        if (code is not { } there)
        {
            _high = at - 1;
            _above = long.MaxValue;
            return;
        }

        IsUnordered = there <= _below || there >= _above;
        if (IsUnordered)
        {
            return;
        }

        if (there == _article)
        {
            Found = at;
        }
        else if (there < _article)
        {
            (_low, _below) = (at + 1, there);
        }
        else
        {
            (_high, _above) = (at - 1, there);
        }
    }
}
