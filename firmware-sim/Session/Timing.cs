namespace FirmwareSim.Session;

/// <summary>Times of TLK/1 §3, §6 and §10, in milliseconds.</summary>
internal static class Timing
{
    public const long FirstResend = 500;
    public const long LongestResend = 8_000;
    public const long Idle = 5_000;

    /// <summary>PINGs into silence before the link counts as down.</summary>
    public const int Pings = 3;

    public const long RefusedWait = 60_000;
    public const long DefaultWait = 8_000;
    public const long StoppedHello = 60_000;

    /// <summary>At most one ERROR in this time.</summary>
    public const long ErrorPause = 1_000;

    /// <summary>In a sealed session an unsealed NAK 9 is believed once in this time: anybody can say it.</summary>
    public const long HintPause = 8_000;

    /// <summary>A larger step of the clock is a record.</summary>
    public const long ClockStep = 2_000;

    /// <summary>A burst of NAK 9 (one per record under way) must not become a burst of HELLOs.</summary>
    public const long HelloRepeatPause = 500;

    public static long Doubled(long interval) => Math.Min(interval * 2, LongestResend);
}
