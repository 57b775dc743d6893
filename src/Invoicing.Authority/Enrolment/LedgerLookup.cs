using Grpc.Core;
using Invoicing.Authority.Ledger;
using Invoicing.Chain;
using Invoicing.Hashing;

namespace Invoicing.Authority.Enrolment;

/// <summary>Asks the ledger where the chain of an enrolment stands.</summary>
/// <param name="writer">The ledger's writer, which knows it behind everything that was submitted before.</param>
internal sealed class LedgerLookup(LedgerWriter writer)
{
    /// <summary>What the ledger knows of a chain and of an enrolment.</summary>
    /// <exception cref="RpcException">UNAVAILABLE if the ledger takes nothing now.</exception>
    public async Task<ChainOpening> FindAsync(ChainId chain, Sha256Hash enrolment, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<ChainOpening>(TaskCreationOptions.RunContinuationsAsynchronously);
        return writer.TrySubmit(new LedgerRequest.Open(chain, enrolment, answer.SetResult))
            ? await answer.Task.WaitAsync(cancellationToken)
            : throw new RpcException(new Status(StatusCode.Unavailable, "shutting down, or too much is waiting: try again later"));
    }

    /// <summary>Where the chain of an enrolment ended, as far as it is known; <see langword="null"/> if nothing of it is stored.</summary>
    public async Task<ChainLink?> HeadAsync(EnrolmentGrant enrolment, CancellationToken cancellationToken)
    {
        if ((await FindAsync(default, enrolment.Hash, cancellationToken)).EnrolmentUser is not { } chain)
        {
            return null;
        }

        ChainOpening opening = await FindAsync(chain, enrolment.Hash, cancellationToken);
        return opening.Standing is { IsStored: true } standing ? new(chain, standing.State.Position, standing.State.Hash) : null;
    }
}
