using FirmwareSim.Baskets;
using FirmwareSim.Bytes;
using FirmwareSim.Journal;
using FirmwareSim.Lines;
using FirmwareSim.Records;
using FirmwareSim.Session;

namespace FirmwareSim.Running;

/// <summary>A cash register in software: rings up sales, keeps them in its own journal, hands them to a gateway by TLK/1.</summary>
/// <remarks>
/// It sells whether or not the line is up, as a till does; it refuses to sell when its journal is full or the gateway stopped it.
/// A register that is made again over the same journal goes on where it was, with the same baskets. Set the callbacks before
/// <see cref="RunAsync"/>: they are called on the register's own tasks, after the fsync of what they report, and must not block.
/// </remarks>
internal sealed class SimulatedRegister : IAsyncDisposable
{
    private readonly SimulatedRegisterOptions _options;
    private readonly RegisterJournal _journal;
    private readonly LinkPump _pump;
    private readonly RegisterClock _clock;
    private readonly BasketMaker _baskets;
    private readonly Signal _progress = new();
    private volatile bool _isClosed;

    /// <summary>Opens the journal and makes the line.</summary>
    /// <exception cref="JournalException">The journal is in use or is none.</exception>
    /// <exception cref="IOException">The line cannot be made.</exception>
    public SimulatedRegister(SimulatedRegisterOptions options)
    {
        _options = options;
        _baskets = new BasketMaker(options.Seed, options.Extras);
        _journal = RegisterJournal.Open(options.JournalPath, options.Limits, options.Time);
        try
        {
            Line = options.Line();
        }
        catch
        {
            _journal.Dispose();
            throw;
        }

        _clock = new RegisterClock(options.Time, options.ClockAhead);
        _pump = new LinkPump(options, _journal, _clock, Line)
        {
            Stored = OnStored,
            Noted = text =>
            {
                WhenNoted?.Invoke(text);
                _progress.Set();
            },
        };
    }

    /// <summary>A sale is on the register's disk.</summary>
    public Action<RungUp>? WhenRungUp { get; set; }

    /// <summary>A record's result is on the register's disk.</summary>
    public Action<Answered>? WhenAnswered { get; set; }

    /// <summary>Something that an operator should read.</summary>
    public Action<string>? WhenNoted { get; set; }

    public ILine Line { get; }

    public ulong Epoch => _journal.Epoch;

    public Phase Phase => _pump.Phase;

    internal RegisterJournal Journal => _journal;

    /// <summary>What runs the session.</summary>
    internal LinkPump Pump => _pump;

    public DropCounters Drops => _pump.Drops;

    public RegisterSummary Summary => RegisterSummary.Of(_options.Serial, _journal);

    /// <summary>The lease that it took last; null if it has none.</summary>
    public Lease? Lease => _journal.Lease;

    /// <summary>All records that the journal holds, oldest first.</summary>
    public IReadOnlyList<JournalRecord> Records() => _journal.Records();

    /// <summary>Sells until the journal has all sales and all have their result; with linger, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pump = Task.Run(() => _pump.RunAsync(done.Token), done.Token);
        var seller = Task.Run(() => SellAsync(done.Token), done.Token);
        Task first = await Task.WhenAny(pump, seller);
        if (first == seller && _options.Linger && seller.IsCompletedSuccessfully)
        {
            await Task.WhenAny(pump);
        }

        await done.CancelAsync();
        try
        {
            await Task.WhenAll(pump, seller);
        }
        catch (OperationCanceledException) when (first.IsCompletedSuccessfully || cancellationToken.IsCancellationRequested)
        {
            // The pump only ever ends by this; so does the seller when it was not through.
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>No more sales: <see cref="RunAsync"/> ends once what was rung up has its results.</summary>
    public void CloseTill()
    {
        _isClosed = true;
        _progress.Set();
    }

    public async ValueTask DisposeAsync()
    {
        await Line.DisposeAsync();
        _journal.Dispose();
    }

    private async Task SellAsync(CancellationToken cancellationToken)
    {
        while (!_isClosed && _journal.Counts.Sales < _options.Sales)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_journal.StopReason is not null || _journal.Unacknowledged >= (_options.Ahead ?? int.MaxValue) || !RingUpOne())
            {
                await _progress.WaitAsync(cancellationToken);
            }
            else if (_options.Pace > TimeSpan.Zero)
            {
                await Task.Delay(_options.Pace, _options.Time, cancellationToken);
            }
        }

        while (_journal.Unacknowledged > 0)
        {
            await _progress.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Rings up the next sale.</summary>
    /// <param name="leastLines">Lines of its basket at least.</param>
    /// <returns>Whether the journal had room for it.</returns>
    internal bool RingUpOne(int leastLines = 1)
    {
        DateTimeOffset closed = _clock.Now;
        // Decided before the record is made, for good: what the gateway is to give a code never falls back to a lease (TLK/1 §6.2).
        bool printsLeased = _options.LeasesAfter is { } after && _pump.Out >= after;
        int sold = (int)_journal.Counts.Sales;
        JournalRecord? record = _journal.RingUp(RecordKind.Sale, closed, (seq, previous) =>
        {
            if (!_options.Scenarios.IsEmpty)
            {
                Scenarios.ScenarioSale scenario = _options.Scenarios[sold];
                return (scenario.Record(closed, previous), scenario.Total);
            }

            Basket basket = _baskets.Make(seq, leastLines);
            return (RecordBytes.Sale(basket, closed, previous, printsLeased ? _journal.Lease?.Next(closed) : null), basket.Total);
        });
        if (record is null)
        {
            return false;
        }

        WhenRungUp?.Invoke(new RungUp(record.Seq, record.Hash, record.Total, _options.Time.GetTimestamp()));
        _pump.Signal();
        return true;
    }

    private void OnStored(IReadOnlyList<AckResult> results)
    {
        long now = _options.Time.GetTimestamp();
        foreach (AckResult result in results)
        {
            WhenAnswered?.Invoke(new Answered(result.Seq, result.Result, now));
        }

        _progress.Set();
    }
}
