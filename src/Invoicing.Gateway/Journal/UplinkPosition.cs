using Invoicing.Chain;

namespace Invoicing.Gateway.Journal;

/// <summary>How far the authority has acknowledged, and on what statement that rests.</summary>
/// <param name="Checkpoint">Last position that the newest verified watermark covers.</param>
/// <param name="SafePosition">Last position that is also outside the authority's machine.</param>
/// <param name="Statement">The newest verified watermark as it came; <see langword="null"/> before the first.</param>
/// <param name="Stopped">Why recording is stopped for good (foreign history); else <see langword="null"/>.</param>
internal sealed record UplinkPosition(long Checkpoint, long SafePosition, SignedWatermark? Statement, string? Stopped)
{
    public static UplinkPosition None { get; } = new(0, 0, null, null);
}
