namespace Invoicing.Benchmarks.Rpc;

/// <summary>What one case came to.</summary>
/// <param name="Name">The case.</param>
/// <param name="Ours">Median messages per second over the layer.</param>
/// <param name="Bare">Median messages per second over bare HTTP/2.</param>
/// <param name="Ratio">Median of the pairs' ratios.</param>
/// <param name="Spread">Between the quartiles of the ratios, as a part of the median.</param>
/// <param name="Goal">Least ratio.</param>
/// <param name="LeastRate">Least messages per second.</param>
/// <param name="BytesPerMessage">Allocated by the calling process for each message over the layer.</param>
internal sealed record RpcResult(
    string Name, double Ours, double Bare, double Ratio, double Spread, double Goal, double LeastRate, double BytesPerMessage)
{
    private const double LargestSpread = 0.2;

    /// <summary>"fit", or "unfit" where the pairs differ too much to say anything.</summary>
    public string Verdict => Spread > LargestSpread ? "unfit" : "fit";

    /// <summary>Whether the goals are reached.</summary>
    public bool Met => Ratio >= Goal && Ours >= LeastRate;

    public static RpcResult Of(RpcCase one, IReadOnlyList<(double Ours, double Bare)> rates, double bytesPerMessage)
    {
        double[] ratios = [.. rates.Select(pair => pair.Ours / pair.Bare).Order()];
        double ratio = Quantile(ratios, 0.5);
        double spread = (Quantile(ratios, 0.75) - Quantile(ratios, 0.25)) / ratio;
        return new RpcResult(
            one.Name,
            Math.Round(Quantile([.. rates.Select(pair => pair.Ours).Order()], 0.5)),
            Math.Round(Quantile([.. rates.Select(pair => pair.Bare).Order()], 0.5)),
            Math.Round(ratio, 3),
            Math.Round(spread, 3),
            one.Goal,
            one.LeastRate,
            Math.Round(bytesPerMessage));
    }

    public override string ToString() =>
        $"{Name,-20} ours {Ours,9:0}/s  bare {Bare,9:0}/s  ratio {Ratio:0.000}  spread {Spread:0.000} {Verdict}  {BytesPerMessage:0} B/message";

    private static double Quantile(double[] sorted, double part)
    {
        double at = part * (sorted.Length - 1);
        int below = (int)at;
        return below + 1 == sorted.Length
            ? sorted[below]
            : sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below]));
    }
}
