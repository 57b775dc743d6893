using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Invoicing.Authority.Ledger;
using Invoicing.Authority.Ledger.Sqlite;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Benchmarks.Method;
using Invoicing.Chain;
using Invoicing.Signing;

namespace Invoicing.Benchmarks.Intake;

/// <summary>
/// A backlog drained over TLS by a process of its own: one chain into an empty ledger, in pairs with the ledger alone; and 1,000 chains in turn
/// into a ledger of a million rows, slice by slice.
/// </summary>
internal static class IntakeBenchmark
{
    private const int BatchSize = 256;
    private const int Window = 4_096;

    /// <summary>Of each of a thousand chains.</summary>
    private const int ChainBatch = 10;
    private const int ChainWindow = 30;

    public static async Task<int> RunAsync(string[] args)
    {
        object? one = null;
        object? many = null;
        string only = Option(args, "--only", string.Empty);
        if (only is "" or "one")
        {
            one = await OneChainAsync(int.Parse(Option(args, "--entries", "60000"), CultureInfo.InvariantCulture), int.Parse(Option(args, "--pairs", "5"), CultureInfo.InvariantCulture));
            await Console.Error.WriteLineAsync(JsonSerializer.Serialize(one));
        }

        if (only is "" or "many")
        {
            many = await ManyChainsAsync(int.Parse(Option(args, "--rows", "1000000"), CultureInfo.InvariantCulture), 1_000, 100);
        }

        Console.WriteLine(JsonSerializer.Serialize(new { benchmark = "intake", one_chain = one, interleaved = many }));
        return 0;
    }

    internal static string Option(string[] args, string name, string otherwise)
    {
        int at = Array.IndexOf(args, name);
        return at < 0 || at + 1 == args.Length ? otherwise : args[at + 1];
    }

    private static async Task<object> OneChainAsync(int entries, int pairs)
    {
        using var authority = new BenchAuthority();
        ClientBundle bundle = (await authority.EnrolAsync(1))[0];
        using SampleChain chain = new SampleChain(EnrolmentGrant.Read(bundle.Enrolment)).With(entries - 1);
        List<(byte[] Frame, long Last)> frames = BenchClient.Frames(chain.Entries, BatchSize);
        List<PreparedEntry> prepared = LedgerLimit.Prepare(chain, chain.Entries);
        IReadOnlyList<(SampleChain, IReadOnlyList<PreparedEntry>)> runs = [.. prepared.Chunk(BatchSize).Select(c => (chain, (IReadOnlyList<PreparedEntry>)c))];
        using var signer = SoftwareSigner.Create();
        var rates = new List<(double Ours, double Limit)>();
        double cores = 0;
        double memory = 0;
        for (int pair = -1; pair < pairs; pair++)
        {
            string file = Path.Combine(authority.Folder.Path, $"limit-{pair}.db");
            double limit;
            TimeSpan spent = Environment.CpuUsage.TotalTime;
            using (SqliteLedger ledger = LedgerLimit.Open(file))
            {
                limit = LedgerLimit.Run(ledger, runs, signer);
            }

            spent = Environment.CpuUsage.TotalTime - spent;
            File.Delete(file);
            await authority.StartAsync();
            double warm = await WarmAsync(authority, chain);
            using (var client = new BenchClient(authority.Address, bundle))
            {
                await client.HelloAsync(chain, chain.Head.Position);
                double processor = authority.ServerSeconds();
                long start = Stopwatch.GetTimestamp();
                await client.DrainAsync(frames, 0, Window);
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                cores = Math.Round((authority.ServerSeconds() - processor) / seconds, 2);
                memory = authority.ServerMemory();
                if (pair >= 0)
                {
                    rates.Add((entries / seconds, limit));
                }

                await Console.Error.WriteLineAsync($"  one chain: {entries / seconds:0}/s, limit {limit:0}/s ({spent.TotalMicroseconds / entries:0.0} us of processor an entry), server cores {cores}, {memory} MB, {warm:0}");
            }

            await authority.StopAsync(forgetLedger: true);
        }

        double spread = Figures.Spread(rates.Select(r => r.Ours / r.Limit));
        double rate = Math.Round(Figures.Median(rates.Select(r => r.Ours)));
        double ratio = Math.Round(Figures.Median(rates.Select(r => r.Ours / r.Limit)), 3);
        return new
        {
            rate,
            limit = Math.Round(Figures.Median(rates.Select(r => r.Limit))),
            ratio,
            pairs,
            spread,
            verdict = Figures.Fitness(spread),
            batch = BatchSize,
            server_cores = cores,
            server_mb = memory,
            goal = "rate >= 30000 and ratio >= 0.6",
            met = rate >= 30_000 && ratio >= 0.6,
        };
    }

