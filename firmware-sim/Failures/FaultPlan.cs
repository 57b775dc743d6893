using FirmwareSim.Baskets;

namespace FirmwareSim.Failures;

/// <summary>Decides when a fault strikes: by order, or by seed at so many of a thousand occasions. Safe for any number of threads.</summary>
/// <remarks>Every question counts as one occasion of that fault, and each fault draws from a source of its own: one more fault changes no other.</remarks>
internal sealed class FaultPlan
{
    private const int Thousand = 1000;

    private readonly Lock _gate = new();
    private readonly Protocol _protocol;
    private readonly FaultOrder[] _orders;
    private readonly HashSet<FaultOrder> _spent = [];
    private readonly Dictionary<Fault, long> _occasions = [];
    private readonly SortedDictionary<Fault, int> _struck = [];
    private readonly Dictionary<Fault, SeededDraw> _draws = [];
    private readonly Fault[] _except;
    private readonly int _rate;
    private long _bytes;
    private bool _isOver;

    /// <summary>A plan for one register.</summary>
    /// <param name="protocol">What it speaks: faults that do not fit never strike.</param>
    /// <param name="orders">Faults by script.</param>
    /// <param name="seed">For the faults by seed, and for where in a frame a fault hits.</param>
    /// <param name="rate">Occasions of a thousand at which each fault strikes by seed; 0: none does.</param>
    /// <param name="except">Faults that do not strike by seed.</param>
    public FaultPlan(Protocol protocol, IEnumerable<FaultOrder> orders, long seed, int rate, params ReadOnlySpan<Fault> except)
    {
        _protocol = protocol;
        _except = [.. except];
        _orders = [.. orders];
        _rate = rate;
        foreach (FaultRow row in FaultTable.Rows)
        {
            _draws[row.Fault] = new SeededDraw(seed, (ulong)row.Fault);
        }

        Place = new SeededDraw(seed, 0);
    }

    /// <summary>Draws where in a frame a fault hits; use it on one task only.</summary>
    public SeededDraw Place { get; }

    /// <summary>How often each fault has struck.</summary>
    public IReadOnlyDictionary<Fault, int> Struck
    {
        get
        {
            lock (_gate)
            {
                return new SortedDictionary<Fault, int>(_struck);
            }
        }
    }

    /// <summary>No plan: nothing ever strikes.</summary>
    public static FaultPlan None(Protocol protocol) => new(protocol, [], 0, 0);

    /// <summary>An occasion of this fault: does it strike?</summary>
    public bool Strikes(Fault fault)
    {
        lock (_gate)
        {
            if (_isOver || !FaultTable.Of(fault).Fits.HasFlag(_protocol))
            {
                return false;
            }

            long occasion = _occasions.GetValueOrDefault(fault) + 1;
            _occasions[fault] = occasion;
            bool strikes = _rate > 0 && !_except.Contains(fault) && _draws[fault].Between(1, Thousand) <= _rate;
            foreach (FaultOrder order in _orders)
            {
                strikes |= order.Fault == fault && IsDue(order, occasion);
            }

            if (strikes)
            {
                _struck[fault] = _struck.GetValueOrDefault(fault) + 1;
            }

            return strikes;
        }
    }

    /// <summary>So many bytes left the register.</summary>
    public void Sent(int count)
    {
        lock (_gate)
        {
            _bytes += count;
        }
    }

    /// <summary>From now on nothing strikes: what is left to be read is read on a good day.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
        }
    }

    private bool IsDue(FaultOrder order, long occasion) =>
        (order.Every > 0 && occasion % order.Every == 0)
        || ((occasion == order.At || (order.AfterBytes is long bytes && _bytes >= bytes)) && _spent.Add(order));
}
