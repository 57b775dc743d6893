using FirmwareSim.Baskets;
using FirmwareSim.Failures;
using FirmwareSim.Tills;

namespace FirmwareSim.Datecs;

/// <summary>An ECR server: up to three applications hear what is rung up (§1.7). Nothing is acknowledged and nothing is ever said twice.</summary>
internal sealed class PushFront : IRegisterFront
{
    /// <summary>Applications at the same time.</summary>
    public const int MostApplications = 3;

    private readonly Till _till;
    private readonly FaultPlan _faults;
    private readonly int _queryPercent;
    private readonly int _mostWaiting;
    private readonly Lock _gate = new();
    private readonly List<PushApplication> _applications = [];
    private readonly PushEvents _events;
    private readonly PushCounters _counters;

    /// <summary>A register that goes on counting where its book says it was.</summary>
    /// <param name="till">What it sells with.</param>
    /// <param name="faults">What goes wrong with it.</param>
    /// <param name="model">How it speaks.</param>
    /// <param name="queryPercent">Before so many of a hundred receipts it asks for an article.</param>
    /// <param name="mostWaiting">Messages that it keeps for a slow line.</param>
    public PushFront(Till till, FaultPlan faults, PushModel model, int queryPercent, int mostWaiting = PushApplication.MostWaiting)
    {
        (_till, _faults, _queryPercent, _mostWaiting) = (till, faults, queryPercent, mostWaiting);
        _events = new PushEvents(model, PushEvents.IdOf(till.Identity));
        _counters = new PushCounters(_events);
        foreach (RungReceipt receipt in till.All())
        {
            foreach (PushEvent told in (PushEvent[])[.. _events.Begin(receipt), .. _events.End(receipt)])
            {
                _counters.Count(told);
            }
        }
    }

    public int Together => MostApplications;

    public bool HasGivenAll
    {
        get
        {
            lock (_gate)
            {
                return _applications.All(application => application.HasHeardAll);
            }
        }
    }

    public bool IsHeard
    {
        get
        {
            lock (_gate)
            {
                return _applications.Exists(application => application.IsOpen);
            }
        }
    }

    public async Task ServeAsync(RegisterWire wire, CancellationToken cancellationToken)
    {
        using PushApplication application = new(wire, TakeOpen, _mostWaiting);
        lock (_gate)
        {
            _applications.Add(application);
        }

        try
        {
            await application.RunAsync(cancellationToken);
        }
        finally
        {
            lock (_gate)
            {
                _applications.Remove(application);
            }
        }
    }

    public void Began(RungReceipt receipt)
    {
        _counters.BeginReceipt();
        SeededDraw draw = new(receipt.Number, (ulong)receipt.Z);
        if (!receipt.Lines.IsEmpty && draw.Chance(_queryPercent))
        {
            lock (_gate)
            {
                _applications.Find(application => application.IsOpen)?.Tell(_counters.Query(receipt.Lines[0].Plu));
            }
        }

        Tell(_events.Begin(receipt));
    }

    public void Closed(RungReceipt receipt) => Tell(_events.End(receipt));

    public void Restart()
    {
        // Counters are in the fiscal memory; applications open again.
    }

    /// <summary>Whether one more application may open, and what it is told.</summary>
    private PushPacket TakeOpen(PushPacket request)
    {
        string identity = PushEvents.IdOf(_till.SayIdentity());
        lock (_gate)
        {
            _events.Rename(identity);
            bool isBusy = _applications.Count(application => application.IsOpen) >= MostApplications;
            return request with { Error = isBusy ? PushPacket.Busy : (byte)0, Data = isBusy ? string.Empty : _events.Greeting };
        }
    }

    private void Tell(IReadOnlyList<PushEvent> events)
    {
        foreach (PushEvent told in events)
        {
            PushPacket packet = _counters.Count(told);
            if (told.IsLost || _faults.Strikes(Fault.CounterGap))
            {
                continue;
            }

            lock (_gate)
            {
                foreach (PushApplication application in _applications)
                {
                    application.Tell(packet);
                }
            }
        }
    }
}
