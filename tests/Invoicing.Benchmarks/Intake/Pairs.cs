namespace Invoicing.Benchmarks.Intake;

/// <summary>Figures of interleaved runs: median, and how far apart they lie.</summary>
internal static class Pairs
{
    /// <summary>A result whose runs lie further apart says nothing. Source: design.md §6.</summary>
    public const double LargestSpread = 0.2;

    public static double Median(IEnumerable<double> values) => Quantile([.. values.Order()], 0.5);

    /// <summary>Between the quartiles, as a part of the median.</summary>
    public static double Spread(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return Math.Round((Quantile(sorted, 0.75) - Quantile(sorted, 0.25)) / Quantile(sorted, 0.5), 3);
    }

    public static double Quantile(double[] sorted, double part)
    {
        double at = part * (sorted.Length - 1);
        int below = (int)at;
        return below + 1 >= sorted.Length ? sorted[^1] : sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below]));
    }

    public static string Fitness(double spread) => spread > LargestSpread ? "unfit" : "fit";
}
