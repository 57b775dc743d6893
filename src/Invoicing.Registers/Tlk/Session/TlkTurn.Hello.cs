using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk.Session;

/// <summary>Connecting: TLK/1 §8.</summary>
internal sealed partial class TlkTurn
{
    private void Hello(TlkFrame frame, TlkSeal? answer)
    {
        if (HelloMessage.Read(frame.Payload, out string? fault) is not { } hello)
        {
            Count(TlkCounter.Payload);
            Tell(TlkEvent.Malformed, fault!);
            SendToHello(GatewayMessages.Nak(NakReason.Malformed, frame.Txn, text: fault, wait: TlkTimes.AfterPerson), answer);
            return;
        }

        if (IsSame(frame))
        {
            // The same question gets the same answer; while there is none yet, BUSY runs by its timer.
            if (State.Welcome is { } welcome)
            {
                _effects.Add(new TlkEffect.Send(welcome));
            }

            return;
        }

        EndSession(TlkPhase.None);
        if (options.Register is { } bound && bound != hello.Register.Register)
        {
            string text = $"serial {hello.Register.Register} on the line of {bound}";
            Tell(TlkEvent.Refused, text);
            SendToHello(GatewayMessages.Nak(NakReason.NotPaired, frame.Txn, text: text, wait: TlkTimes.AfterPerson), answer);
            return;
        }

        State = State with { Phase = TlkPhase.Opening, HelloFrame = frame, AnswerSeal = answer, Hello = hello, OpeningSince = now, BusyAt = null };
        AskWhenIdle();
    }

    private bool IsSame(TlkFrame frame) =>
        State is { Phase: TlkPhase.Opening or TlkPhase.Open, HelloFrame: { } before }
        && before.Txn == frame.Txn && before.Payload.Span.SequenceEqual(frame.Payload.Span);

    /// <summary>What the session before had accepted is finished first, so that the standing that is asked for is the final one.</summary>
    private void AskWhenIdle()
    {
        if (State is { Phase: TlkPhase.Opening, Asked: false, InRecorder: 0, Hello: { } hello })
        {
            State = State with { Asked = true };
            _effects.Add(new TlkEffect.Ask(State.Session, hello.Register));
        }
    }

    private void Stands(TlkInput.Stands input)
    {
        if (State is not { Phase: TlkPhase.Opening, Asked: true, Hello: { } hello, HelloFrame: { } frame } || State.Session != input.Session)
        {
            return;
        }

        switch (input.Standing)
        {
            case RegisterStanding.Open open when hello.Register.NewestSequence < open.LastDurable:
                Behind(hello, open.LastDurable);
                break;
            case RegisterStanding.Open open:
                Welcome(hello, frame, open.LastDurable, input);
                break;
            case RegisterStanding.Waiting waiting:
                Tell(TlkEvent.Waiting, waiting.Reason);
                Refuse(GatewayMessages.BusyHello(frame.Txn, TimeSpan.FromMilliseconds(TlkTimes.BusyWait)));
                State = State with { BusyAt = now };
                break;
            case RegisterStanding.Retired:
                Tell(TlkEvent.Refused, $"epoch {hello.Register.Epoch:x16} was followed by a newer one");
                Refuse(GatewayMessages.Nak(NakReason.EpochRetired, frame.Txn, epoch: hello.Register.Epoch));
                break;
            case RegisterStanding.Stopped stopped:
                Tell(TlkEvent.Refused, stopped.Reason);
                SendToHello(GatewayMessages.Nak(NakReason.Conflict, frame.Txn, hello.Register.Epoch, text: stopped.Reason), State.AnswerSeal);
                State = State with { Phase = TlkPhase.Stopped, StopReason = stopped.Reason };
                break;
        }
    }

    private void Welcome(HelloMessage hello, TlkFrame frame, ulong durable, TlkInput.Stands input)
    {
        TlkCaps caps = (hello.Caps & TlkCaps.Time) | (State.AnswerSeal is null ? TlkCaps.None : TlkCaps.Seals);
        TlkFrame welcome = GatewayMessages.Welcome(
            hello, frame.Txn, options.Gateway, durable, options.Window, options.MaxBody, caps, input.Clock, input.Nonce.Span);
        welcome = State.AnswerSeal?.Seal(welcome) ?? welcome;
        State = State with
        {
            Phase = TlkPhase.Open,
            Welcome = welcome,
            Seal = State.AnswerSeal is null ? null : TlkSeal.Frames(options.PairingKey!.Value, hello.Nonce.Span, input.Nonce.Span),
            MaxBody = Math.Min(options.MaxBody, hello.MaxBody),
            Durable = durable,
            Expected = durable + 1,
            HeardAt = now,
        };
        _effects.Add(new TlkEffect.Send(welcome));
        StartUpkeep(hello);
        Tell(TlkEvent.Welcomed, $"{hello.Register.Register} ({hello.Model}, {hello.Firmware})", durable, hello.Register.NewestSequence);
        if (durable < hello.Register.LastAcknowledged)
        {
            State = State with { RecoverTo = hello.Register.LastAcknowledged };
            Tell(TlkEvent.Recovering, "this gateway lost what the register knows to be recorded", durable + 1, State.RecoverTo);
            SendGet(durable + 1);
        }
    }

    /// <summary>An old image of the register was put back: noted once, then refused until a person decides.</summary>
    private void Behind(HelloMessage hello, ulong durable)
    {
        State = State with { Durable = durable };
        if (State.BehindNoted == (hello.Register.Epoch, hello.Register.NewestSequence, durable))
        {
            BehindIsNoted(State.Session);
        }
        else
        {
            Tell(TlkEvent.Behind, "an old image of the register's journal", hello.Register.NewestSequence, durable);
            _effects.Add(new TlkEffect.NoteBehind(State.Session, hello.Register, durable));
        }
    }

    private void BehindIsNoted(int session)
    {
        if (State is { Phase: TlkPhase.Opening, Hello: { } hello, HelloFrame: { } frame } && State.Session == session)
        {
            State = State with { BehindNoted = (hello.Register.Epoch, hello.Register.NewestSequence, State.Durable) };
            Refuse(GatewayMessages.Nak(NakReason.RegisterBehind, frame.Txn, hello.Register.Epoch, expected: State.Durable));
        }
    }

    private void Refuse(TlkFrame answer)
    {
        TlkSeal? seal = State.AnswerSeal;
        EndSession(TlkPhase.None);
        SendToHello(answer, seal);
    }
}
