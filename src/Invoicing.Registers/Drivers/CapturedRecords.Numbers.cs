using System.Collections.Immutable;
using Invoicing.Sales;
using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.Drivers;

/// <summary>Receipts that never came: the book is read once more, piece by piece, and a gap in its numbers becomes a piece of its own.</summary>
/// <remarks>
/// After a start the last pieces are read again. A gap that they show stands in the book behind them already if it was named; so it is named
/// once, whenever the power fails.
/// </remarks>
internal sealed partial class CapturedRecords
{
    /// <summary>Pieces that are read again at the start: more than a till prints in an hour.</summary>
    private const int LookBack = 512;

    private readonly NumberRun _numbers = new();
    private readonly List<NumberGap> _unnamed = []; // found, and not met in the book yet; of one line's few gaps between two looks
    private long _newest; // piece that was kept last
    private long _looked; // piece whose number was taken last

    private CaptureReading Read(KeptCapture piece) => NumberGap.Of(piece.Bytes.Span) is { } gap ? gap.Reading(piece) : read(piece);

    private void NoteKept(long number)
    {
        for (long newest = Volatile.Read(ref _newest); number > newest;)
        {
            long found = Interlocked.CompareExchange(ref _newest, number, newest);
            if (found == newest)
            {
                return;
            }

            newest = found;
        }
    }

    private async Task BeginNumbersAsync(CancellationToken cancellationToken)
    {
        if (!watchesNumbers)
        {
            return;
        }

        ImmutableArray<KeptCapture> last = await book.ListAsync(null, null, 1, cancellationToken).ConfigureAwait(false);
        if (!last.IsEmpty)
        {
            NoteKept(last[0].Number);
            _looked = Math.Max(0, last[0].Number - LookBack);
        }
    }

    /// <summary>Takes the numbers of the pieces that were judged since, and keeps the gaps they show.</summary>
    /// <returns>Whether the disk does not take it now.</returns>
    private async Task<bool> NameGapsAsync(CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                while (watchesNumbers && _looked < Volatile.Read(ref _newest))
                {
                    KeptCapture? piece = await book.ReadAsync(_looked + 1, cancellationToken).ConfigureAwait(false);
                    if (piece?.Class == CaptureClass.Unjudged)
                    {
                        return false; // whoever judges it wakes this up
                    }

                    _looked++;
                    Look(piece);
                }

                await KeepGapsAsync(cancellationToken).ConfigureAwait(false);
            }
            while (_unnamed.Count > 0);

            return false;
        }
        catch (InvoicingException fault) when (fault.IsTransient)
        {
            LogWaits($"gaps in receipt numbers are named later: {fault.Message}");
            return true;
        }
    }

    private void Look(KeptCapture? piece)
    {
        if (piece is null)
        {
            return; // deleted by now
        }

        if (NumberGap.Of(piece.Bytes.Span) is { } named)
        {
            _unnamed.Remove(named);
        }
        else if (Read(piece).Number is { } number && _numbers.Next(number, piece.Class) is { } gap)
        {
            _unnamed.Add(gap);
        }
    }

    /// <summary>Keeps what is not in the book; it is met there next, and then is off the list.</summary>
    private async Task KeepGapsAsync(CancellationToken cancellationToken)
    {
        foreach (NumberGap gap in _unnamed.ToArray())
        {
            Counters.Add("gaps in receipt numbers");
            LogGap(book.Register, gap.First, gap.Last);
            await TakeAsync(time.GetUtcNow(), isWhole: true, gap.ToBytes(), cancellationToken).ConfigureAwait(false);
        }
    }

    [LoggerMessage(1069, LogLevel.Error, "{Register}: receipts {First} to {Last} never came")]
    private partial void LogGap(RegisterId register, string first, string last);
}
