namespace FirmwareSim.Records;

/// <summary>A till in Vietnam shows GMT+7, whatever zone its host is in.</summary>
internal static class LocalClock
{
    /// <summary>Confidence 2 of TLK/1: the host's clock is kept by a time service.</summary>
    public const byte Confidence = 2;

    private static readonly TimeSpan Vietnam = TimeSpan.FromHours(7);

    public static DateTimeOffset Now(TimeProvider time) => time.GetUtcNow().ToOffset(Vietnam);
}
