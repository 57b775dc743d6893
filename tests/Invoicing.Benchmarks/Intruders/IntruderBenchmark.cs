using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Invoicing.Authority.Enrolment;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Benchmarks.Intake;
using Invoicing.Benchmarks.Live;
using Invoicing.Benchmarks.Method;
using Invoicing.Chain;

namespace Invoicing.Benchmarks.Intruders;

/// <summary>
/// Honest devices that send one entry at a time while the matrix of intruders runs: in turn against the authority, and, with the same number of tries
/// a second, against a listener that only closes. The figure is the ratio of the honest devices' rates.
/// </summary>
internal static class IntruderBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        int chains = Report.Number(args, "--chains", 200);
        int pairs = Report.Number(args, "--pairs", 5);
        int tries = Report.Number(args, "--tries", 200);
        double seconds = double.Parse(IntakeBenchmark.Option(args, "--seconds", "6"), CultureInfo.InvariantCulture);
        using var other = new BenchAuthority();
        ClientBundle foreign = (await other.EnrolAsync(1))[0];
        using var authority = new BenchAuthority();
        List<ClientBundle> bundles = await authority.EnrolAsync(chains + 1);
        ClientBundle copied = bundles[^1];
        bundles.RemoveAt(chains);
        List<SampleChain> samples = [.. bundles.Select((b, i) => new SampleChain(EnrolmentGrant.Read(b.Enrolment), $"SIM-{i:0000}"))];
        samples.ForEach(s => s.Open());
        await authority.StartAsync();
        List<BenchClient> clients = await IntakeBenchmark.ConnectAsync(authority, bundles, samples);
        long[] positions = new long[chains];
        await LiveBenchmark.DriveAsync(clients, LiveBenchmark.Prepare(samples, 0, keep: true), positions, window: 1); // the openings
        await LiveBenchmark.DriveAsync(clients, LiveBenchmark.Prepare(samples, 15 * 4_000 / chains), positions, window: 1);
        using X509Certificate2 root = CertificateAuthority.LoadRoot(authority.Folder);
        IReadOnlyList<Attack> matrix = Attack.Matrix(root, copied, foreign);
        using var closing = new ClosingListener();
        var results = new List<(double Attacked, double Closed)>();
        ConcurrentDictionary<string, int> done = new(StringComparer.Ordinal);
        await PassAsync(authority.Address, null); // the first refusals run code that is not compiled well yet
        for (int pair = 0; pair < pairs; pair++)
        {
            // In turn, so that what drifts with time falls on both.
            double early = await PassAsync(pair % 2 == 0 ? authority.Address : closing.Address, done);
            double late = await PassAsync(pair % 2 == 0 ? closing.Address : authority.Address, done);
            (double attacked, double closed) = pair % 2 == 0 ? (early, late) : (late, early);
            results.Add((attacked, closed));
            await Console.Error.WriteLineAsync($"  pair {pair + 1}: {attacked:0}/s under attack, {closed:0}/s beside a listener that closes; server {authority.ServerMemory()} MB");
        }

        double ratio = Math.Round(Figures.Median(results.Select(r => r.Attacked / r.Closed)), 3);
        double spread = Figures.Spread(results.Select(r => r.Attacked / r.Closed));
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            benchmark = "intruders",
            chains,
            tries_a_second = tries,
            pairs,
            attacked = Math.Round(Figures.Median(results.Select(r => r.Attacked))),
            closed = Math.Round(Figures.Median(results.Select(r => r.Closed))),
            ratio,
            spread,
            fitness = Figures.Fitness(spread),
            goal = 0.8,
            met = ratio >= 0.8,
            server_mb = authority.ServerMemory(),
            attacks = done.OrderBy(d => d.Key, StringComparer.Ordinal).ToDictionary(d => d.Key, d => d.Value),
        }));
        clients.ForEach(c => c.Dispose());
        await authority.StopAsync();
        samples.ForEach(s => s.Dispose());
        return 0;

        async Task<double> PassAsync(Uri target, ConcurrentDictionary<string, int>? counted)
        {
            List<(byte[], long)>[] frames = LiveBenchmark.Prepare(samples, (int)(seconds * 4_000 / chains));
            using var stop = new CancellationTokenSource();
            Task load = LoadAsync(matrix, target, tries, counted, stop.Token);
            double rate = await LiveBenchmark.DriveAsync(clients, frames, positions, window: 1);
            await stop.CancelAsync();
            await load;
            return rate;
        }
    }

    /// <summary>So many tries begin in a second, whatever becomes of them; each kind in turn.</summary>
    private static async Task LoadAsync(
        IReadOnlyList<Attack> matrix, Uri target, int tries, ConcurrentDictionary<string, int>? counted, CancellationToken stop)
    {
        var running = new ConcurrentDictionary<Task, bool>();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            TimeSpan due = TimeSpan.FromSeconds((double)i / tries) - Stopwatch.GetElapsedTime(start);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, CancellationToken.None);
            }

            Attack attack = matrix[i % matrix.Count];
            counted?.AddOrUpdate(attack.Name, 1, (_, count) => count + 1);
            var once = Task.Run(() => OnceAsync(attack, target, stop), CancellationToken.None);
            running.TryAdd(once, true);
            _ = once.ContinueWith(done => running.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        await Task.WhenAll(running.Keys);
    }

    private static async Task OnceAsync(Attack attack, Uri target, CancellationToken stop)
    {
        try
        {
            await attack.OnceAsync(target, stop);
        }
        catch (Exception end) when (end is IOException or SocketException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            return; // turned away
        }
    }
}
