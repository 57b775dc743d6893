namespace Invoicing.Authority.Gate;

/// <summary>So many at once, and so many in a second after that. For one thread at a time: the holder locks.</summary>
internal struct TokenBucket
{
    private readonly double _rate;
    private readonly double _burst;
    private double _left;
    private TimeSpan _at;

    /// <summary>Makes a full bucket.</summary>
    /// <param name="rate">Given back in a second.</param>
    /// <param name="burst">Most at once.</param>
    public TokenBucket(double rate, double burst)
    {
        _rate = rate;
        _burst = burst;
        _left = burst;
    }

    /// <summary>Whether all have been given back.</summary>
    /// <param name="now">Time since any fixed moment; never goes back.</param>
    public readonly bool IsFullAt(TimeSpan now) => _left + (_rate * (now - _at).TotalSeconds) >= _burst;

    /// <summary>Takes one.</summary>
    /// <param name="now">Time since any fixed moment; never goes back.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryTake(TimeSpan now)
    {
        _left = Math.Min(_burst, _left + (_rate * (now - _at).TotalSeconds));
        _at = now;
        if (_left < 1)
        {
            return false;
        }

        _left--;
        return true;
    }
}
