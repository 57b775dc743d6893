using Microsoft.Extensions.Logging;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>The tap and its book: jobs in, fates out.</summary>
internal sealed partial class TapDriver
{
    private readonly Lock _ticketGate = new();
    private readonly Dictionary<long, int> _tickets = []; // captures whose fate a gate waits for
    private readonly Dictionary<long, JobFate> _early = []; // fates known before the capture's ticket

    private async Task KeepAllAsync(CancellationToken cancellationToken)
    {
        await foreach (GateEffect.Keep keep in _toKeep.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            CapturedJob job = keep.Job;
            bool isWhole = job.End != JobEnd.Torn && !(job.IsIncomplete && job.Bytes.Length < JobAssembler.MaxJob);
            try
            {
                long number = await _book.KeepAsync(_time.GetUtcNow(), isWhole, job.Bytes, cancellationToken).ConfigureAwait(false);
                Expect(number, keep.Ticket);
                _worker.Wake();
            }
            catch (InvoicingException fault) when (fault.IsTransient)
            {
                // The gate's time limit says what happens to the paper; the loss is counted and told.
                Count(TapCounters.NotKept);
                LogNotKept(fault, _till.Name);
            }
        }
    }

    private void Expect(long number, int ticket)
    {
        if (_options.Mode != TapMode.Gate)
        {
            return;
        }

        lock (_ticketGate)
        {
            if (_early.Remove(number, out JobFate? fate))
            {
                Post(ticket, fate);
            }
            else
            {
                _tickets.Add(number, ticket);
            }

            // What was judged before this one and expected by nobody was kept before this start.
            foreach (long old in _early.Keys.Where(old => old < number).ToArray())
            {
                _early.Remove(old);
            }
        }
    }

    /// <summary>Called by the worker, one piece after the other.</summary>
    private void Fate(long number, JobFate fate)
    {
        string? before = _alarm.Reason;
        _alarm.Note(fate.Class, Now() / 60_000);
        if (UnreadableAlarm.IsUnreadable(fate.Class))
        {
            Count(TapCounters.Unreadable);
        }

        if (_alarm.Reason is { } reason && before is null)
        {
            LogAlarm(_till.Name, reason);
        }

        if (_options.Mode != TapMode.Gate)
        {
            return;
        }

        lock (_ticketGate)
        {
            if (_tickets.Remove(number, out int ticket))
            {
                Post(ticket, fate);
            }
            else
            {
                _early[number] = fate;
                if (_early.Count > KeepQueueSize)
                {
                    _early.Remove(_early.Keys.Min());
                }
            }
        }
    }

    private void Post(int ticket, JobFate fate)
    {
        _fates.Enqueue((ticket, fate));
        _inbox.Writer.TryWrite(new TapInput.Tick()); // a full inbox has other inputs, each of which looks for fates
    }

    [LoggerMessage(1073, LogLevel.Error, "{Line}: a print could not be kept; if it was a sale, it is not invoiced")]
    private partial void LogNotKept(InvoicingException fault, string line);

    [LoggerMessage(1074, LogLevel.Error, "{Line}: {Reason}")]
    private partial void LogAlarm(string line, string reason);
}
