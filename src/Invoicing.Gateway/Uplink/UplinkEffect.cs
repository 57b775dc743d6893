using Invoicing.Chain;

namespace Invoicing.Gateway.Uplink;

/// <summary>What an uplink wants done. A closed family.</summary>
internal abstract record UplinkEffect
{
    private UplinkEffect()
    {
    }

    /// <summary>Say hello with where the journal stands, proven over a challenge.</summary>
    public sealed record SendHello(ReadOnlyMemory<byte> Nonce) : UplinkEffect;

    /// <summary>Say that this device is there.</summary>
    public sealed record SendAlive(ReadOnlyMemory<byte> Nonce) : UplinkEffect;

    /// <summary>Ask for further ranges.</summary>
    public sealed record AskRanges(RangeNeed Need) : UplinkEffect;

    /// <summary>Note further ranges in the chain.</summary>
    public sealed record Note(RangeGrant Grant, SignedRangeGrant Statement) : UplinkEffect;

    /// <summary>Read entries after a position and send them as one batch.</summary>
    public sealed record SendBatch(long After, int MostEntries, long MostBytes) : UplinkEffect;

    /// <summary>Note a verified watermark over an unbroken prefix.</summary>
    public sealed record Acknowledge(Watermark Watermark, SignedWatermark Statement) : UplinkEffect;

    /// <summary>Store verdicts.</summary>
    public sealed record Store(IReadOnlyList<(Verdict Verdict, SignedVerdict Statement)> Verdicts) : UplinkEffect;

    /// <summary>Sign a body again.</summary>
    public sealed record Resign(long Position) : UplinkEffect;

    /// <summary>Stop recording for good.</summary>
    public sealed record StopRecording(string Reason) : UplinkEffect;

    /// <summary>End the stream. If the uplink is not halted, another is opened after a while.</summary>
    public sealed record End(string Reason) : UplinkEffect;
}
