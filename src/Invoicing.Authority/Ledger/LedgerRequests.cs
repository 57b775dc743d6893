using Invoicing.Chain;

namespace Invoicing.Authority.Ledger;

/// <summary>Work for the ledger's writer. A closed family; each is answered exactly once, unless the process ends.</summary>
/// <remarks>Answers run on the writer's thread: they must only hand on, never wait.</remarks>
internal abstract record LedgerRequest
{
    private LedgerRequest()
    {
    }

    /// <summary>Asks where a chain stands, behind everything that was submitted before.</summary>
    /// <param name="Chain">The chain.</param>
    /// <param name="Enrolment">Hash of the enrolment that its device was granted.</param>
    /// <param name="Answer">Takes the answer.</param>
    public sealed record Open(ChainId Chain, Hashing.Sha256Hash Enrolment, Action<ChainOpening> Answer) : LedgerRequest;

    /// <summary>Appends a verified run.</summary>
    /// <param name="Run">The run.</param>
    /// <param name="Answer">Takes the outcome, behind the commit.</param>
    public sealed record Append(PreparedRun Run, Action<AppendOutcome> Answer) : LedgerRequest;
}

/// <summary>What the writer knows of a chain.</summary>
/// <param name="Standing">Where it stands; <see langword="null"/> if nothing of it is stored.</param>
/// <param name="Watermark">Its last watermark, as it was signed.</param>
/// <param name="EnrolmentUser">The chain that was started on the enrolment; <see langword="null"/> if none was.</param>
internal sealed record ChainOpening(ChainStanding? Standing, SignedWatermark? Watermark, ChainId? EnrolmentUser);

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
