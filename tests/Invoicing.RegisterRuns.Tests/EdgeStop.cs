namespace Invoicing.RegisterRuns.Tests;

/// <summary>A moment at which the edge is stopped: gateway and driver end, and both begin anew over the same journal.</summary>
/// <param name="Bytes">When so many bytes went through the cable.</param>
/// <param name="IsInRecording">Whether then only while the next record is being recorded, so that nobody learns whether it was.</param>
/// <param name="Away">How long it stays away, by the shop's clock.</param>
internal sealed record EdgeStop(long Bytes, bool IsInRecording, TimeSpan Away)
{
    /// <summary>So many stops, half of them while something is recorded, of no time, ten or twenty seconds.</summary>
    public static IReadOnlyList<EdgeStop> BySeed(int seed, int count, long bytes)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(i => new EdgeStop(random.NextInt64(bytes), i % 2 == 1, TimeSpan.FromSeconds(random.Next(3) * 10)))];
    }
}
