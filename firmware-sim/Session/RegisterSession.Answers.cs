using FirmwareSim.Bytes;
using FirmwareSim.Messages;

namespace FirmwareSim.Session;

// Requests of the gateway: TLK/1 §3.7 to §3.11 and §9.
internal sealed partial class RegisterSession
{
    private void Answer(Frame frame, GatewayMessage request)
    {
        if (!_state.InSession && _state.Phase != Phase.Stopped)
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
                // Caps bit 0 is not set: this register prints no leased codes.
                Send(FrameType.Leased, frame.Txn, RegisterMessages.LeaseRefused(lease.Id));
                break;
            case GatewayMessage.Time:
                SendError(ErrorReason.NotPossible, frame, "caps bit 1 is not set: this register takes no TIME");
                return;
            case GatewayMessage.Get get:
                if (!OnGet(frame, get))
                {
                    return;
                }

                break;
            default:
                throw new InvalidOperationException($"no answer for {request.GetType().Name}");
        }

        if (_effects[before] is SessionEffect.Send reply)
        {
            _state = _state with { Replies = _state.Replies.SetItem(frame.Type, new CachedReply(frame.Txn, frame.Payload, reply)) };
        }
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
