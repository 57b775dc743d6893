using Invoicing.Chain;
using Invoicing.Hashing;

namespace Invoicing.Gateway.Uplink;

/// <summary>A watermark as it came, after its signature and path were checked, beside the journal's own entry.</summary>
/// <param name="Statement">As it came; <see langword="null"/> if the authority holds nothing of the chain.</param>
/// <param name="Verified">What it says; <see langword="null"/> if it does not verify, or there is none.</param>
/// <param name="Fault">Why it does not verify; else <see langword="null"/>.</param>
/// <param name="OwnHash">The journal's own hash at its position; <see langword="null"/> if the journal does not reach so far.</param>
internal sealed record WatermarkCheck(SignedWatermark? Statement, Watermark? Verified, string? Fault, Sha256Hash? OwnHash)
{
    /// <summary>The authority holds nothing of the chain.</summary>
    public static WatermarkCheck None { get; } = new(null, null, null, null);

    /// <summary>What it means for a journal.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="checkpoint">Last position that a watermark covered before.</param>
    /// <param name="text">What was expected and what was found.</param>
    public Finding Judge(ChainId chain, long checkpoint, out string text)
    {
        if (Fault is not null || (Verified is { } other && other.Chain != chain))
        {
            text = Fault ?? $"expected a watermark of chain {chain}, found one of {Verified!.Chain}";
            return Finding.NoConnection;
        }

        long position = Verified?.Position ?? 0;
        if (Verified is not null && OwnHash is null)
        {
            text = $"expected a watermark within this journal, found one of position {position} after its end";
            return Finding.ForeignHistory;
        }

        if (Verified is { } found && OwnHash != found.Hash)
        {
            text = $"expected hash {OwnHash} at position {position}, found {found.Hash} in the authority's signed watermark";
            return Finding.ForeignHistory;
        }

        text = position < checkpoint
            ? $"expected a watermark of position {checkpoint} or later, which the authority has signed before, found {position}: it lost something"
            : string.Empty;
        return position < checkpoint ? Finding.AuthorityBehind : Finding.SameHistory;
    }
}
