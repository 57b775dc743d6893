namespace Invoicing.Gateway.Clocks;

/// <summary>
/// The device's clock: the system's as long as that is plausible, else the authority's time where that is known. Timers and the steady clock are
/// the system's. Any number of threads.
/// </summary>
internal sealed class DeviceClock : TimeProvider
{
    private readonly TimeProvider _system;
    private long _proven;
    private long _floor;
    private int _source;

    /// <summary>Makes a clock.</summary>
    /// <param name="system">The system's clock and timers.</param>
    public DeviceClock(TimeProvider system)
    {
        _system = system;
        _proven = TrustedTime.Build;
        _floor = TrustedTime.Build;
        Authority = new(system);
    }

    /// <summary>What the authority said of the time.</summary>
    public AuthorityTime Authority { get; }

    /// <summary>Which clock counts: told to <see cref="Turn"/> by whoever notes it in the chain.</summary>
    public ClockSource Source => (ClockSource)Volatile.Read(ref _source);

    /// <summary>The system's clock, right or wrong, UTC milliseconds.</summary>
    public long SystemNow => _system.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The latest moment that nothing may be recorded before, UTC milliseconds: also our own last entry's.</summary>
    public long Floor => Volatile.Read(ref _floor);

    /// <summary>
    /// The best known time, for judging certificates. Our own last entry proves nothing here: had our clock once been far ahead, every certificate
    /// would seem to have ended, and the device could not even say so.
    /// </summary>
    public KnownTime Best => TrustedTime.Best(SystemNow, Volatile.Read(ref _proven), Authority.Now);

    /// <summary>The system's clock minus the authority's; <see langword="null"/> before the authority was heard.</summary>
    public TimeSpan? Difference => Authority.Now is { } authority ? TimeSpan.FromMilliseconds(SystemNow - authority) : null;

    /// <inheritdoc/>
    public override long TimestampFrequency => _system.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => _system.LocalTimeZone;

    /// <summary>Takes note of a moment that was recorded, so that nothing is recorded before it. Never goes back.</summary>
    /// <param name="past">UTC milliseconds.</param>
    public void Raise(long past) => Raise(ref _floor, past);

    /// <summary>Takes note of a moment that the authority proved to be past, by its signature. Never goes back.</summary>
    /// <param name="past">UTC milliseconds.</param>
    public void RaiseProven(long past)
    {
        Raise(ref _proven, past);
        Raise(ref _floor, past);
    }

    /// <summary>Which clock should count now.</summary>
    public ClockSource Choose() => TrustedTime.Choose(Source, SystemNow, Floor, Authority.Now);

    /// <summary>What a clock shows, UTC milliseconds.</summary>
    public long At(ClockSource source) => source == ClockSource.Authority && Authority.Now is { } authority ? authority : SystemNow;

    /// <summary>Lets a clock count from now on.</summary>
    public void Turn(ClockSource source) => Volatile.Write(ref _source, (int)source);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        ClockSource source = Choose();
        return source == ClockSource.System ? _system.GetUtcNow() : DateTimeOffset.FromUnixTimeMilliseconds(At(source));
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => _system.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _system.CreateTimer(callback, state, dueTime, period);

    private static void Raise(ref long known, long past)
    {
        long before = Volatile.Read(ref known);
        while (past > before)
        {
            long seen = Interlocked.CompareExchange(ref known, past, before);
            before = seen == before ? past : seen;
        }
    }
}
