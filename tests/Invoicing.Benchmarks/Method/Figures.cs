namespace Invoicing.Benchmarks.Method;

/// <summary>What a few interleaved runs come to: their median, and how far apart they lie. The same for every benchmark.</summary>
internal static class Figures
{
    /// <summary>Largest spread of a figure that says something. Source: design.md §6.</summary>
    public const double LargestSpread = 0.20;

    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values) => Quantile([.. values.Order()], 0.5);

    /// <summary>From the least to the largest, as a part of the median, to three places. Of the pairs' ratios where there are pairs.</summary>
    public static double Spread(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return Math.Round((sorted[^1] - sorted[0]) / Quantile(sorted, 0.5), 3);
    }

    /// <summary>Whether a figure of this spread says something.</summary>
    public static bool IsFit(double spread) => spread <= LargestSpread;

    /// <summary>"fit" or "unfit".</summary>
    public static string Fitness(double spread) => IsFit(spread) ? "fit" : "unfit";

    /// <summary>The value below which this part of the sorted values lies, between two of them in proportion.</summary>
    public static double Quantile(double[] sorted, double part)
    {
        double at = part * (sorted.Length - 1);
        int below = (int)at;
        return below + 1 >= sorted.Length ? sorted[^1] : sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below]));
    }
}
