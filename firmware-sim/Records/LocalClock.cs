namespace FirmwareSim.Records;

/// <summary>A till in Vietnam shows GMT+7, whatever zone its host is in.</summary>
internal static class LocalClock
{
    private static readonly TimeSpan Vietnam = TimeSpan.FromHours(7);

    public static DateTimeOffset Now(TimeProvider time) => time.GetUtcNow().ToOffset(Vietnam);
}
