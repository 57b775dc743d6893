using FirmwareSim.Failures;
using FirmwareSim.Lines;

namespace FirmwareSim.Tills;

/// <summary>Runs a simple register: one task sells, one serves the line, and what the fault plan breaks is mended.</summary>
/// <remarks>
/// It sells whether or not the line is up. Two registers of the kind lie ready, so that one can be plugged in the other's place; both write
/// the same book, each under its own serial number.
/// </remarks>
internal sealed class TillRunner : IAsyncDisposable
{
    /// <summary>A small register's start.</summary>
    private static readonly TimeSpan BootTime = TimeSpan.FromSeconds(2);

    /// <summary>A plug that is pulled and put in again.</summary>
    private static readonly TimeSpan ReplugTime = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a finished register looks whether all was read: nobody tells it.</summary>
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(50);

    private readonly TillRunOptions _options;
    private readonly SalesBook _book;
    private readonly Slot[] _slots;
    private readonly Lock _gate = new();
    private CancellationTokenSource _plugged = new();
    private ILine? _line;
    private int _active;

    /// <summary>Opens the book and makes the line.</summary>
    /// <exception cref="IOException">The book is in use or is none, or the line cannot be made.</exception>
    public TillRunner(TillRunOptions options)
    {
        _options = options;
        _book = SalesBook.Open(options.BookPath);
        try
        {
            _slots = [NewSlot(options.Till), NewSlot(options.Till with { Serial = options.Till.Serial + "B", Seed = options.Till.Seed + 1 })];
            _line = options.Line();
        }
        catch
        {
            _book.Dispose();
            throw;
        }
    }

    /// <summary>Something that an operator should read.</summary>
    public Action<string>? WhenNoted { get; set; }

    /// <summary>A document is in the book. Called on the seller's task.</summary>
    public Action<RungReceipt>? WhenClosed { get; set; }

    /// <summary>How a person names the line.</summary>
    public string LineName => _line?.Name ?? "unplugged";

    /// <summary>The line as it is now; null while it is pulled.</summary>
    public ILine? Line => _line;

    /// <summary>The register that is plugged in.</summary>
    public Slot Active
    {
        get
        {
            lock (_gate)
            {
                return _slots[_active];
            }
        }
    }

    /// <summary>Whether the book has all sales that it shall have.</summary>
    public bool IsAllSold => _book.CountOf(ReceiptClass.Sale) >= _options.Sales;

    /// <summary>What was done.</summary>
    public TillSummary Summary
    {
        get
        {
            RungReceipt[] all = [.. _slots.SelectMany(slot => slot.Till.All())];
            return new(
                _options.Till.Serial, all.Length, all.Count(receipt => receipt.Class == ReceiptClass.Sale),
                all.Count(receipt => receipt.Class == ReceiptClass.Refund), all.Count(receipt => receipt.Class == ReceiptClass.Cancelled),
                all.Where(receipt => receipt.IsSold).Sum(receipt => receipt.Total), _slots.All(IsGiven),
                _options.Faults.Struck.ToDictionary(pair => FaultTable.Of(pair.Key).Name, pair => pair.Value, StringComparer.Ordinal));
        }
    }

    /// <summary>Sells until the book has all sales and everything was handed over; with linger, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task serving = ServeAsync(done.Token);
        Task selling = SellAsync(done.Token);
        Task first = await Task.WhenAny(serving, selling);
        if (first == selling && selling.IsCompletedSuccessfully && _options.Linger)
        {
            await Task.WhenAny(serving);
        }

        await done.CancelAsync();
        try
        {
            await Task.WhenAll(serving, selling);
        }
        catch (OperationCanceledException) when (first.IsCompletedSuccessfully || cancellationToken.IsCancellationRequested)
        {
            // Serving only ever ends by this.
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    public async ValueTask DisposeAsync()
    {
        if (_line is not null)
        {
            await _line.DisposeAsync();
        }

        _plugged.Dispose();
        _book.Dispose();
    }

    /// <summary>Plugs the register that lies beside in the other's place.</summary>
    public void Swap()
    {
        CancellationTokenSource pulled;
        lock (_gate)
        {
            _active = 1 - _active;
            pulled = _plugged;
            _plugged = new CancellationTokenSource();
        }

        pulled.Cancel();
        pulled.Dispose();
        WhenNoted?.Invoke($"register {Active.Till.Serial} is plugged in now");
    }

    private static bool IsGiven(Slot slot) => slot.Till.Count == 0 || slot.Front.HasGivenAll;

    private Slot NewSlot(TillOptions options)
    {
        Till till = new(options, _book, _options.Faults);
        return new Slot(till, _options.Front(till));
    }

    private async Task SellAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        while (_book.CountOf(ReceiptClass.Sale) < _options.Sales)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_options.Faults.Strikes(Fault.Swap))
            {
                Swap();
            }

