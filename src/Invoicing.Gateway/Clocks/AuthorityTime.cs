namespace Invoicing.Gateway.Clocks;

/// <summary>What the authority said the time is, over verified TLS, and how long ago that was by our steady clock. Any number of threads.</summary>
/// <remarks>
/// Kept in memory only: a steady clock does not outlive the machine's run. It stands still while a machine sleeps, so this time may lag, and
/// never leads, until the authority is heard again.
/// </remarks>
/// <param name="time">Steady clock.</param>
internal sealed class AuthorityTime(TimeProvider time)
{
    private Statement? _heard;

    /// <summary>The authority's time now, UTC milliseconds; <see langword="null"/> before it was heard.</summary>
    public long? Now => Volatile.Read(ref _heard) is { } heard
        ? heard.Utc + (long)time.GetElapsedTime(heard.Stamp).TotalMilliseconds
        : null;

    /// <summary>Takes note of the authority's time. To be called only with what came over a connection whose server was verified.</summary>
    /// <param name="utc">UTC milliseconds since 1970-01-01; before our build it is no time, and is not noted.</param>
    public void Hear(long utc)
    {
        // Beyond what a date can show it is no time either, and would overflow whoever shows it.
        if (utc >= TrustedTime.Build && utc < DateTimeOffset.MaxValue.AddYears(-1).ToUnixTimeMilliseconds())
        {
            Volatile.Write(ref _heard, new(utc, time.GetTimestamp()));
        }
    }

    private sealed record Statement(long Utc, long Stamp);
}
