using Invoicing.Chain;

namespace Invoicing.Gateway.Uplink;

/// <summary>What a link to the authority is told at its start.</summary>
internal sealed record LinkSettings(
    Uri Authority, ClientBundle Bundle, string JournalPath, string Software, TimeSpan Delay, TimeSpan Cap, TimeProvider Time,
    Func<double>? Jitter);
