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