            await RingAsync(cancellationToken);
        }

        if (_options.WaitsToBeHeard && _slots.All(slot => slot.Till.Count > 0))
        {
            // What a register that says nothing twice lost last shows by what it says next; of one that is never plugged in again nobody could
            // learn it. So the one that was put aside rings up a receipt that is voided.
            Swap();
            Active.Till.Annul();
            while (!await RingAsync(cancellationToken))
            {
                await Task.Yield();
            }
        }

        await HandOverAsync(cancellationToken);
    }

    /// <summary>Rings up one document, or waits a moment.</summary>
    /// <returns>Whether one was rung up.</returns>
    private async Task<bool> RingAsync(CancellationToken cancellationToken)
    {
        Slot slot = Active;
        if ((_options.WaitsToBeHeard && !slot.Front.IsHeard) || slot.Till.Begin() is not RungReceipt begun)
        {
            await Task.Delay(LookPause, _options.Time, cancellationToken);
            return false;
        }

        slot.Front.Began(begun);
        if (_options.SaleTime > TimeSpan.Zero)
        {
            await Task.Delay(_options.SaleTime, _options.Time, cancellationToken);
        }

        RungReceipt closed = slot.Till.Close();
        slot.Front.Closed(closed);
        WhenClosed?.Invoke(closed);
        if (_options.Pace > TimeSpan.Zero)
        {
            await Task.Delay(_options.Pace, _options.Time, cancellationToken);
        }

        return true;
    }

    private async Task HandOverAsync(CancellationToken cancellationToken)
    {
        while (!IsGiven(Active))
        {
            await Task.Delay(LookPause, _options.Time, cancellationToken);
        }

        // What was not read of the register that lies beside would otherwise be lost with it.
        if (!_slots.All(IsGiven))
        {
            Swap();
            while (!IsGiven(Active))
            {
                await Task.Delay(LookPause, _options.Time, cancellationToken);
            }
        }
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        List<Task> together = [];
        while (true)
        {
            _line ??= _options.Line();
            Stream connection = await _line.OpenAsync(cancellationToken);
            (Slot slot, CancellationToken plugged) = Plugged();
            Task<Fault?> serving = ServeAsync(slot.Front, connection, plugged, cancellationToken);
            if (slot.Front.Together > 1)
            {
                // A connection too many is refused by the register itself, so one more than it serves may be open. What breaks one of
                // several ends that one only: the register and its port stay.
                together.RemoveAll(task => task.IsCompletedSuccessfully);
                together.Add(serving);
                await (together.Count > slot.Front.Together ? Task.WhenAny(together) : Task.CompletedTask);
                continue;
            }

            await MendAsync(slot.Front, await serving, cancellationToken);
        }
    }

    private (Slot Slot, CancellationToken Plugged) Plugged()
    {
        lock (_gate)
        {
            return (_slots[_active], _plugged.Token);
        }
    }

    /// <summary>Serves one connection.</summary>
    /// <returns>The fault that ended it; null if the other side or a swap did.</returns>
    private async Task<Fault?> ServeAsync(IRegisterFront front, Stream connection, CancellationToken plugged, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, plugged);
        try
        {
            await using Stream line = _options.Speed is int speed ? new PacedStream(connection, speed, _options.Time) : connection;
            try
            {
                await front.ServeAsync(new RegisterWire(line, _options.Faults, _options.Time), either.Token);
            }
            catch (LineBrokenException broken) when (broken.Fault == Fault.HalfOpen)
            {
                // Silent, and still open: the stream is closed only after this.
                await Task.Delay(RegisterWire.Silence, _options.Time, cancellationToken);
            }

            return null;
        }
        catch (LineBrokenException broken)
        {
            return broken.Fault;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The other side is gone, or another connection took this one's place.
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Another register is plugged in.
            return null;
        }
    }

    private async Task MendAsync(IRegisterFront front, Fault? fault, CancellationToken cancellationToken)
    {
        if (fault == Fault.Reboot)
        {
            front.Restart();
            await Task.Delay(BootTime, _options.Time, cancellationToken);
        }
        else if (fault == Fault.Unplug && _line is ILine pulled)
        {
            _line = null;
            await pulled.DisposeAsync();
            await Task.Delay(ReplugTime, _options.Time, cancellationToken);
        }
    }
}
