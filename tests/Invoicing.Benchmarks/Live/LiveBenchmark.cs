using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Benchmarks.Intake;
using Invoicing.Benchmarks.Method;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Benchmarks.Live;

/// <summary>
/// A thousand devices, each on a TLS connection of its own, that send one entry at a time: with one and with eight of them unanswered, and at
/// 1,000 a second whatever the answers do. The limit is what two cores could verify and sign.
/// </summary>
internal static class LiveBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        int chains = int.Parse(IntakeBenchmark.Option(args, "--chains", "1000"), CultureInfo.InvariantCulture);
        int passes = int.Parse(IntakeBenchmark.Option(args, "--passes", "5"), CultureInfo.InvariantCulture);
        double seconds = double.Parse(IntakeBenchmark.Option(args, "--seconds", "4"), CultureInfo.InvariantCulture);
        double warm = double.Parse(IntakeBenchmark.Option(args, "--warm", "30"), CultureInfo.InvariantCulture);
        using var authority = new BenchAuthority();
        await Console.Error.WriteLineAsync($"  enrolling {chains} devices");
        List<ClientBundle> bundles = await authority.EnrolAsync(chains);
        List<SampleChain> samples = [.. bundles.Select((b, i) => new SampleChain(EnrolmentGrant.Read(b.Enrolment), $"SIM-{i:0000}"))];
        samples.ForEach(s => s.Open());
        await authority.StartAsync();
        long connecting = Stopwatch.GetTimestamp();
        List<BenchClient> clients = await IntakeBenchmark.ConnectAsync(authority, bundles, samples);
        double connected = Math.Round(Stopwatch.GetElapsedTime(connecting).TotalSeconds, 1);
        long[] positions = new long[chains];
        await DriveAsync(clients, Prepare(samples, 0, keep: true), positions, window: 1); // the openings
        // About 4,000 a second; by count, because what a chain had prepared and did not send would be a gap before its next entry.
        await DriveAsync(clients, Prepare(samples, (int)Math.Max(1, warm * 4_000 / chains)), positions, window: 1);
        await Console.Error.WriteLineAsync($"  connected in {connected} s, warmed; server {authority.ServerMemory()} MB");

        object single = await PassesAsync(authority, clients, samples, positions, window: 1, passes, seconds);
        object eight = await PassesAsync(authority, clients, samples, positions, window: 8, passes, seconds);
        object open = await OpenLoopAsync(clients, samples, positions, rate: 1_000, seconds: 15);
        double memory = authority.ServerMemory();
        clients.ForEach(c => c.Dispose());
        await authority.StopAsync();
        samples.ForEach(s => s.Dispose());
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            benchmark = "live",
            chains,
            connect_seconds = connected,
            window_1 = single,
            window_8 = eight,
            open_loop = open,
            server_mb = memory,
            memory_goal = "server below 250 MB",
            memory_met = memory < 250,
        }));
        return 0;
    }

    /// <summary>Frames of one entry each, made and signed beforehand on all cores.</summary>
    internal static List<(byte[] Frame, long Last)>[] Prepare(List<SampleChain> samples, int each, bool keep = false)
    {
        var frames = new List<(byte[], long)>[samples.Count];
        Parallel.For(0, samples.Count, i =>
        {
            if (!keep)
            {
                samples[i].Entries.Clear();
            }

            for (int k = 0; k < each; k++)
            {
                samples[i].Sell();
            }

            frames[i] = BenchClient.Frames(samples[i].Entries, 1);
        });
        return frames;
    }

    internal static async Task<double> DriveAsync(
        List<BenchClient> clients, List<(byte[] Frame, long Last)>[] frames, long[] positions, int window)
    {
        long start = Stopwatch.GetTimestamp();
        long[] counts = await Task.WhenAll(clients.Select((client, i) => Task.Run(async () =>
        {
            long answered = await client.DrainAsync(frames[i], positions[i], window);
            positions[i] += answered;
            return answered;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<object> PassesAsync(
        BenchAuthority authority, List<BenchClient> clients, List<SampleChain> samples, long[] positions, int window, int passes, double seconds)
    {
        var rates = new List<(double Rate, double Budget)>();
        double cores = 0;
        for (int pass = 0; pass < passes; pass++)
        {
            double budget = Budget();
            int each = (int)(seconds * (window == 1 ? 4 : 12));
            List<(byte[], long)>[] frames = Prepare(samples, each);
            double before = authority.ServerSeconds();
            long start = Stopwatch.GetTimestamp();
            double rate = await DriveAsync(clients, frames, positions, window);
            cores = Math.Round((authority.ServerSeconds() - before) / Stopwatch.GetElapsedTime(start).TotalSeconds, 2);
            rates.Add((rate, budget));
            await Console.Error.WriteLineAsync($"  window {window}: {rate:0}/s, budget {budget:0}/s, server cores {cores}");
        }

        double spread = Figures.Spread(rates.Select(r => r.Rate / r.Budget));
        double median = Math.Round(Figures.Median(rates.Select(r => r.Rate)));
        double ratio = Math.Round(Figures.Median(rates.Select(r => r.Rate / r.Budget)), 3);
        bool isMet = window == 1 ? ratio >= 0.4 : median >= 10_000;
        return new
        {
            rate = median,
            budget = Math.Round(Figures.Median(rates.Select(r => r.Budget))),
            ratio,
            passes,
            spread,
            verdict = Figures.Fitness(spread),
            server_cores = cores,
            goal = window == 1 ? "ratio >= 0.4 of 2/(verify + sign)" : "rate >= 10000",
            met = isMet,
        };
    }

    /// <summary>2 / (verify + sign): entries a second that two cores could verify and sign a watermark for, and do nothing else.</summary>
    private static double Budget()
    {
        using var signer = SoftwareSigner.Create();
        using var key = VerifyingKey.Import(signer.PublicKey.Span);
        var hash = Sha256Hash.Of([1]);
        EcdsaSignature signature = signer.Sign(hash);
        return 2 / (SecondsOf(() => key.Verify(hash, signature)) + SecondsOf(() => signer.Sign(hash)));

        static double SecondsOf(Action action)
        {
            for (int i = 0; i < 200; i++)
            {
                action();
            }

            int count = 0;
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < 0.5)
            {
                action();
                count++;
            }

            return Stopwatch.GetElapsedTime(start).TotalSeconds / count;
        }
    }

    /// <summary>Each entry is sent when it is due; its latency counts from then, also if an earlier one is late.</summary>
    private static async Task<object> OpenLoopAsync(List<BenchClient> clients, List<SampleChain> samples, long[] positions, int rate, int seconds)
    {
        int each = rate * seconds / clients.Count;
        List<(byte[] Frame, long Last)>[] frames = Prepare(samples, each);
        var latencies = new ConcurrentBag<double>();
        long period = Stopwatch.Frequency / rate;
        long begin = Stopwatch.GetTimestamp() + Stopwatch.Frequency;
        long[,] due = new long[clients.Count, each];
        Task[] reading = [.. clients.Select((client, i) => Task.Run(async () =>
        {
            for (int read = 0; read < each;)
            {
                long position = await client.AnswerAsync();
                long now = Stopwatch.GetTimestamp();
                for (; read < each && frames[i][read].Last <= position; read++)
                {
                    latencies.Add((now - Volatile.Read(ref due[i, read])) * 1_000.0 / Stopwatch.Frequency);
                }

                positions[i] = position;
            }
        }))];
        var writes = new List<Task>();
        for (int n = 0; n < each * clients.Count; n++)
        {
            long at = begin + (n * period);
            while (Stopwatch.GetTimestamp() < at)
            {
                await Task.Delay(1);
            }

            (int client, int entry) = (n % clients.Count, n / clients.Count);
            Volatile.Write(ref due[client, entry], at);
            writes.Add(clients[client].SendAsync(frames[client][entry].Frame));
        }

        await Task.WhenAll(writes);
        await Task.WhenAll(reading);
        double[] sorted = [.. latencies.Order()];
        (double p50, double p99) = (Math.Round(Figures.Quantile(sorted, 0.5), 2), Math.Round(Figures.Quantile(sorted, 0.99), 2));
        await Console.Error.WriteLineAsync($"  open loop: p50 {p50} ms, p99 {p99} ms");
        return new { rate, entries = sorted.Length, p50_ms = p50, p99_ms = p99, goal = "p50 < 10 ms and p99 < 100 ms", met = p50 < 10 && p99 < 100 };
    }
}
