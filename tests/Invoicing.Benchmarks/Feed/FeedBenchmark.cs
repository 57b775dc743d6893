using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Invoicing.Authority;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Feed;
using Invoicing.Benchmarks.Intake;
using Invoicing.Benchmarks.Method;
using Invoicing.Chain;
using Invoicing.Protos.V1;

namespace Invoicing.Benchmarks.Feed;

/// <summary>
/// From commit to follower at 1,000 entries a second: one follower and twenty over TLS in a process of their own, and 2,000 in the server's
/// process. Both processes read one monotonic clock, and each entry's body begins with the moment of its publication.
/// </summary>
internal static class FeedBenchmark
{
    private const int Rate = 1_000;
    private const int BodySize = 550;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Contains("--server"))
        {
            return await ServeAsync(args[^1]);
        }

        int passes = int.Parse(IntakeBenchmark.Option(args, "--passes", "3"), CultureInfo.InvariantCulture);
        double seconds = double.Parse(IntakeBenchmark.Option(args, "--seconds", "6"), CultureInfo.InvariantCulture);
        object one = await PassesAsync("one over TLS", passes, 1.0, () => OverTlsAsync(1, seconds));
        object twenty = await PassesAsync("twenty over TLS", passes, 3.0, () => OverTlsAsync(20, seconds));
        object many = await PassesAsync("2,000 in process", passes, 3.0, () => InProcessAsync(2_000, seconds));
        Console.WriteLine(JsonSerializer.Serialize(new { benchmark = "feed", rate = Rate, one_tls = one, twenty_tls = twenty, in_process_2000 = many }));
        return 0;
    }

    private static async Task<object> PassesAsync(string name, int passes, double goal, Func<Task<double[]>> pass)
    {
        var results = new List<(double P50, double P99)>();
        for (int i = 0; i < passes; i++)
        {
            double[] sorted = await pass();
            results.Add((Figures.Quantile(sorted, 0.5), Figures.Quantile(sorted, 0.99)));
            await Console.Error.WriteLineAsync($"  {name}: {sorted.Length} deliveries, p50 {results[^1].P50:0.00} ms, p99 {results[^1].P99:0.0} ms");
        }

        double spread = Figures.Spread(results.Select(r => r.P50));
        double p50 = Math.Round(Figures.Median(results.Select(r => r.P50)), 3);
        double p99 = Math.Round(results.Min(r => r.P99), 2);
        return new
        {
            p50_ms = p50,
            p99_best_ms = p99,
            passes,
            spread,
            verdict = Figures.Fitness(spread),
            goal = $"p50 < {goal.ToString(CultureInfo.InvariantCulture)} ms, p99 < 25 ms in the best pass",
            met = p50 < goal && p99 < 25,
        };
    }

    private static async Task<double[]> OverTlsAsync(int followers, double seconds)
    {
        using var authority = new BenchAuthority();
        ClientBundle bundle = await new ClientEnroller(authority.Folder, TimeProvider.System).AddFollowerAsync("official", CancellationToken.None);
        await authority.StartAsync("feed", "--server");
        long warm = long.MaxValue;
        int connected = 0;
        var latencies = new ConcurrentBag<double[]>();
        await Task.WhenAll(Enumerable.Range(0, followers).Select(_ => Task.Run(async () =>
        {
            var own = new List<double>();
            bool isFirst = true;
            using GrpcChannel channel = BundleChannel.Open(authority.Address, bundle);
            using AsyncServerStreamingCall<FeedMessage> call = new FeedService.FeedServiceClient(channel).Follow(new());
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
                long now = Stopwatch.GetTimestamp();
                if (isFirst && Interlocked.Increment(ref connected) == followers)
                {
                    // The last one is there: two seconds to get warm, then it counts.
                    Volatile.Write(ref warm, now + (2 * Stopwatch.Frequency));
                }

                isFirst = false;
                long from = Volatile.Read(ref warm);
                if (from != long.MaxValue && now > from + (long)(seconds * Stopwatch.Frequency))
                {
                    break;
                }

                if (call.ResponseStream.Current.Entry is { } entry && now > from)
                {
                    own.Add(Milliseconds(now - BitConverter.ToInt64(entry.Body.Span)));
                }
            }

            latencies.Add([.. own]);
        })));
        await authority.StopAsync();
        return [.. latencies.SelectMany(l => l).Order()];
    }

    private static async Task<double[]> InProcessAsync(int followers, double seconds)
    {
        using var feed = new LedgerFeed(default, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        long warm = Stopwatch.GetTimestamp() + (2 * Stopwatch.Frequency);
        double[][] latencies = new double[followers][];
        Task[] following = [.. Enumerable.Range(0, followers).Select(i => Task.Run(async () =>
        {
            var own = new List<double>((int)(seconds * Rate));
            try
            {
                await foreach (IReadOnlyList<FeedFrame> page in feed.FollowAsync(new(), stop.Token))
                {
                    long now = Stopwatch.GetTimestamp();
                    if (now < warm)
                    {
                        continue;
                    }

                    foreach (FeedFrame frame in page)
                    {
                        if (!frame.IsHeartbeat)
                        {
                            own.Add(Milliseconds(now - PublishedAt(frame)));
                        }
                    }
                }
            }
            catch (OperationCanceledException)
            {
                latencies[i] = [.. own];
            }
        }))];
        while (feed.Followers < followers)
        {
            await Task.Delay(5);
        }

        await PublishAsync(feed, () => Stopwatch.GetTimestamp() < warm + (long)(seconds * Stopwatch.Frequency));
        await stop.CancelAsync();
        await Task.WhenAll(following);
        return [.. latencies.SelectMany(l => l).Order()];
    }

    /// <summary>The server's side: an authority whose feed is told of commits that nobody made, so that only the feed is measured.</summary>
    private static async Task<int> ServeAsync(string folder)
    {
        AuthorityServer server = await AuthorityServer.StartAsync(
            new() { Folder = new(folder), Listen = new(System.Net.IPAddress.Loopback, 0), HandlesSignals = true }, _ => { });
        await using (server)
        {
            Console.WriteLine($"listening on {server.Address}");
            Task stopped = server.WaitForShutdownAsync();
            await PublishAsync(server.Feed, () => !stopped.IsCompleted);
        }

        return 0;
    }

    private static async Task PublishAsync(LedgerFeed feed, Func<bool> goesOn)
    {
        var chain = ChainId.Create();
        long begin = 0;
        for (long index = 0; goesOn();)
        {
            if (feed.Followers == 0)
            {
                await Task.Delay(5);
                continue;
            }

            begin = begin == 0 ? Stopwatch.GetTimestamp() : begin;
            long due = begin + (index * Stopwatch.Frequency / Rate);
            if (Stopwatch.GetTimestamp() < due)
            {
                await Task.Delay(1);
                continue;
            }

            index++;
            byte[] body = new byte[BodySize];
            BitConverter.TryWriteBytes(body, Stopwatch.GetTimestamp());
            feed.Publish(new(index, index), [new(index, index, chain, index, "0107001729", "shop-1", body, default, default)]);
        }
    }

    private static long PublishedAt(FeedFrame frame)
    {
        // FeedMessage { entry { index, time, seller "0107001729", body .. } }: the body is found by its length, 550 = A6 04.
        ReadOnlySpan<byte> message = frame.Message;
        int at = message.IndexOf((ReadOnlySpan<byte>)[0x22, 0xA6, 0x04]);
        return BitConverter.ToInt64(message[(at + 3)..]);
    }

    private static double Milliseconds(long ticks) => ticks * 1_000.0 / Stopwatch.Frequency;
}
