using System.Diagnostics.Metrics;

namespace Invoicing.Gateway.Journal;

/// <summary>Counters of all gateways of this process.</summary>
internal static class GatewayMeter
{
    public const string Name = "Invoicing.Gateway";

    public static readonly Meter Meter = new(Name);

    public static readonly Counter<long> Appended =
        Meter.CreateCounter<long>("invoicing.journal.appended", "{entry}", "Entries committed");

    public static readonly Histogram<int> GroupSize =
        Meter.CreateHistogram<int>("invoicing.journal.group", "{entry}", "Entries of one commit");

    public static readonly Counter<long> Acknowledged =
        Meter.CreateCounter<long>("invoicing.uplink.acknowledged", "{entry}", "Entries that a verified watermark came to cover");
}
