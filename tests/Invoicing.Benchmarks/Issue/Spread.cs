namespace Invoicing.Benchmarks.Issue;

/// <summary>Medians and spreads of a few pairs.</summary>
internal static class Spread
{
    /// <summary>Largest spread of a figure that means something.</summary>
    public const double Fit = 0.2;

    /// <summary>Half of the distance between the extremes, in parts of the median; above <see cref="Fit"/> a figure is unfit.</summary>
    public static double Of(IReadOnlyCollection<double> values) => (values.Max() - values.Min()) / 2 / Median(values);

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>A quantile of sorted latencies, in milliseconds.</summary>
    public static double Quantile(double[] sorted, double quantile) => sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * quantile)];
}
