using System.Diagnostics;
using Invoicing.Benchmarks.Method;
using Invoicing.Gateway;

namespace Invoicing.Benchmarks.Issue;

/// <summary><c>issue</c>: durable, coded, signed invoices, by one caller and by 64, against signing and committing the same bytes.</summary>
internal static class IssueBenchmark
{
    private const int Callers = 64;

    public static async Task<int> RunAsync(string[] args)
    {
        if (Array.IndexOf(args, "--memory") >= 0)
        {
            return await MemoryAsync();
        }

        int pairs = Report.Number(args, "--pairs", 5);
        var duration = TimeSpan.FromSeconds(Report.Number(args, "--seconds", 3));
        using BenchShop shop = new();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options);
        IssuedInvoice sample = await gateway.IssueAsync(BenchShop.Sale(0, 1));
        using IssueLimit one = new(sample.Entry, registers: 1);
        using IssueLimit limit = new(sample.Entry, Callers);
        ulong[] next = new ulong[Callers + 1];
        next[0] = 1;

        // By count and by time: JIT tiers settle, and the log reaches its size.
        for (int i = 0; i < 3; i++)
        {
            one.Alone(duration);
            await IssueAsync(gateway, next, 1, duration);
            await IssueAsync(gateway, next, Callers, duration);
            limit.GroupCommits(duration / 2);
        }

        var alone = new List<(double[] Limit, double[] Ours)>();
        var many = new List<(double Sign, double Commit, double[] Ours, double Rate)>();
        long mostLog = 0;
        for (int i = 0; i < pairs; i++)
        {
            double[] bound = one.Alone(duration);
            (double[] ours, _) = await IssueAsync(gateway, next, 1, duration);
            alone.Add((bound, ours));
            double sign = limit.Signatures(duration / 2);
            double commit = limit.GroupCommits(duration / 2);
            (double[] latencies, double rate) = await IssueAsync(gateway, next, Callers, duration);
            many.Add((sign, commit, latencies, rate));
            mostLog = Math.Max(mostLog, new FileInfo(shop.JournalPath + "-wal").Length);
        }

        TellAlone(alone);
        TellMany(many, mostLog, gateway.Status.HeadPosition);
        return 0;
    }

    private static async Task<(double[] Latencies, double Rate)> IssueAsync(
        InvoicingGateway gateway, ulong[] next, int callers, TimeSpan duration)
    {
        var all = new List<double>[callers];
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            int register = callers == 1 ? 0 : caller + 1;
            var latencies = new List<double>(20_000);
            while (Stopwatch.GetElapsedTime(start) < duration)
            {
                long begin = Stopwatch.GetTimestamp();
                await gateway.IssueAsync(BenchShop.Sale(register, ++next[register]));
                latencies.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            }

            all[caller] = latencies;
        })));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double[] sorted = [.. all.SelectMany(list => list).Order()];
        return (sorted, sorted.Length / seconds);
    }

    private static void TellAlone(List<(double[] Limit, double[] Ours)> pairs)
    {
        double[] ratios = [.. pairs.Select(p => Figures.Quantile(p.Ours, 0.5) / Figures.Quantile(p.Limit, 0.5))];
        double p50 = Figures.Median(pairs.Select(p => Figures.Quantile(p.Ours, 0.5)));
        double p99 = Figures.Median(pairs.Select(p => Figures.Quantile(p.Ours, 0.99)));
        double p999 = Figures.Median(pairs.Select(p => Figures.Quantile(p.Ours, 0.999)));
        double limit99 = Figures.Median(pairs.Select(p => Figures.Quantile(p.Limit, 0.99)));
        double limit999 = Figures.Median(pairs.Select(p => Figures.Quantile(p.Limit, 0.999)));
        double ratio = Figures.Median(ratios);
        Report.Tell(writer =>
        {
            writer.WriteString("benchmark", "issue");
            writer.WriteNumber("callers", 1);
            writer.WriteNumber("pairs", pairs.Count);
            Report.Number(writer, "p50_ms", p50);
            Report.Number(writer, "p99_ms", p99);
            Report.Number(writer, "p999_ms", p999);
            Report.Number(writer, "limit_p50_ms", Figures.Median(pairs.Select(p => Figures.Quantile(p.Limit, 0.5))));
            Report.Number(writer, "limit_p99_ms", limit99);
            Report.Number(writer, "limit_p999_ms", limit999);
            Report.Number(writer, "ratio", ratio);
            Report.Number(writer, "spread", Figures.Spread(ratios));
            writer.WriteBoolean("fit", Figures.IsFit(Figures.Spread(ratios)));
            writer.WriteBoolean("reached", ratio <= 1.5 && p99 <= Math.Max(5 * p50, 3 * limit99) && p999 <= Math.Max(10, 3 * limit999));
        });
    }

    private static void TellMany(List<(double Sign, double Commit, double[] Ours, double Rate)> pairs, long mostLog, long entries)
    {
        double[] ratios = [.. pairs.Select(p => p.Rate / Math.Min(p.Sign, p.Commit))];
        double p99 = Figures.Median(pairs.Select(p => Figures.Quantile(p.Ours, 0.99)));
        double ratio = Figures.Median(ratios);
        Report.Tell(writer =>
        {
            writer.WriteString("benchmark", "issue");
            writer.WriteNumber("callers", Callers);
            writer.WriteNumber("pairs", pairs.Count);
            Report.Number(writer, "rate", Figures.Median(pairs.Select(p => p.Rate)));
            Report.Number(writer, "p50_ms", Figures.Median(pairs.Select(p => Figures.Quantile(p.Ours, 0.5))));
            Report.Number(writer, "p99_ms", p99);
            Report.Number(writer, "p999_ms", Figures.Median(pairs.Select(p => Figures.Quantile(p.Ours, 0.999))));
            Report.Number(writer, "limit_sign", Figures.Median(pairs.Select(p => p.Sign)));
            Report.Number(writer, "limit_commit", Figures.Median(pairs.Select(p => p.Commit)));
            Report.Number(writer, "ratio", ratio);
            Report.Number(writer, "spread", Figures.Spread(ratios));
            Report.Number(writer, "log_mb", mostLog / 1e6);
            writer.WriteNumber("entries", entries);
            Report.Number(writer, "anonymous_mb", Report.AnonymousMegabytes());
            writer.WriteBoolean("fit", Figures.IsFit(Figures.Spread(ratios)));
            writer.WriteBoolean("reached", ratio >= 0.9 && p99 < 10);
        });
    }

    /// <summary>Memory of a process that embeds the gateway and has issued 100,000 invoices, with nothing else in it.</summary>
    private static async Task<int> MemoryAsync()
    {
        const int Invoices = 100_000;
        using BenchShop shop = new();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(register => Task.Run(async () =>
        {
            for (ulong i = 1; i <= Invoices / Callers; i++)
            {
                await gateway.IssueAsync(BenchShop.Sale(register, i));
            }
        })));
        Report.Tell(writer =>
        {
            writer.WriteString("benchmark", "issue-memory");
            writer.WriteNumber("entries", gateway.Status.HeadPosition);
            Report.Number(writer, "anonymous_mb", Report.AnonymousMegabytes());
            writer.WriteBoolean("reached", Report.AnonymousMegabytes() < 100);
        });
        return 0;
    }
}
