using System.Collections.Concurrent;
using Invoicing.Sales;

namespace Invoicing.Demo.Running;

/// <summary>When each sale was rung up, and how long it took until the official saw it. Safe for any number of threads.</summary>
internal sealed class SaleTimes(TimeProvider time)
{
    /// <summary>Newest delays kept for the percentiles: 100,000 of 8 bytes.</summary>
    private const int Kept = 100_000;

    private readonly ConcurrentDictionary<SaleKey, long> _rungUp = new();
    private readonly Queue<double> _delays = new();
    private long _count;
    private long _seen;

    /// <summary>Sales rung up since the start.</summary>
    public long RungUpCount => Interlocked.Read(ref _count);

    /// <summary>Of these, seen by the official.</summary>
    public long SeenCount => Interlocked.Read(ref _seen);

    /// <summary>A register's journal has the sale.</summary>
    public void RungUp(SaleKey key, long timestamp)
    {
        _rungUp[key] = timestamp;
        Interlocked.Increment(ref _count);
    }

    /// <summary>The official's program has the invoice.</summary>
    public void Seen(SaleKey key)
    {
        if (!_rungUp.TryRemove(key, out long timestamp))
        {
            return; // rung up by an earlier run over the same folder
        }

        double delay = time.GetElapsedTime(timestamp).TotalMilliseconds;
        Interlocked.Increment(ref _seen);
        lock (_delays)
        {
            _delays.Enqueue(delay);
            if (_delays.Count > Kept)
            {
                _delays.Dequeue();
            }
        }
    }

    /// <summary>A percentile of the delays in milliseconds; 0 if nothing was seen.</summary>
    public double Percentile(double share)
    {
        double[] sorted;
        lock (_delays)
        {
            sorted = [.. _delays];
        }

        Array.Sort(sorted);
        return sorted.Length == 0 ? 0 : sorted[(int)Math.Min(sorted.Length - 1, Math.Ceiling(share * sorted.Length) - 1)];
    }
}
