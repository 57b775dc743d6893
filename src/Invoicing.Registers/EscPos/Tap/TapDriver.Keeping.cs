using Invoicing.Registers.Drivers;
using Invoicing.Sales;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>The tap and its book: jobs in, fates out.</summary>
internal sealed partial class TapDriver
{
    private async Task KeepAllAsync(CapturedRecords records, CancellationToken cancellationToken)
    {
        await foreach (GateEffect.Keep keep in _toKeep.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            CapturedJob job = keep.Job;
            bool isWhole = job.End != JobEnd.Torn && !(job.IsIncomplete && job.Bytes.Length < JobAssembler.MaxJob);
            try
            {
                TakenCapture taken = await records.TakeAsync(_time.GetUtcNow(), isWhole, job.Bytes, cancellationToken).ConfigureAwait(false);
                _ = FollowAsync(keep.Ticket, taken); // as many as records wait, which CapturedRecords bounds; it throws nothing
            }
            catch (InvoicingException fault) when (fault.IsTransient)
            {
                // The gate's time limit says what happens to the paper; the loss is counted and told.
                Interlocked.Decrement(ref _waiting);
                _counters.Add(TapCounters.NotKept);
                LogNotKept(_till.Name, fault.Message);
            }
        }
    }

    /// <summary>Tells the session what became of a job, when that is known.</summary>
    private async Task FollowAsync(int ticket, TakenCapture taken)
    {
        try
        {
            RecordOutcome? outcome = await taken.Outcome.ConfigureAwait(false);
            if (_options.Mode == TapMode.Gate && taken.Piece.Class != CaptureClass.Unjudged)
            {
                _fates.Enqueue((ticket, new(taken.Piece.Class, outcome)));
                _inbox.Writer.TryWrite(new TapInput.Tick()); // a full inbox has other inputs, each of which looks for fates
            }
        }
        catch (OperationCanceledException)
        {
            // The tap ends: the record is offered at the next start, and the till prints again what it has no paper of.
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    [LoggerMessage(1073, LogLevel.Error, "{Line}: a print could not be kept ({Reason}); if it was a sale, it is not invoiced")]
    private partial void LogNotKept(string line, string reason);
}
