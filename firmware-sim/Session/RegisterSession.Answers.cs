using FirmwareSim.Bytes;
using FirmwareSim.Messages;
using FirmwareSim.Records;

namespace FirmwareSim.Session;

// Requests of the gateway: TLK/1 §3.7 to §3.11 and §9.
internal sealed partial class RegisterSession
{
    private void Answer(Frame frame, GatewayMessage request)
    {
        if (!_state.HasSession)
        {
            Drop(FrameDrop.Session);
            return;
        }

        if (_state.Replies.GetValueOrDefault(frame.Type) is CachedReply last
            && last.Txn == frame.Txn
            && last.Request.AsSpan().SequenceEqual(frame.Payload))
        {
            _effects.Add(last.Reply);
            return;
        }

        int before = _effects.Count;
        switch (request)
        {
            case GatewayMessage.Ping ping:
                Send(FrameType.Pong, frame.Txn, RegisterMessages.Counter(ping.Counter));
                break;
            case GatewayMessage.Ask:
                SendStatus(frame.Txn);
                break;
            case GatewayMessage.Lease lease:
                if (!OnLease(frame, lease))
                {
                    return;
                }

                break;
            case GatewayMessage.Time time:
                if (!OnTime(frame, time.Clock))
                {
                    return;
                }

                break;
            case GatewayMessage.Get get:
                if (!OnGet(frame, get))
                {
                    return;
                }

                break;
            default:
                throw new InvalidOperationException($"no answer for {request.GetType().Name}");
        }

        Keep(frame, _effects.Skip(before).OfType<SessionEffect.Send>().FirstOrDefault());
    }

    /// <summary>The same request again gets the same reply.</summary>
    private void Keep(Frame request, SessionEffect.Send? reply)
    {
        if (reply is not null)
        {
            _state = _state with { Replies = _state.Replies.SetItem(request.Type, new CachedReply(request.Txn, request.Payload, reply)) };
        }
    }

    /// <summary>A lease is taken only if its id is higher than every id before, and it is on the disk before LEASED is said (§3.9).</summary>
    /// <returns>Whether it was answered here.</returns>
    private bool OnLease(Frame frame, GatewayMessage.Lease offer)
    {
        if (offer.Epoch != _context.Shelf.Epoch)
        {
            SendError(ErrorReason.NotPossible, frame, $"LEASE of epoch {offer.Epoch:X16}: here {_context.Shelf.Epoch:X16}");
            return false;
        }

        Lease lease = offer.Content;
        Lease? held = _context.Shelf.Lease;
        if (_context.TakesLeases && held is not null && held.IsOf(lease))
        {
            // It was taken, and LEASED got lost with the line: what was newest then holds for what it bears.
            Send(FrameType.Leased, frame.Txn, RegisterMessages.LeaseTaken(lease.Id, held.Newest));
            return true;
        }

        if (!_context.TakesLeases || lease.Id <= Math.Max(held?.Id ?? 0, _state.RefusedLease) || lease.Until < _context.Clock)
        {
            _state = _state with { RefusedLease = Math.Max(_state.RefusedLease, lease.Id) };
            Send(FrameType.Leased, frame.Txn, RegisterMessages.LeaseRefused(lease.Id));
            return true;
        }

        _effects.Add(new SessionEffect.TakeLease(frame, lease));
        return false;
    }

    private void LeaseIsStored(SessionInput.LeaseStored stored)
    {
        int before = _effects.Count;
        Send(FrameType.Leased, stored.Request.Txn, RegisterMessages.LeaseTaken(stored.Id, stored.Newest));
        Keep(stored.Request, _effects.Skip(before).OfType<SessionEffect.Send>().FirstOrDefault());
    }

    /// <summary>Sets the clock; a step of more than 2 s is a record first (§3.10).</summary>
    private bool OnTime(Frame frame, DateTimeOffset clock)
    {
        if (!_context.TakesTime)
        {
            SendError(ErrorReason.NotPossible, frame, "caps bit 1 is not set: this register takes no TIME");
            return false;
        }

        bool runsBack = _state.Time is (DateTimeOffset last, long at)
            && clock < last.AddMilliseconds(_context.Now - at - Timing.ClockStep);
        bool isStep = Math.Abs((clock - _context.Clock).TotalMilliseconds) > Timing.ClockStep;
        if (runsBack || (isStep && _context.Shelf.IsFull))
        {
            SendError(
                ErrorReason.NotPossible, frame, runsBack ? "this TIME is older than the last one of this session" : "the journal has no room for the record of the step");
            return false;
        }

        _state = _state with { Time = (clock, _context.Now) };
        _effects.Add(new SessionEffect.SetClock(clock, _context.Clock, isStep));
        Send(FrameType.Timed, frame.Txn, RegisterMessages.Timed(clock, _context.Clock));
        return true;
    }

    /// <summary>HAVE speaks of the longest run from <c>from</c> on for which one answer holds.</summary>
    private bool OnGet(Frame frame, GatewayMessage.Get get)
    {
        if (get.Epoch != _context.Shelf.Epoch || get.To > _context.Shelf.Newest || _state.Phase == Phase.Stopped)
        {
            SendError(
                ErrorReason.NotPossible,
                frame,
                $"GET {get.From}..{get.To} of epoch {get.Epoch:X16}: here 1..{_context.Shelf.Newest} of {_context.Shelf.Epoch:X16}");
            return false;
        }

        bool present = _context.Shelf.Holds(get.From);
        ulong to = get.From;
        while (to < get.To && _context.Shelf.Holds(to + 1) == present)
        {
            to++;
        }

        Send(FrameType.Have, frame.Txn, RegisterMessages.Have(get.Epoch, get.From, to, present));
        _state = present
            ? _state with { Run = new RecoveryRun(get.From, to) }
            : _state with { Run = null, RecoveredTo = Math.Max(_state.RecoveredTo, to) };
        return true;
    }

    private void OnPong(byte txn, GatewayMessage.Pong pong)
    {
        if (_state.PingOpen && txn == _state.PingTxn && pong.Counter == _state.PingCounter)
        {
            _state = _state with { PingOpen = false };
        }
        else
        {
            Drop(FrameDrop.Late);
        }
    }
}