    /// <summary>A server that was just started runs code that is not compiled well yet: it gets a chain of another device first.</summary>
    private static async Task<double> WarmAsync(BenchAuthority authority, SampleChain like)
    {
        long start = Stopwatch.GetTimestamp();
        ClientBundle bundle = (await authority.EnrolAsync(1))[0];
        using var chain = new SampleChain(EnrolmentGrant.Read(bundle.Enrolment), "SIM-WARM", like.Epoch + 1);
        using var client = new BenchClient(authority.Address, bundle);
        await client.HelloAsync(chain.With(12_000), chain.Head.Position);
        await client.DrainAsync(BenchClient.Frames(chain.Entries, 64), 0, Window);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task<object> ManyChainsAsync(int rows, int chains, int each)
    {
        using var authority = new BenchAuthority();
        List<ClientBundle> bundles = await authority.EnrolAsync(chains);
        List<SampleChain> samples = [.. bundles.Select((b, i) => new SampleChain(EnrolmentGrant.Read(b.Enrolment), $"SIM-{i:0000}"))];
        using var signer = SoftwareSigner.Create();
        double preload = Preload(authority, samples, rows, signer);
        await Console.Error.WriteLineAsync($"  preloaded {rows} rows at {preload:0}/s");

        long[] before = [.. samples.Select(s => s.Head.Position)];
        List<(byte[] Frame, long Last)>[] warming = Sign(samples, each / 2);
        await authority.StartAsync();
        List<BenchClient> clients = await ConnectAsync(authority, bundles, samples, before);

        // A server that was just started runs code that is not compiled well yet.
        await Task.WhenAll(clients.Select((client, i) => Task.Run(() => client.DrainAsync(warming[i], before[i], ChainWindow))));
        before = [.. samples.Select(s => s.Head.Position)];
        List<(byte[] Frame, long Last)>[] frames = Sign(samples, each);
        long answered = 0;
        double processor = authority.ServerSeconds();
        long start = Stopwatch.GetTimestamp();
        long total = (long)chains * each;
        List<double> slices = [];
        var sampling = Task.Run(async () =>
        {
            long last = 0;
            long at = start;
            for (int slice = 1; slice <= 5; slice++)
            {
                while (Interlocked.Read(ref answered) < total * slice / 5)
                {
                    await Task.Delay(1);
                }

                long now = Stopwatch.GetTimestamp();
                long reached = Interlocked.Read(ref answered);
                slices.Add(Math.Round((reached - last) / Stopwatch.GetElapsedTime(at, now).TotalSeconds));
                (last, at) = (reached, now);
            }
        });
        await Task.WhenAll(clients.Select((client, i) => Task.Run(async () =>
        {
            // A few at a time from each, so that the chains lie in the ledger in turn.
            await client.DrainAsync(frames[i], before[i], ChainWindow, count => Interlocked.Add(ref answered, count));
        })));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        processor = authority.ServerSeconds() - processor;
        await sampling;
        double memory = authority.ServerMemory();
        clients.ForEach(c => c.Dispose());
        await authority.StopAsync();
        samples.ForEach(s => s.Dispose());
        double rate = Math.Round(total / seconds);
        return new
        {
            rate,
            chains,
            preloaded = rows,
            slices,
            last_to_first = Math.Round(slices[^1] / slices[0], 3),
            preload_rate = Math.Round(preload),
            server_mb = memory,
            server_cores = Math.Round(processor / seconds, 2),
            server_us_per_entry = Math.Round(processor / total * 1e6, 1),
            goal = "rate >= 20000 and last slice >= 0.8 of the first",
            met = rate >= 20_000 && slices[^1] >= 0.8 * slices[0],
        };
    }

    private static List<(byte[] Frame, long Last)>[] Sign(List<SampleChain> samples, int each)
    {
        var frames = new List<(byte[] Frame, long Last)>[samples.Count];
        Parallel.For(0, samples.Count, i =>
        {
            samples[i].Entries.Clear();
            for (int k = 0; k < each; k++)
            {
                samples[i].Sell();
            }

            frames[i] = BenchClient.Frames(samples[i].Entries, ChainBatch);
        });
        return frames;
    }

    /// <summary>Connects all devices; their chains are at these positions, or at their heads.</summary>
    internal static async Task<List<BenchClient>> ConnectAsync(
        BenchAuthority authority, List<ClientBundle> bundles, List<SampleChain> samples, long[]? positions = null)
    {
        var clients = new BenchClient[bundles.Count];
        await Parallel.ForAsync(0, bundles.Count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            clients[i] = new(authority.Address, bundles[i]);
            await clients[i].HelloAsync(samples[i], Math.Max(samples[i].Head.Position, positions?[i] ?? 0));
        });
        return [.. clients];
    }

    /// <summary>Rows in turn, ten of each chain, without signatures: nobody verifies them here.</summary>
    private static double Preload(BenchAuthority authority, List<SampleChain> samples, int rows, SoftwareSigner signer)
    {
        using var ledger = SqliteLedger.Open(authority.Folder.Ledger);
        double rate = 0;
        for (int done = 0; done < rows;)
        {
            var runs = new List<(SampleChain, IReadOnlyList<PreparedEntry>)>();
            foreach (SampleChain sample in samples)
            {
                sample.Entries.Clear();
                sample.AppendUnsigned(10);
                runs.Add((sample, LedgerLimit.Prepare(sample, sample.Entries)));
                done += 10;
            }

            rate = LedgerLimit.Run(ledger, runs, signer);
            while (ledger.Maintain(isIdle: true))
            {
            }
        }

        return rate;
    }
}
