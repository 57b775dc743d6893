using System.Collections.Immutable;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;

namespace Invoicing.Registers.Tlk.Session;

/// <summary>One step of a session while it is being taken: the state so far and the effects so far. Lives for one call of <see cref="TlkSession.Step"/>.</summary>
internal sealed partial class TlkTurn(TlkState state, long now, TlkOptions options)
{
    private readonly ImmutableArray<TlkEffect>.Builder _effects = ImmutableArray.CreateBuilder<TlkEffect>();

    internal TlkState State { get; private set; } = state;

    internal ImmutableArray<TlkEffect> Effects => _effects.ToImmutable();

    internal void Take(TlkInput input)
    {
        switch (input)
        {
            case TlkInput.LineUp:
                EndSession(TlkPhase.None);
                SayNoSession(0);
                break;
            case TlkInput.LineGone:
                EndSession(TlkPhase.Down);
                break;
            case TlkInput.Came came when State.Phase != TlkPhase.Down:
                Came(came.Run);
                break;
            case TlkInput.Stands stands:
                Stands(stands);
                break;
            case TlkInput.BehindNoted noted:
                BehindIsNoted(noted.Session);
                break;
            case TlkInput.Done done:
                Done(done);
                break;
            case TlkInput.ClockRead read:
                ClockRead(read);
                break;
            case TlkInput.LeaseOffered offered:
                LeaseOffered(offered);
                break;
            case TlkInput.AskNow:
                AskNow();
                break;
        }
    }

    private void Came(TlkRun run)
    {
        switch (run)
        {
            case { Refused: TlkCounter.Version }:
                Count(TlkCounter.Version);
                if (Due(State.VersionNakAt, TlkTimes.ComplainEvery))
                {
                    State = State with { VersionNakAt = now };
                    Send(GatewayMessages.Nak(NakReason.Version, run.Txn));
                }

                break;
            case { Refused: TlkCounter.Type, Frame: { } unknown } when (unknown.Flags & TlkFlags.MustUnderstand) != TlkFlags.None:
                Count(TlkCounter.Type);
                Complain(ErrorReason.UnknownType, unknown, null);
                break;
            case { Refused: { } why }:
                Count(why);
                break;
            case { Frame: { } frame } when Unseal(frame, out TlkSeal? answer) is { } opened:
                Dispatch(opened, answer);
                break;
        }
    }

    private void Dispatch(TlkFrame frame, TlkSeal? answer)
    {
        State = State with { HeardAt = now, Pings = 0 };
        switch (frame.Type)
        {
            case TlkType.Hello:
                Hello(frame, answer);
                break;
            case TlkType.Rec:
                Rec(frame);
                break;
            case TlkType.Ping:
                Ping(frame);
                break;
            case TlkType.Have:
                Have(frame);
                break;
            case TlkType.Status:
                Status(frame);
                break;
            case TlkType.Error:
                RegisterError(frame);
                break;
            case TlkType.Pong:
                Pong(frame);
                break;
            case TlkType.Leased:
                Leased(frame);
                break;
            case TlkType.Timed:
                Timed(frame);
                break;
        }
    }

    private void Ping(TlkFrame frame)
    {
        if (!HasSession(frame.Txn))
        {
            return;
        }

        if (PingMessage.Read(frame.Payload, out string? fault) is { } counter)
        {
            Send(PingMessage.Write(TlkType.GatewayPong, frame.Txn, counter));
        }
        else
        {
            Complain(ErrorReason.Malformed, frame, fault);
        }
    }

    private void Pong(TlkFrame frame)
    {
        if (PingMessage.Read(frame.Payload, out string? fault) is not { } counter)
        {
            Complain(ErrorReason.Malformed, frame, fault);
        }
        else if (frame.Txn != State.PingTxn || counter != State.PingCounter || State.PingTxn == 0)
        {
            Count(TlkCounter.Late);
        }
        else
        {
            State = State with { PingTxn = 0 };
        }
    }

    private void RegisterError(TlkFrame frame)
    {
        if (ErrorMessage.Read(frame.Payload, out _) is { } error)
        {
            GiveUp(error, frame.Txn);
            Tell(TlkEvent.RegisterFault, $"error {error.Reason} about message {error.About:X2}: {error.Text}");
        }
        else
        {
            Count(TlkCounter.Payload);
        }
    }

    /// <summary>Whether there is a session; if not, what came is counted and answered with NAK 9 (TLK/1 §8.5).</summary>
    private bool HasSession(byte txn)
    {
        if (State.Phase is TlkPhase.Open or TlkPhase.Stopped)
        {
            return true;
        }

        Count(TlkCounter.Session);
        if (State.Phase == TlkPhase.None)
        {
            SayNoSession(txn);
        }

        return false;
    }

    private void SayNoSession(byte txn)
    {
        if (Due(State.SessionNakAt, TlkTimes.NakEvery))
        {
            State = State with { SessionNakAt = now };
            Send(GatewayMessages.Nak(NakReason.NoSession, txn));
        }
    }

    /// <summary>Forgets the session, but not the calls of the recorder that have not ended, nor what keeps answers rare.</summary>
    private void EndSession(TlkPhase phase) => State = new()
    {
        Phase = phase,
        Session = State.Session + 1,
        InRecorder = State.InRecorder,
        NextTicket = State.NextTicket,
        Txn = State.Txn,
        PingCounter = State.PingCounter,
        BehindNoted = State.BehindNoted,
        Nonces = State.Nonces,
        HeardAt = now,

        // What a register of the session before may still send, so that it is told that there is none.
        MaxBody = Math.Max(options.MaxBody, TlkFrame.DefaultMaxBody),
        VersionNakAt = State.VersionNakAt,
        ErrorAt = State.ErrorAt,
        BusyAt = State.BusyAt,
    };

    private void Complain(ErrorReason reason, TlkFrame about, string? text)
    {
        if (reason == ErrorReason.Malformed)
        {
            Count(TlkCounter.Payload);
        }

        if (Due(State.ErrorAt, TlkTimes.ComplainEvery))
        {
            State = State with { ErrorAt = now };
            Send(GatewayMessages.Error(reason, about.Type, about.Txn, text));
        }
    }

    private byte NextTxn()
    {
        byte txn = (byte)(State.Txn == byte.MaxValue ? 1 : State.Txn + 1);
        State = State with { Txn = txn };
        return txn;
    }

    private bool Due(long? last, long every) => last is not { } at || now - at >= every;

    private void Count(TlkCounter counter) => _effects.Add(new TlkEffect.Count(counter));

    private void Tell(TlkEvent what, string text, ulong first = 0, ulong last = 0) => _effects.Add(new TlkEffect.Tell(what, first, last, text));
}
