using System.Collections.Immutable;
using FirmwareSim.Baskets;
using FirmwareSim.Failures;

namespace FirmwareSim.Tills;

/// <summary>A simple register without its line: clock, counters, table of articles, the receipt in hand and all that were closed.</summary>
/// <remarks>
/// One task rings up; any thread may read. The faults that belong to a receipt strike when it is begun. What is closed stands in the book
/// before anybody can read it here.
/// </remarks>
internal sealed class Till
{
    /// <summary>What a register says of itself that nobody ever gave a number.</summary>
    public const string FactorySerial = "00000000";

    private const long SpecialsApart = 0x5350_4543;

    /// <summary>Offset of Vietnam, which has no summer time.</summary>
    private static readonly TimeSpan Vietnam = TimeSpan.FromHours(7);

    private readonly Lock _gate = new();
    private readonly TillOptions _options;
    private readonly SalesBook _book;
    private readonly FaultPlan _faults;
    private readonly BasketMaker _baskets;
    private readonly List<RungReceipt> _closed;
    private readonly Queue<ReceiptClass> _due = new();
    private TimeSpan _clockOffset;
    private RungReceipt? _open;
    private long _lastNumber;
    private long _z;
    private bool _isFull;
    private bool _isTwin;
    private int _interruptions;

    /// <summary>A register that goes on where the book says it was.</summary>
    public Till(TillOptions options, SalesBook book, FaultPlan faults)
    {
        _options = options;
        _book = book;
        _faults = faults;
        _baskets = new BasketMaker(options.Seed);
        Plus = new PluTable(options.PluRows);
        _closed = [.. book.Of(options.Serial)];
        _lastNumber = _closed.Count > 0 ? _closed[^1].Number : 0;
        _z = _closed.Count > 0 ? _closed[^1].Z + (_closed[^1].Class == ReceiptClass.DayClose ? 1 : 0) : 1;
    }

    public PluTable Plus { get; }

    /// <summary>The serial number that its receipts are kept under.</summary>
    public string Serial => _options.Serial;

    /// <summary>The day that is open, from 1.</summary>
    public long Z
    {
        get
        {
            lock (_gate)
            {
                return _z;
            }
        }
    }

