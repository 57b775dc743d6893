using Invoicing.Chain;

namespace Invoicing.Authority.Ledger;

/// <summary>What became of a run. A closed family.</summary>
internal abstract record AppendOutcome
{
    private AppendOutcome()
    {
    }

    /// <summary>All of it is durable.</summary>
    /// <param name="Watermark">Signed for the commit; may say more than this run, if others of its chain were in the commit.</param>
    /// <param name="Position">The chain's head that it says.</param>
    /// <param name="Verdicts">Verdicts on entries of this run, in the order of their numbers.</param>
    public sealed record Stored(SignedWatermark Watermark, long Position, IReadOnlyList<StoredVerdict> Verdicts) : AppendOutcome;

    /// <summary>The ledger stands elsewhere than the run was verified against: another stream of the chain was ahead.</summary>
    public sealed record Stale() : AppendOutcome;

    /// <summary>Another chain was started on the same enrolment.</summary>
    /// <param name="User">That chain.</param>
    public sealed record EnrolmentUsed(ChainId User) : AppendOutcome;

    /// <summary>The database refused it; nothing of it is stored.</summary>
    /// <param name="Text">What it said.</param>
    public sealed record Refused(string Text) : AppendOutcome;
}
