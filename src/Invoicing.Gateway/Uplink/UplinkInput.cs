using Invoicing.Chain;
using Invoicing.Gateway.Journal;

namespace Invoicing.Gateway.Uplink;

/// <summary>What happens to an uplink. A closed family.</summary>
internal abstract record UplinkInput
{
    private UplinkInput()
    {
    }

    /// <summary>A stream is open; head and verdict cursor are what is durable.</summary>
    public sealed record Opened(long Head, long VerdictCursor) : UplinkInput;

    /// <summary>The authority wants the hello proven.</summary>
    public sealed record Challenged(ReadOnlyMemory<byte> Nonce) : UplinkInput;

    /// <summary>The authority asks whether this device is there.</summary>
    public sealed record Probed(ReadOnlyMemory<byte> Nonce) : UplinkInput;

    /// <summary>Ranges run low.</summary>
    public sealed record RunsLow(RangeNeed Need) : UplinkInput;

    /// <summary>Ranges were granted; verified, or with the fault, or with the authority's reason why there are none.</summary>
    public sealed record Granted(RangeGrant? Grant, SignedRangeGrant? Statement, string Text) : UplinkInput;

    /// <summary>The journal has grown.</summary>
    public sealed record Grown(long Head) : UplinkInput;

    /// <summary>The authority said where it stands.</summary>
    public sealed record Welcomed(WatermarkCheck Watermark, long WindowEntries, long WindowBytes) : UplinkInput;

    /// <summary>The authority stored something.</summary>
    public sealed record Answered(WatermarkCheck Watermark) : UplinkInput;

    /// <summary>Verdicts came; verified, or with the fault of the first that is not.</summary>
    public sealed record Judged(IReadOnlyList<(Verdict Verdict, SignedVerdict Statement)> Verdicts, string? Fault) : UplinkInput;

    /// <summary>The authority took nothing from a position on.</summary>
    public sealed record Refused(ChainFaultReason? Reason, long Position, string Text, WatermarkCheck Watermark) : UplinkInput;

    /// <summary>A batch is written.</summary>
    public sealed record Written(long Last, long Bytes) : UplinkInput;

    /// <summary>A body was signed again, or not.</summary>
    public sealed record Resigned(ResignOutcome Outcome) : UplinkInput;

    /// <summary>The stream ended.</summary>
    public sealed record Closed(string Text) : UplinkInput;
}
