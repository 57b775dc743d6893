namespace Invoicing.Authority.Enrolment;

/// <summary>Token buckets by key: so many tries at once, then one at a time. Safe for any number of threads.</summary>
/// <param name="burst">Tries at once.</param>
/// <param name="refill">Time after which one more is allowed.</param>
/// <param name="time">The clock.</param>
internal sealed class TryBudget(int burst, TimeSpan refill, TimeProvider time)
{
    /// <summary>Keys remembered: 10,000 are about 1 MB.</summary>
    public const int MaxKeys = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    /// <summary>Takes a try.</summary>
    /// <param name="key">Whose.</param>
    /// <returns>Whether there was one left. When more keys try than are remembered, new ones are refused until old ones are forgotten.</returns>
    public bool TryTake(string key)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            if (!_buckets.TryGetValue(key, out Bucket bucket))
            {
                if (_buckets.Count >= MaxKeys)
                {
                    Forget(now);
                }

                if (_buckets.Count >= MaxKeys)
                {
                    return false;
                }

                bucket = new(burst, now);
            }

            double left = LeftOf(bucket, now);
            _buckets[key] = new(left >= 1 ? left - 1 : left, now);
            return left >= 1;
        }
    }

    private double LeftOf(Bucket bucket, long now) => Math.Min(burst, bucket.Left + (time.GetElapsedTime(bucket.At, now) / refill));

    /// <summary>Those that are full again need not be remembered.</summary>
    private void Forget(long now)
    {
        foreach (string full in _buckets.Where(b => LeftOf(b.Value, now) >= burst).Select(b => b.Key).ToArray())
        {
            _buckets.Remove(full);
        }
    }

    private readonly record struct Bucket(double Left, long At);
}
