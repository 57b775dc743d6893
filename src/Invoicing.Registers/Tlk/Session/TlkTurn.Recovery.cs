using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk.Session;

/// <summary>Recovery of what this gateway lost: TLK/1 §9.</summary>
internal sealed partial class TlkTurn
{
    private void SendGet(ulong from)
    {
        TlkOpenGet get = NewGet(from);
        State = State with { Get = get, RunTo = 0 };
        Send(get.Frame);
    }

    private TlkOpenGet NewGet(ulong from)
    {
        TlkFrame frame = GatewayMessages.Get(NextTxn(), State.Hello!.Register.Epoch, from, State.RecoverTo);
        return new(frame, from, State.RecoverTo, now, TlkTimes.FirstResend);
    }

    private void Have(TlkFrame frame)
    {
        if (!HasSession(frame.Txn))
        {
            return;
        }

        if (HaveMessage.Read(frame.Payload, out string? fault) is not { } have)
        {
            Complain(ErrorReason.Malformed, frame, fault);
            return;
        }

        if (State.Get is not { } get || frame.Txn != get.Frame.Txn || have.From != get.From || have.Epoch != State.Hello!.Register.Epoch)
        {
            Count(TlkCounter.Late);
            return;
        }

        if (have.To > get.To || (!have.Present && State.Expected != have.From))
        {
            Complain(ErrorReason.Malformed, frame, $"HAVE {have.From}..{have.To} answers GET {get.From}..{get.To} at {State.Expected}");
            return;
        }

        State = State with { Get = null, RunTo = have.To };
        if (have.Present)
        {
            // The run may be through already, when HAVE was lost and came again after its records.
            Advance(State.Expected - 1);
            return;
        }

        const string Reason = "the register no longer holds what this gateway lost";
        Tell(TlkEvent.Lost, Reason, have.From, have.To);
        SaleKey first = new(State.Hello!.Register.Register, have.Epoch, have.From);
        int ticket = Enqueue(have.From, have.To, null, isRepeat: false);
        _effects.Add(new TlkEffect.RecordGap(ticket, first, have.To, Reason));
        Advance(have.To);
    }
}
