using FirmwareSim.Bytes;
using FirmwareSim.Messages;

namespace FirmwareSim.Session;

// HELLO and what answers it: TLK/1 §3.1, §3.2, §3.5, §8.
internal sealed partial class RegisterSession
{
    private void NewHello()
    {
        ForgetSession();
        byte txn = NextTxn();
        byte[] nonce = _context.FreshNonce;
        byte[] payload = RegisterMessages.Hello(new HelloContent(
            _context.Serial,
            _context.Shelf.Epoch,
            _context.Shelf.Boot,
            _context.Shelf.Oldest,
            _context.Shelf.Newest,
            _context.Shelf.Acked,
            _context.Clock,
            _context.MaxBody,
            nonce,
            _context.Caps));
        byte[] wire = _context.PairingKey is byte[] pairing
            ? FrameSeal.EncodeHello(txn, payload, pairing)
            : Frame.Encode(FrameType.Hello, FrameFlags.None, txn, payload);
        _state = _state with
        {
            Greeting = new Greeting(txn, nonce, wire, null, FirstInterval(), 0),
            HelloAt = null,
            MaxBody = Frame.DefaultMaxBody,
            HeardAt = _context.Now,
            SealKey = null,
            IsPaired = _context.PairingKey is not null,
        };
        _effects.Add(new SessionEffect.SetMaxBody(Frame.DefaultMaxBody));
        _effects.Add(new SessionEffect.Send(FrameType.Hello, wire));
    }

    /// <summary>STOPPED says HELLO once a minute and does not repeat it in between.</summary>
    private long FirstInterval() => _state.Phase == Phase.Stopped ? Timing.StoppedHello : Timing.FirstResend;

    private void RepeatHello(Greeting greeting, long interval)
    {
        _state = _state with { Greeting = greeting with { HandedAt = null, Interval = interval, NotBefore = 0 } };
        _effects.Add(new SessionEffect.Send(FrameType.Hello, greeting.Wire));
    }

    private void BackToGreeting()
    {
        _state = _state with { Phase = Phase.Greeting };
        NewHello();
    }

    private void OnWelcome(byte txn, GatewayMessage.Welcome welcome)
    {
        if (_state.Greeting is not Greeting greeting
            || txn != greeting.Txn
            || welcome.Epoch != _context.Shelf.Epoch
            || !welcome.PeerNonce.AsSpan().SequenceEqual(greeting.Nonce))
        {
            Drop(FrameDrop.Late);
            return;
        }

        if (welcome.Durable > _context.Shelf.Newest)
        {
            // It should have refused us with NAK 7: it knows records that this journal never wrote.
            StopFor($"gateway {welcome.Gateway} has record {welcome.Durable}, the newest here is {_context.Shelf.Newest}");
            return;
        }

        int maxBody = Math.Min(welcome.MaxBody, _context.MaxBody);
        bool recovering = welcome.Durable < _context.Shelf.Acked;
        if (_state.StopReason is not null)
        {
            _effects.Add(new SessionEffect.Release());
        }

        _state = _state with
        {
            Phase = recovering ? Phase.Recovering : Phase.Sending,
            HasSession = true,
            Greeting = null,
            HelloAt = null,
            StopReason = null,
            SealKey = _context.PairingKey is byte[] pairing ? FrameSeal.SessionKey(pairing, greeting.Nonce, welcome.Nonce) : null,
            Window = welcome.Window,
            MaxBody = maxBody,
            NextSeq = _context.Shelf.Acked + 1,
            RecoverTo = recovering ? _context.Shelf.Acked : 0,
            RecoveredTo = welcome.Durable,
        };
        _effects.Add(new SessionEffect.SetMaxBody(maxBody));
        SendStatus(0);
    }

    private void OnNak(byte txn, GatewayMessage.Nak nak)
    {
        if (nak.Reason == NakReason.NoSession)
        {
            OnNoSession();
            return;
        }

        bool toHello = _state.Greeting is Greeting greeting && txn == greeting.Txn;
        bool late = !toHello && (!_state.InSession || txn != 0 || (nak.Epoch is ulong epoch && epoch != _context.Shelf.Epoch));
        if (late)
        {
            Drop(FrameDrop.Late);
            return;
        }

        if (nak.Reason is NakReason.Conflict or NakReason.EpochRetired or NakReason.RegisterBehind)
        {
            StopFor($"NAK {(byte)nak.Reason}: {nak.Text ?? nak.Reason.ToString()}");
        }
        else if (toHello)
        {
            Note($"gateway refuses HELLO, NAK {(byte)nak.Reason}: {nak.Text}");
            bool other = nak.Reason is NakReason.Malformed or NakReason.NotPaired or NakReason.Version;
            _state = _state with { Greeting = null, HelloAt = _context.Now + (nak.Wait ?? (other ? Timing.RefusedWait : Timing.DefaultWait)) };
        }
        else
        {
            OnNakInSession(nak);
        }
    }

    private void OnNoSession()
    {
        if (_state.InSession)
        {
            BackToGreeting();
        }
        else if (_state.Phase == Phase.Greeting
            && _state.Greeting is { HandedAt: long handed } greeting
            && _context.Now - handed >= Timing.HelloRepeatPause
            && greeting.NotBefore <= _context.Now)
        {
            RepeatHello(greeting, Timing.FirstResend);
        }
    }

    private void OnNakInSession(GatewayMessage.Nak nak)
    {
        switch (nak.Reason)
        {
            case NakReason.Gap:
                OnGap(nak.Expected ?? 0);
                break;
            case NakReason.NotPaired or NakReason.Version:
                Note($"gateway ends the session, NAK {(byte)nak.Reason}: {nak.Text}");
                ForgetSession();
                _state = _state with { Phase = Phase.Greeting, HelloAt = _context.Now + (nak.Wait ?? Timing.RefusedWait) };
                break;
            default:
                // 3 malformed, 5 full, and what is not known: keep everything, try again later.
                Note($"gateway refuses a record, NAK {(byte)nak.Reason}: {nak.Text}");
                long wait = nak.Wait ?? (nak.Reason == NakReason.Malformed ? Timing.RefusedWait : Timing.DefaultWait);
                _state = _state with { PauseUntil = _context.Now + wait };
                break;
        }
    }

    private void OnBusy(byte txn, GatewayMessage.Busy busy)
    {
        if (_state.Greeting is Greeting greeting && txn == greeting.Txn)
        {
            _state = _state with
            {
                Greeting = greeting with { NotBefore = _context.Now + busy.Wait, Interval = 0 },
            };
        }
        else if (_state.InSession && txn == 0 && busy.Epoch == _context.Shelf.Epoch)
        {
            _state = _state with { HoldUntil = _context.Now + busy.Wait, ResendInterval = Timing.FirstResend };
        }
        else
        {
            Drop(FrameDrop.Late);
        }
    }

    private void StopFor(string reason)
    {
        bool wasInSession = _state.InSession;
        bool hadSession = _state.HasSession;
        bool told = _state.StopReason == reason;
        ForgetSession();
        _state = _state with
        {
            Phase = Phase.Stopped,
            HasSession = hadSession,
            Greeting = null,
            HelloAt = _context.Now + Timing.StoppedHello,
            StopReason = reason,
        };
        if (!told)
        {
            _effects.Add(new SessionEffect.Stop(reason));
        }

        if (wasInSession)
        {
            SendStatus(0);
        }
    }
}
