using Invoicing.Benchmarks.Method;

namespace Invoicing.Benchmarks.Rpc;

/// <summary>What one case came to.</summary>
/// <param name="Name">The case.</param>
/// <param name="Ours">Median messages per second over the layer.</param>
/// <param name="Bare">Median messages per second over bare HTTP/2.</param>
/// <param name="Ratio">Median of the pairs' ratios.</param>
/// <param name="Spread">From the least to the largest of the ratios, as a part of the median.</param>
/// <param name="Goal">Least ratio.</param>
/// <param name="LeastRate">Least messages per second.</param>
/// <param name="BytesPerMessage">Allocated by the calling process for each message over the layer.</param>
internal sealed record RpcResult(
    string Name, double Ours, double Bare, double Ratio, double Spread, double Goal, double LeastRate, double BytesPerMessage)
{
    /// <summary>"fit", or "unfit" where the pairs differ too much to say anything.</summary>
    public string Verdict => Figures.Fitness(Spread);

    /// <summary>Whether the goals are reached.</summary>
    public bool Met => Ratio >= Goal && Ours >= LeastRate;

    public static RpcResult Of(RpcCase one, IReadOnlyList<(double Ours, double Bare)> rates, double bytesPerMessage)
    {
        double[] ratios = [.. rates.Select(pair => pair.Ours / pair.Bare)];
        return new RpcResult(
            one.Name,
            Math.Round(Figures.Median(rates.Select(pair => pair.Ours))),
            Math.Round(Figures.Median(rates.Select(pair => pair.Bare))),
            Math.Round(Figures.Median(ratios), 3),
            Figures.Spread(ratios),
            one.Goal,
            one.LeastRate,
            Math.Round(bytesPerMessage));
    }

    public override string ToString() =>
        $"{Name,-20} ours {Ours,9:0}/s  bare {Bare,9:0}/s  ratio {Ratio:0.000}  spread {Spread:0.000} {Verdict}  {BytesPerMessage:0} B/message";
}
