using System.Globalization;

namespace Grpc.Shared;

/// <summary>Timeout = TimeoutValue (at most 8 digits) TimeoutUnit (H, M, S, m, u, n).</summary>
internal static class TimeoutText
{
    /// <summary>Longest that 8 digits of seconds say: a little over three years.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(MaxValue);

    private const long MaxValue = 99_999_999;

    /// <summary>Rounded up, so that the server never gives up before its caller would.</summary>
    public static string Encode(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero)
        {
            return "1n";
        }

        long milliseconds = Up(timeout, TimeSpan.TicksPerMillisecond);
        return milliseconds <= MaxValue
            ? milliseconds.ToString(CultureInfo.InvariantCulture) + "m"
            : Math.Min(Up(timeout, TimeSpan.TicksPerSecond), MaxValue).ToString(CultureInfo.InvariantCulture) + "S";
    }

    /// <summary>False if the text is not a timeout; then the call has none.</summary>
    public static bool TryDecode(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > 9
            || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int value))
        {
            return false;
        }

        long ticksPerUnit = text[^1] switch
        {
            'H' => TimeSpan.TicksPerHour,
            'M' => TimeSpan.TicksPerMinute,
            'S' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMillisecond,
            'u' => TimeSpan.TicksPerMicrosecond,
            'n' => 0,
            _ => -1,
        };
        if (ticksPerUnit < 0)
        {
            return false;
        }

        timeout = ticksPerUnit == 0 ? TimeSpan.FromTicks(Math.Max(1, value / 100)) : TimeSpan.FromTicks(value * ticksPerUnit);
        if (value == 0)
        {
            timeout = TimeSpan.Zero;
        }

        timeout = timeout > Longest ? Longest : timeout;
        return true;
    }

    private static long Up(TimeSpan timeout, long ticksPerUnit) => (timeout.Ticks / ticksPerUnit) + (timeout.Ticks % ticksPerUnit == 0 ? 0 : 1);
}
