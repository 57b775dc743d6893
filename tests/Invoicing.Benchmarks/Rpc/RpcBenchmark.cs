using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Invoicing.Benchmarks.Rpc;

/// <summary>
/// The gRPC layer against bare HTTP/2 streams that move the same bytes in the same direction through the same pump: two processes
/// on one machine, h2c, interleaved pairs, the median of their ratios.
/// </summary>
internal static class RpcBenchmark
{
    /// <summary>Each form is warmed up in each case until this much time and this many messages are over.</summary>
    private static readonly TimeSpan WarmTime = TimeSpan.FromSeconds(1.5);
    private const long WarmCount = 20_000;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Contains("--server"))
        {
            return await BenchmarkServer.RunAsync();
        }

        int pairs = int.Parse(Option(args, "--pairs") ?? "7", CultureInfo.InvariantCulture);
        var time = TimeSpan.FromSeconds(double.Parse(Option(args, "--seconds") ?? "1", CultureInfo.InvariantCulture));
        string? only = Option(args, "--only");
        using Process server = StartServer();
        try
        {
            string port = await server.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
            var address = new Uri($"http://127.0.0.1:{port}");
            using var ours = new LayerTraffic(address);
            using var bare = new BareTraffic(address);
            List<RpcResult> results = [];
            foreach (RpcCase one in RpcCase.All.Where(one => only is null || one.Name.Contains(only, StringComparison.Ordinal)))
            {
                results.Add(await MeasureAsync(one, ours, bare, pairs, time));
                await Console.Error.WriteLineAsync(results[^1].ToString());
            }

            Console.WriteLine(JsonSerializer.Serialize(
                new { benchmark = "rpc", pairs, seconds = time.TotalSeconds, met = results.All(result => result.Met), cases = results },
                JsonSerializerOptions.Web));
            return 0;
        }
        finally
        {
            server.StandardInput.Close();
            if (!server.WaitForExit(TimeSpan.FromSeconds(10)))
            {
                server.Kill();
            }
        }
    }

    private static async Task<RpcResult> MeasureAsync(RpcCase one, ITraffic ours, ITraffic bare, int pairs, TimeSpan time)
    {
        await WarmAsync(one, ours);
        await WarmAsync(one, bare);
        List<(double Ours, double Bare)> rates = [];
        long allocated = 0;
        long messages = 0;
        for (int i = 0; i < pairs; i++)
        {
            // Which one is first changes, so that neither always meets the machine as the other left it.
            double first = 0;
            if (i % 2 == 1)
            {
                first = (await RateAsync(one, bare, time)).Rate;
            }

            long before = GC.GetTotalAllocatedBytes();
            (double rate, long count) = await RateAsync(one, ours, time);
            allocated += GC.GetTotalAllocatedBytes() - before;
            messages += count;
            rates.Add((rate, i % 2 == 1 ? first : (await RateAsync(one, bare, time)).Rate));
        }

        return RpcResult.Of(one, rates, allocated / (double)messages);
    }

    private static async Task WarmAsync(RpcCase one, ITraffic traffic)
    {
        long start = Stopwatch.GetTimestamp();
        for (long count = 0; count < WarmCount || Stopwatch.GetElapsedTime(start) < WarmTime;)
        {
            count += await one.RunAsync(traffic, TimeSpan.FromSeconds(0.5));
            if (Stopwatch.GetElapsedTime(start) > 4 * WarmTime)
            {
                return;
            }
        }
    }

    private static async Task<(double Rate, long Count)> RateAsync(RpcCase one, ITraffic traffic, TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        long count = await one.RunAsync(traffic, time);
        return (count / Stopwatch.GetElapsedTime(start).TotalSeconds, count);
    }

    private static Process StartServer()
    {
        string self = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(self) == "dotnet";
        var start = new ProcessStartInfo(self)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (string argument in isHost ? [typeof(RpcBenchmark).Assembly.Location, "rpc", "--server"] : new[] { "rpc", "--server" })
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The server did not start.");
    }

    private static string? Option(string[] args, string name)
    {
        int at = Array.IndexOf(args, name);
        return at < 0 || at + 1 == args.Length ? null : args[at + 1];
    }
}
