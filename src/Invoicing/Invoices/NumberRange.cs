namespace Invoicing.Invoices;

/// <summary>Invoice numbers (SHDon), first to last, under one series and so of one year. Belongs to one chain (design.md 5.16).</summary>
/// <remarks>
/// Immutable. The series is a coded one: whatever takes a number here takes an authority code too. Source for the eight digits:
/// Decision 1271/QĐ-CT, element SHDon.
/// </remarks>
public sealed record NumberRange
{
    /// <summary>Largest number: eight digits.</summary>
    public const int MaxNumber = 99_999_999;

    /// <summary>Names a range.</summary>
    /// <param name="series">A coded series; its year is the year of issue.</param>
    /// <param name="first">First number, 1..99,999,999.</param>
    /// <param name="last">Last number, not before the first.</param>
    /// <exception cref="ArgumentException">Not a range; ask <see cref="IsValid"/> first for parts that come from elsewhere.</exception>
    public NumberRange(InvoiceSeries series, int first, int last)
    {
        if (!IsValid(series, first, last))
        {
            throw new ArgumentException(
                $"expected a coded series and 1 <= first <= last <= {MaxNumber}, found '{series}' {first}..{last}", nameof(series));
        }

        Series = series;
        First = first;
        Last = last;
    }

    /// <summary>The series.</summary>
    public InvoiceSeries Series { get; }

    /// <summary>First number.</summary>
    public int First { get; }

    /// <summary>Last number.</summary>
    public int Last { get; }

    /// <summary>How many numbers.</summary>
    public int Count => Last - First + 1;

    /// <summary>Whether parts name a range.</summary>
    public static bool IsValid(InvoiceSeries series, int first, int last) =>
        series.IsCoded && first >= 1 && first <= last && last <= MaxNumber;

    /// <summary>Whether some numbers lie in both.</summary>
    public bool Overlaps(NumberRange other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Series == other.Series && First <= other.Last && other.First <= Last;
    }

    /// <summary><c>C26MAA 1..100000</c>.</summary>
    public override string ToString() => $"{Series} {First}..{Last}";
}
