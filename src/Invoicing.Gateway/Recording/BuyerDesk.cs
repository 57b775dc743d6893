using Invoicing.Sales;

namespace Invoicing.Gateway.Recording;

/// <summary>Where sales wait for their buyers and statements of buyers for their sales, for registers that cannot ask who buys.</summary>
/// <remarks>
/// Nothing here is durable, and nothing has to be: a sale that waits is not acknowledged, so the register keeps it and sends it
/// again, and a
/// statement that is lost in a crash is made again. Calls of a register go on to the recorder in the order in which they came, whether they
/// waited or not. Any number of threads.
/// </remarks>
/// <param name="time">Clock and timers.</param>
/// <param name="usual">How long sales of a register wait for which nothing else was said.</param>
internal sealed class BuyerDesk(TimeProvider time, TimeSpan usual)
{
    /// <summary>Most statements that wait for sales of one register: as many as it may have under way.</summary>
    public const int MaxNoted = 16;

    private const string Closing = "the gateway closes while the sale waits for its buyer; it is to be handed over again";

    private readonly Lock _gate = new();
    private readonly Dictionary<RegisterId, BuyerLane> _lanes = [];
    private bool _isClosed;

    /// <summary>Says how long sales of a register wait for their buyers.</summary>
    public void Open(RegisterId register, TimeSpan hold)
    {
        lock (_gate)
        {
            LaneOf(register).Hold = hold;
        }
    }

    /// <summary>Takes a call in, in the order of calls.</summary>
    /// <param name="key">What it records.</param>
    /// <param name="receipt">Number of its receipt.</param>
    /// <param name="hold">How long sales of the register wait.</param>
    /// <param name="wait">How long this one may wait; zero if it is no sale, has a buyer, or is old.</param>
    /// <param name="hasBuyer">Whether it is a new sale with a buyer of its own.</param>
    public HeldSale Enter(in SaleKey key, string? receipt, TimeSpan hold, TimeSpan wait, bool hasBuyer = false)
    {
        lock (_gate)
        {
            BuyerLane lane = LaneOf(key.Register);
            lane.Hold = hold;
            var call = new HeldSale(key, receipt, lane.Tail);
            lane.Tail = call.Queued;
            lane.Calls.Add(call);
            if (hasBuyer)
            {
                lane.Noted.RemoveAll(note => note.IsForNext); // the next sale has come, and knows better
            }

            if (_isClosed || wait <= TimeSpan.Zero)
            {
                call.Decide(null);
            }
            else if (TakeNote(lane, key, receipt) is { } note)
            {
                call.Decide(note.Buyer);
            }

            return call;
        }
    }

    /// <summary>Runs a call: waits for its buyer and its turn, hands it to the recorder, and tells whoever stated the buyer.</summary>
    /// <typeparam name="T">What the recorder answers.</typeparam>
    /// <param name="call">From <see cref="Enter"/>.</param>
    /// <param name="wait">As for <see cref="Enter"/>.</param>
    /// <param name="record">Puts it into the recorder's queue before it returns.</param>
    /// <param name="outcome">What the answer says became of it.</param>
    /// <param name="cancellationToken">Ends the waiting; from the queue on it is the recorder's.</param>
    /// <exception cref="NotRecordedException">The gateway closes.</exception>
    public async Task<T> RunAsync<T>(
        HeldSale call, TimeSpan wait, Func<Buyer?, Task<T>> record, Func<T, RecordOutcome> outcome, CancellationToken cancellationToken)
    {
        RecordOutcome? ended = null;
        Buyer? buyer = null;
        try
        {
            buyer = await BuyerOfAsync(call, wait, cancellationToken).ConfigureAwait(false);
            await call.Before.WaitAsync(cancellationToken).ConfigureAwait(false);
            Task<T> answer = record(buyer);
            call.MarkQueued();
            T result = await answer.ConfigureAwait(false);
            ended = outcome(result);
            return result;
        }
        finally
        {
            Leave(call, buyer, ended);
        }
    }

