using FirmwareSim.Records;

namespace FirmwareSim.Running;

/// <summary>The register's own clock: the host's, and how far it is off. Safe for any number of threads.</summary>
internal sealed class RegisterClock(TimeProvider time, TimeSpan ahead)
{
    private long _ahead = ahead.Ticks;

    public DateTimeOffset Now => LocalClock.Now(time).AddTicks(Interlocked.Read(ref _ahead));

    /// <summary>Steps it.</summary>
    public void Set(DateTimeOffset now) => Interlocked.Exchange(ref _ahead, (now - LocalClock.Now(time)).Ticks);
}
