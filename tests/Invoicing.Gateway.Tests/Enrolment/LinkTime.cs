using Invoicing.Gateway.Tests.Uplink;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Enrolment;

/// <summary>Moves a clock from one pause of a link to the next, and never while it waits for an answer: handshakes take real time.</summary>
/// <remarks>
/// With pauses of at least <see cref="Pause"/>, what is due within a minute is the end of somebody's patience for an answer (30 s, 60 s), and
/// what is due within two seconds is a watermark to be written.
/// </remarks>
internal static class LinkTime
{
    /// <summary>The shortest pause between tries: half of it remains with the least jitter.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    /// <summary>Some five seconds in which nothing moved: then it is the rest of a longer pause, or an answer that will not come.</summary>
    private const int Enough = 500;

    private static readonly TimeSpan Saving = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(61);

    public static GatewayOptions Paused(this GatewayOptions options) => options with { ReconnectDelay = Pause, ReconnectCap = 2 * Pause, Jitter = () => 0 };

    public static Task UntilAsync(ManualTime time, Func<bool> holds, string what)
    {
        TimeSpan? waited = null;
        int looks = 0;
        return Waiting.Until(
            () =>
            {
                if (holds())
                {
                    return true;
                }

                TimeSpan? due = time.NextDue;
                looks = due == waited ? looks + 1 : 0;
                waited = due;
                if (due is { } next && (next <= Saving || next > Patience || looks > Enough))
                {
                    time.Advance(next);
                }

                return false;
            },
            what, Delivering.Patience);
    }
}
