namespace Invoicing.Authority.Gate;

/// <summary>One connection's standing at the door: a stranger, until a call of it was made with a certificate that is let in. Any number of threads.</summary>
internal sealed class GateTicket : IDisposable
{
    private readonly ConnectionGate _gate;
    private readonly Lock _lock = new();
    private TokenBucket _requests;
    private int _strangerRequests;
    private bool _isAdmitted;
    private bool _isOver;

    /// <summary>Lets a stranger in.</summary>
    /// <param name="gate">The door.</param>
    /// <param name="address">Where it comes from.</param>
    /// <param name="isCounted">Whether its network is counted.</param>
    public GateTicket(ConnectionGate gate, AddressKey address, bool isCounted)
    {
        _gate = gate;
        Address = address;
        IsCounted = isCounted;
        _requests = new(gate.Limits.RequestsPerSecond, gate.Limits.RequestBurst);
    }

    /// <summary>Where the connection comes from.</summary>
    public AddressKey Address { get; }

    /// <summary>Whether its network is counted.</summary>
    public bool IsCounted { get; }

    /// <summary>Whether a known client has called on it.</summary>
    public bool IsAdmitted
    {
        get
        {
            lock (_lock)
            {
                return _isAdmitted;
            }
        }
    }

    /// <summary>A known client has called: the connection is no stranger's any more.</summary>
    public void Admit()
    {
        lock (_lock)
        {
            if (_isAdmitted || _isOver)
            {
                return;
            }

            _isAdmitted = true;
        }

        _gate.Leave(this);
    }

    /// <summary>Counts a request.</summary>
    /// <returns>Why the connection must end; <see langword="null"/> if it may go on.</returns>
    public string? CountRequest()
    {
        lock (_lock)
        {
            if (!IsCounted)
            {
                return null;
            }

            if (!_isAdmitted)
            {
                return ++_strangerRequests <= _gate.Limits.StrangerRequests ? null
                    : $"expected at most {_gate.Limits.StrangerRequests} requests before a certificate that is let in, found more";
            }

            return _requests.TryTake(_gate.Now) ? null
                : $"expected at most {_gate.Limits.RequestsPerSecond} requests a second on a connection, after {_gate.Limits.RequestBurst}, found more";
        }
    }

    /// <summary>The connection is over.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
            if (_isAdmitted)
            {
                return;
            }
        }

        _gate.Leave(this);
    }
}