    /// <summary>States who buys.</summary>
    /// <param name="register">The register.</param>
    /// <param name="receipt">Number of the receipt; <see langword="null"/> for the sale that waits longest, or else the next.</param>
    /// <param name="buyer">Who.</param>
    /// <param name="isKnown">Whether the journal has anything of the register.</param>
    public BuyerStatement State(RegisterId register, string? receipt, Buyer buyer, bool isKnown)
    {
        lock (_gate)
        {
            BuyerLane? lane = isKnown ? LaneOf(register) : _lanes.GetValueOrDefault(register);
            if (lane is null || lane.Hold <= TimeSpan.Zero)
            {
                return new BuyerStatement.NoHold(register);
            }

            if (lane.Calls.Find(call => !call.IsDecided && (receipt is null || call.Receipt == receipt)) is { } waiting)
            {
                waiting.Decide(buyer);
                return new BuyerStatement.Taken(waiting);
            }

            if (receipt is not null && lane.Calls.Find(call => call.Receipt == receipt) is { } underWay)
            {
                return new BuyerStatement.TooLate(underWay);
            }

            return new BuyerStatement.Noted(Note(lane, buyer, receipt, key: null));
        }
    }

    /// <summary>Takes a statement back that no sale took.</summary>
    public void TakeBack(RegisterId register, NotedBuyer note)
    {
        lock (_gate)
        {
            LaneOf(register).Noted.Remove(note);
        }
    }

    /// <summary>Ends all waiting: what waits is not recorded, and the registers keep it.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (HeldSale call in _lanes.Values.SelectMany(lane => lane.Calls))
            {
                call.Refuse(Closing);
            }
        }
    }

    private async Task<Buyer?> BuyerOfAsync(HeldSale call, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (!call.IsDecided)
        {
            try
            {
                return await call.Buyer.WaitAsync(wait, time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                lock (_gate)
                {
                    call.Decide(null); // unless a statement came at the very last moment
                }
            }
        }

        return await call.Buyer.ConfigureAwait(false);
    }

    private void Leave(HeldSale call, Buyer? buyer, RecordOutcome? ended)
    {
        lock (_gate)
        {
            BuyerLane lane = LaneOf(call.Key.Register);
            lane.Calls.Remove(call);
            buyer ??= call.Buyer.IsCompletedSuccessfully ? call.Buyer.Result : null;
            if (buyer is not null && ended is null or RecordOutcome.NotNow)
            {
                Note(lane, buyer, receipt: null, call.Key); // not recorded: the same sale will come again
            }

            call.Decide(null);
        }

        call.MarkQueued();
        call.End(ended);
    }

    private NotedBuyer? TakeNote(BuyerLane lane, SaleKey key, string? receipt)
    {
        Forget(lane);
        NotedBuyer? found = lane.Noted.Find(note => note.Names(key, receipt)) ?? lane.Noted.Find(note => note.IsForNext);

        // "The next sale" has come, whichever buyer it gets: the statement must not reach the one after it.
        lane.Noted.RemoveAll(note => note.IsForNext || note == found);
        return found;
    }

    private NotedBuyer Note(BuyerLane lane, Buyer buyer, string? receipt, SaleKey? key)
    {
        Forget(lane);
        if (receipt is null && key is null)
        {
            lane.Noted.RemoveAll(note => note.IsForNext); // the newer statement counts
        }

        if (lane.Noted.Count == MaxNoted)
        {
            lane.Noted.RemoveAt(0);
        }

        var noted = new NotedBuyer(buyer, receipt, key, time.GetTimestamp() + (long)(lane.Hold.TotalSeconds * time.TimestampFrequency));
        lane.Noted.Add(noted);
        return noted;
    }

    private void Forget(BuyerLane lane)
    {
        long now = time.GetTimestamp();
        lane.Noted.RemoveAll(note => note.Until <= now);
    }

    private BuyerLane LaneOf(RegisterId register)
    {
        if (!_lanes.TryGetValue(register, out BuyerLane? lane))
        {
            _lanes.Add(register, lane = new() { Hold = usual });
        }

        return lane;
    }
}
