using System.Diagnostics;

namespace Invoicing.Benchmarks.Rpc;

/// <summary>One way of moving messages, and what is asked of the layer there.</summary>
/// <param name="Name">What it is called in the result.</param>
/// <param name="Goal">Least median ratio to the bare form.</param>
/// <param name="LeastRate">Least messages per second; 0 where only the ratio counts.</param>
/// <param name="RunAsync">Moves messages for a while and gives their number.</param>
internal sealed record RpcCase(string Name, double Goal, double LeastRate, Func<ITraffic, TimeSpan, Task<long>> RunAsync)
{
    private const int Large = 64 * 1024;

    public static IReadOnlyList<RpcCase> All { get; } =
    [
        new("unary 500 B x1", 0.75, 0, (traffic, time) => Many(1, time, traffic.UnaryAsync)),
        new("unary 500 B x32", 0.75, 0, (traffic, time) => Many(32, time, traffic.UnaryAsync)),
        new("ping-pong 500 B x1", 0.9, 0, (traffic, time) => Many(1, time, traffic.PingPongAsync)),
        new("ping-pong 500 B x16", 0.9, 0, (traffic, time) => Many(16, time, traffic.PingPongAsync)),
        new("up 500 B", 0.7, 300_000, (traffic, time) => Many(1, time, goesOn => traffic.UpAsync(BenchmarkServer.SmallSize, goesOn))),
        new("down 500 B", 0.7, 300_000, (traffic, time) => DownAsync(traffic, BenchmarkServer.SmallSize, time, 400_000)),
        new("up 64 KiB", 0.9, 0, (traffic, time) => Many(1, time, goesOn => traffic.UpAsync(Large, goesOn))),
        new("down 64 KiB", 0.9, 0, (traffic, time) => DownAsync(traffic, Large, time, 8_000)),
    ];

    private static async Task<long> Many(int streams, TimeSpan time, Func<Func<bool>, Task<long>> run)
    {
        long start = Stopwatch.GetTimestamp();
        bool GoesOn() => Stopwatch.GetElapsedTime(start) < time;
        long[] counts = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => Task.Run(() => run(GoesOn))));
        return counts.Sum();
    }

    /// <summary>The server is told beforehand how many: about as many as fit into the time.</summary>
    private static async Task<long> DownAsync(ITraffic traffic, int size, TimeSpan time, long perSecond)
    {
        long asked = (long)(perSecond * time.TotalSeconds);
        long read = await traffic.DownAsync(size, asked);
        return read == asked ? read : throw new InvalidDataException($"{read} messages arrived of {asked}.");
    }
}
