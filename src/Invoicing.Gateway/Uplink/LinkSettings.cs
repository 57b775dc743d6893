using Invoicing.Gateway.Clocks;
using Invoicing.Gateway.Enrolment;

namespace Invoicing.Gateway.Uplink;

/// <summary>What a link to the authority is told at its start.</summary>
internal sealed record LinkSettings(
    Uri Authority, IdentityKeeper Identity, string JournalPath, string Software, TimeSpan Delay, TimeSpan Cap, DeviceClock Time,
    Func<double>? Jitter)
{
    /// <summary>To be called with the authority's time in each welcome: it counts where the system's clock is not plausible.</summary>
    /// <param name="ledgerTime">UTC milliseconds since 1970-01-01, over a stream of this link.</param>
    public void HearAuthorityTime(long ledgerTime) => Time.Authority.Hear(ledgerTime);
}
