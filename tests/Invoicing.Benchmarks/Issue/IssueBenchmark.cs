using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Invoicing.Gateway;

namespace Invoicing.Benchmarks.Issue;

/// <summary><c>issue</c>: durable, coded, signed invoices, by one caller and by 64, against signing and committing the same bytes.</summary>
internal static class IssueBenchmark
{
    private const int Callers = 64;

    public static async Task<int> RunAsync(string[] args)
    {
        int pairs = Number(args, "--pairs", 5);
        var duration = TimeSpan.FromSeconds(Number(args, "--seconds", 3));
        using BenchShop shop = new();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options);
        IssuedInvoice sample = await gateway.IssueAsync(BenchShop.Sale(0, 1));
        using IssueLimit limit = new(sample.Entry);
        ulong[] next = new ulong[Callers + 1];
        next[0] = 1;

        // By count and by time: JIT tiers settle, and the log reaches its size.
        for (int i = 0; i < 3; i++)
        {
            limit.Alone(duration);
            await IssueAsync(gateway, next, 1, duration);
            await IssueAsync(gateway, next, Callers, duration);
            limit.GroupCommits(duration / 2);
        }

        var alone = new List<(double[] Limit, double[] Ours)>();
        var many = new List<(double Sign, double Commit, double[] Ours, double Rate)>();
        long mostLog = 0;
        for (int i = 0; i < pairs; i++)
        {
            double[] bound = limit.Alone(duration);
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
        double[] ratios = [.. pairs.Select(p => Spread.Quantile(p.Ours, 0.5) / Spread.Quantile(p.Limit, 0.5))];
        double p50 = Spread.Median(pairs.Select(p => Spread.Quantile(p.Ours, 0.5)));
        double p99 = Spread.Median(pairs.Select(p => Spread.Quantile(p.Ours, 0.99)));
        double p999 = Spread.Median(pairs.Select(p => Spread.Quantile(p.Ours, 0.999)));
        double limit99 = Spread.Median(pairs.Select(p => Spread.Quantile(p.Limit, 0.99)));
        double limit999 = Spread.Median(pairs.Select(p => Spread.Quantile(p.Limit, 0.999)));
        double ratio = Spread.Median(ratios);
        Tell(writer =>
        {
            writer.WriteString("benchmark", "issue");
            writer.WriteNumber("callers", 1);
            writer.WriteNumber("pairs", pairs.Count);
            Number(writer, "p50_ms", p50);
            Number(writer, "p99_ms", p99);
            Number(writer, "p999_ms", p999);
            Number(writer, "limit_p50_ms", Spread.Median(pairs.Select(p => Spread.Quantile(p.Limit, 0.5))));
            Number(writer, "limit_p99_ms", limit99);
            Number(writer, "limit_p999_ms", limit999);
            Number(writer, "ratio", ratio);
            Number(writer, "spread", Spread.Of(ratios));
            writer.WriteBoolean("fit", Spread.Of(ratios) <= 0.2);
            writer.WriteBoolean("reached", ratio <= 1.5 && p99 <= Math.Max(5 * p50, 3 * limit99) && p999 <= Math.Max(10, 3 * limit999));
        });
    }

    private static void TellMany(List<(double Sign, double Commit, double[] Ours, double Rate)> pairs, long mostLog, long entries)
    {
        double[] ratios = [.. pairs.Select(p => p.Rate / Math.Min(p.Sign, p.Commit))];
        double p99 = Spread.Median(pairs.Select(p => Spread.Quantile(p.Ours, 0.99)));
        double ratio = Spread.Median(ratios);
        Tell(writer =>
        {
            writer.WriteString("benchmark", "issue");
            writer.WriteNumber("callers", Callers);
            writer.WriteNumber("pairs", pairs.Count);
            Number(writer, "rate", Spread.Median(pairs.Select(p => p.Rate)));
            Number(writer, "p50_ms", Spread.Median(pairs.Select(p => Spread.Quantile(p.Ours, 0.5))));
            Number(writer, "p99_ms", p99);
            Number(writer, "p999_ms", Spread.Median(pairs.Select(p => Spread.Quantile(p.Ours, 0.999))));
            Number(writer, "limit_sign", Spread.Median(pairs.Select(p => p.Sign)));
            Number(writer, "limit_commit", Spread.Median(pairs.Select(p => p.Commit)));
            Number(writer, "ratio", ratio);
            Number(writer, "spread", Spread.Of(ratios));
            Number(writer, "log_mb", mostLog / 1e6);
            writer.WriteNumber("entries", entries);
            Number(writer, "anonymous_mb", AnonymousMegabytes());
            writer.WriteBoolean("fit", Spread.Of(ratios) <= 0.2);
            writer.WriteBoolean("reached", ratio >= 0.9 && p99 < 10);
        });
    }

    /// <summary>Anonymous resident memory of this process, harness and limit program included.</summary>
    private static double AnonymousMegabytes()
    {
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    private static void Tell(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        Console.WriteLine(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static void Number(Utf8JsonWriter writer, string name, double value) => writer.WriteNumber(name, Math.Round(value, 3));

    private static int Number(string[] args, string name, int otherwise)
    {
        int at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
    }
}
