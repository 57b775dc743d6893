using System.Collections.Immutable;
using FirmwareSim.Bytes;
using FirmwareSim.Messages;

namespace FirmwareSim.Session;

/// <summary>The register's side of TLK/1 as a step function: <c>(state, input) → (state, effects)</c>, TLK/1 §6, §8, §9 and §11.</summary>
/// <remarks>
/// No tasks, clock, I/O or randomness in here. The pump carries the effects out in their order, feeds <see cref="SessionInput.HelloHanded"/>
/// and <see cref="SessionInput.RecordHanded"/> back when bytes have left, and <see cref="SessionInput.Wake"/> after each batch of inputs
/// and at <see cref="NextDue"/>. An instance lives for one step.
/// </remarks>
internal sealed partial class RegisterSession
{
    private readonly SessionContext _context;
    private readonly List<SessionEffect> _effects = [];
    private SessionState _state;

    private RegisterSession(SessionState state, SessionContext context)
    {
        _state = state;
        _context = context;
    }

    public static (SessionState State, IReadOnlyList<SessionEffect> Effects) Step(
        SessionState state, SessionInput input, SessionContext context)
    {
        RegisterSession session = new(state, context);
        session.Take(input);
        return (session._state, session._effects);
    }

    private void Take(SessionInput input)
    {
        switch (input)
        {
            case SessionInput.LineUp:
                _state = _state with { Phase = Phase.Greeting };
                NewHello();
                break;
            case SessionInput.LineDown:
                ForgetSession();
                _state = _state with { Phase = Phase.Down, Greeting = null, HelloAt = null, SealKey = null };
                break;
            case SessionInput.HelloHanded:
                _state = _state with { Greeting = _state.Greeting is null ? null : _state.Greeting with { HandedAt = _context.Now } };
                break;
            case SessionInput.RecordHanded handed:
                Handed(handed.Seq);
                break;
            case SessionInput.Received received:
                Receive(received.Frame);
                break;
            case SessionInput.LeaseStored stored:
                LeaseIsStored(stored);
                break;
            case SessionInput.Wake:
                DoWhatIsDue();
                break;
        }
    }

    private void Receive(Frame frame)
    {
        if (_state.Phase == Phase.Down)
        {
            Drop(FrameDrop.Session);
            return;
        }

        if (!GatewayMessageReader.Knows(frame.Type))
        {
            Drop(FrameDrop.Type);
            if (frame.Flags.HasFlag(FrameFlags.MustUnderstand))
            {
                SendError(ErrorReason.UnknownType, frame, $"type {(byte)frame.Type:X2} is not known");
            }

            return;
        }

        if (Unseal(frame) is not Frame opened)
        {
            Drop(FrameDrop.Seal);
            return;
        }

        frame = opened;

        _state = _state with { HeardAt = _context.Now, Pings = 0 };
        GatewayMessage message;
        try
        {
            message = GatewayMessageReader.Read(frame.Type, frame.Payload);
        }
        catch (MalformedException e)
        {
            Drop(FrameDrop.Payload);
            if (frame.Type != FrameType.GatewayError)
            {
                SendError(ErrorReason.Malformed, frame, e.Message);
            }

            return;
        }

        Dispatch(frame, message);
    }

    private void Dispatch(Frame frame, GatewayMessage message)
    {
        switch (message)
        {
            case GatewayMessage.Welcome welcome:
                OnWelcome(frame.Txn, welcome);
                break;
            case GatewayMessage.Nak nak:
                OnNak(frame.Txn, nak);
                break;
            case GatewayMessage.Busy busy:
                OnBusy(frame.Txn, busy);
                break;
            case GatewayMessage.Ack ack:
                OnAck(frame, ack);
                break;
            case GatewayMessage.Pong pong:
                OnPong(frame.Txn, pong);
                break;
            case GatewayMessage.Fault fault:
                Note($"gateway says ERROR {fault.Reason} about {fault.About:X2}: {fault.Text}");
                break;
            default:
                Answer(frame, message);
                break;
        }
    }

    /// <summary>Forgets what a HELLO forgets: records under way, open requests, windows.</summary>
    private void ForgetSession() => _state = _state with
    {
        UnderWay = [],
        Run = null,
        PauseUntil = null,
        HoldUntil = 0,
        ResendInterval = Timing.FirstResend,
        PingOpen = false,
        Pings = 0,
        Replies = ImmutableDictionary<FrameType, CachedReply>.Empty,
        RefusedLease = 0,
        Time = null,
        HasSession = false,
    };

    private byte NextTxn()
    {
        byte txn = _state.Txn == byte.MaxValue ? (byte)1 : (byte)(_state.Txn + 1);
        _state = _state with { Txn = txn };
        return txn;
    }

    /// <summary>Sends a frame of a session. A paired register that has no key for it says nothing but HELLO.</summary>
    private void Send(FrameType type, byte txn, byte[] payload)
    {
        if (_context.PairingKey is null || _state.SealKey is not null)
        {
            _effects.Add(new SessionEffect.Send(type, FrameSeal.Encode(type, FrameFlags.None, txn, payload, _state.SealKey)));
        }
    }

    private void SendError(ErrorReason reason, Frame about, string text, ulong? seq = null)
    {
        if (_state.ErrorAt is long last && _context.Now - last < Timing.ErrorPause)
        {
            return;
        }

        _state = _state with { ErrorAt = _context.Now };
        Send(FrameType.Error, about.Txn, RegisterMessages.Error(reason, about.Type, text, seq));
    }

    private void SendStatus(byte txn)
    {
        (Faults faults, byte used) = PresentStatus();
        _state = _state with { ToldFaults = faults, ToldUsed = used };
        Send(FrameType.Status, txn, RegisterMessages.Status(used, _context.Shelf.Unacknowledged, faults, _context.Clock));
    }

    private (Faults Faults, byte Used) PresentStatus() =>
    (
        (_state.StopReason is null ? Faults.None : Faults.Stopped) | (_context.Shelf.IsFull ? Faults.JournalFull : Faults.None),
        _context.Shelf.UsedPercent);

    private void Drop(FrameDrop reason) => _effects.Add(new SessionEffect.Drop(reason));

    private void Note(string text) => _effects.Add(new SessionEffect.Note(text));
}