    /// <summary>Documents closed so far.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _closed.Count;
            }
        }
    }

    /// <summary>The receipt in hand; null between two.</summary>
    public RungReceipt? Open
    {
        get
        {
            lock (_gate)
            {
                return _open;
            }
        }
    }

    /// <summary>Whether it refuses to sell.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                return _isFull;
            }
        }
    }

    /// <summary>The n-th closed document, from 0.</summary>
    public RungReceipt At(int index)
    {
        lock (_gate)
        {
            return _closed[index];
        }
    }

    /// <summary>All closed documents.</summary>
    public ImmutableArray<RungReceipt> All()
    {
        lock (_gate)
        {
            return [.. _closed];
        }
    }

    /// <summary>What it says of itself without being asked.</summary>
    public string Identity
    {
        get
        {
            lock (_gate)
            {
                return _isTwin ? FactorySerial : _options.Serial;
            }
        }
    }

    /// <summary>What it says of itself when asked: an occasion of fault 16.</summary>
    public string SayIdentity()
    {
        bool isTwin = _faults.Strikes(Fault.Twin);
        lock (_gate)
        {
            _isTwin |= isTwin;
        }

        return Identity;
    }

    /// <summary>The register's own clock, local time without its offset.</summary>
    public DateTime Now()
    {
        lock (_gate)
        {
            return LocalTime();
        }
    }

    /// <summary>Somebody sets the clock.</summary>
    public void SetClock(DateTime local)
    {
        lock (_gate)
        {
            _clockOffset = local - (_options.Time.GetUtcNow() + Vietnam).DateTime;
        }
    }

    /// <summary>The journal was read: there is room again.</summary>
    public void MakeRoom()
    {
        lock (_gate)
        {
            _isFull = false;
        }
    }

    /// <summary>Something was printed that is no document of its own: it is kept in the book, and nothing else.</summary>
    public void NotePrint(RungReceipt receipt, ReceiptClass kind) => _book.Add(receipt with { Class = kind, Refers = receipt.Number });

    /// <summary>The next document is a receipt that is voided.</summary>
    public void Annul()
    {
        lock (_gate)
        {
            _due.Clear();
            _due.Enqueue(ReceiptClass.Cancelled);
        }
    }

    /// <summary>Begins the next document, unless the register refuses to sell.</summary>
    /// <returns>The document as it will be closed; null if it refuses.</returns>
    public RungReceipt? Begin()
    {
        // What is refused is no receipt, and no occasion of a fault.
        if (IsFull)
        {
            return null;
        }

        ReceiptFaults struck = new(_faults);
        lock (_gate)
        {
            _isFull |= struck.Full;
            if (_isFull)
            {
                return null;
            }

            Disturb(struck);
            ReceiptClass kind = _due.TryDequeue(out ReceiptClass due) ? due : ReceiptClass.Sale;
            _open = (kind == ReceiptClass.DayClose ? DayClose() : Ring(kind, struck)) with { Opened = LocalTime() };
            return _open;
        }
    }

    /// <summary>Closes the document in hand: it is in the book when this returns.</summary>
    public RungReceipt Close()
    {
        RungReceipt closed = _book.Add((Open ?? throw new InvalidOperationException("no receipt is open")) with { Time = Now() });
        lock (_gate)
        {
            _closed.Add(closed);
            _open = null;
            if (closed.Class == ReceiptClass.DayClose)
            {
                _z++;
            }
            else
            {
                FollowUp(closed);
            }
        }

        return closed;
    }

    private DateTime LocalTime() => (_options.Time.GetUtcNow() + Vietnam + _clockOffset).DateTime;

    private void Disturb(ReceiptFaults struck)
    {
        if (struck.CounterWrap && _lastNumber != 0)
        {
            // First to the end of the counter; the next time a day close takes it back to 1.
            if (_faults.Struck[Fault.CounterWrap] % 2 == 1)
            {
                _lastNumber = _options.LastNumber - 1;
            }
            else
            {
                _due.Enqueue(ReceiptClass.DayClose);
                _lastNumber = 0;
            }
        }

        if (struck.ClockJump)
        {
            DateTime now = (_options.Time.GetUtcNow() + Vietnam).DateTime;
            _clockOffset = _clockOffset == TimeSpan.Zero ? new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Unspecified) - now : TimeSpan.Zero;
        }

        if (struck.PluRename && _closed.Count > 0 && !_closed[^1].Lines.IsEmpty)
        {
            Plus.Rename(_closed[^1].Lines[0].Plu);
        }

        if (struck.LateVoid)
        {
            _due.Enqueue(_faults.Struck[Fault.LateVoid] % 2 == 1 ? ReceiptClass.Cancelled : ReceiptClass.Refund);
        }
    }

    private void FollowUp(RungReceipt closed)
    {
        SeededDraw draw = new(_options.Seed ^ SpecialsApart, (ulong)closed.Position);
        if (closed.Class == ReceiptClass.Sale && draw.Chance(_options.SpecialPercent))
        {
            _due.Enqueue(draw.Chance(50) ? ReceiptClass.Cancelled : ReceiptClass.Refund);
        }

        if (_options.DayCloseEvery > 0 && closed.Position % _options.DayCloseEvery == 0)
        {
            _due.Enqueue(ReceiptClass.DayClose);
        }
    }

    private long NextNumber() => _lastNumber = _lastNumber >= _options.LastNumber ? 1 : _lastNumber + 1;

    private RungReceipt DayClose() =>
        new(0, Serial, _z, NextNumber(), ReceiptClass.DayClose, default, default, string.Empty, [], 0, 0, [], DayTotal());

    private long DayTotal() => _closed.Where(receipt => receipt.Z == _z && receipt.IsSold).Sum(receipt => receipt.Total);

    private RungReceipt Ring(ReceiptClass kind, ReceiptFaults struck)
    {
        RungReceipt? sold = kind == ReceiptClass.Refund ? _closed.LastOrDefault(receipt => receipt.Class == ReceiptClass.Sale) : null;
        if (sold is not null)
        {
            return GiveBack(sold);
        }

        Basket basket = _baskets.Make((ulong)_closed.Count + 1);
        ImmutableArray<RungLine> lines = [.. basket.Lines.Select(ReadLine)];
        Interruption interruption = struck.PowerLoss ? (Interruption)((_interruptions++ % 3) + 1) : Interruption.None;
        bool isLost = interruption is Interruption.Voided or Interruption.NeverEnded;
        return new(
            0, Serial, _z, NextNumber(), isLost || kind == ReceiptClass.Cancelled ? ReceiptClass.Cancelled : ReceiptClass.Sale, default, default, basket.Cashier,
            lines, basket.Discount?.Amount ?? 0, basket.Discount?.PercentHundredths ?? 0,
            [.. basket.Payments.Select(payment => new RungPayment(payment.Means, payment.Amount))], basket.Total,
            null, interruption, kind == ReceiptClass.Cancelled && !isLost);
    }

    private RungReceipt GiveBack(RungReceipt sold) => sold with
    {
        Position = 0,
        Z = _z,
        Number = NextNumber(),
        Class = ReceiptClass.Refund,
        Lines = [.. sold.Lines.Select(line => line with { Quantity = -line.Quantity, Discount = -line.Discount, Amount = -line.Amount })],
        Discount = -sold.Discount,
        Payments = [.. sold.Payments.Select(payment => payment with { Amount = -payment.Amount })],
        Total = -sold.Total,
        Refers = sold.Number,
        Interruption = Interruption.None,
    };

    private RungLine ReadLine(BasketLine line)
    {
        const long MicrosInThousandth = 1000;
        PluRow row = Plus.Of(line.Article);
        return new(
            row.Number, row.Name, line.Article.Name, line.Article.Unit, row.Department, line.Article.Class,
            line.QuantityMicros / MicrosInThousandth, line.Article.Price, line.Discount, line.Amount);
    }
}
