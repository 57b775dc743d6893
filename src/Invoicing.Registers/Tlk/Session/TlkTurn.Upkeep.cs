using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk.Session;

/// <summary>What goes on beside records: how the register is, its clock, its leases. TLK/1 §3.9 to §3.11.</summary>
internal sealed partial class TlkTurn
{
    /// <summary>When a request beside the records is due next; <see langword="null"/> while none is.</summary>
    private static long? UpkeepDue(TlkState state)
    {
        if (state.Phase != TlkPhase.Open)
        {
            return null;
        }

        long due = state.Ask?.Due ?? state.AskDue;
        due = Math.Min(due, state.Time?.Due ?? state.TimeDue ?? long.MaxValue);
        return Math.Min(due, state.Lease?.Due ?? (MayOffer(state) ? state.LeaseDue : null) ?? long.MaxValue);
    }

    /// <summary>A lease is offered only when everything that the register had is here, so that what it printed from the last is known.</summary>
    private static bool MayOffer(TlkState state) =>
        state is { IsOfferAsked: false, LeaseDue: not null, Hello: { } hello, Pending.Count: 0 } && state.Expected > hello.Register.NewestSequence
        && state.Expected > state.RecoverTo;

    private void StartUpkeep(HelloMessage hello) => State = State with
    {
        AskDue = now + TlkTimes.AskEvery,
        TimeDue = (hello.Caps & TlkCaps.Time) == TlkCaps.None ? null : now,
        LeaseDue = (hello.Caps & TlkCaps.Leases) == TlkCaps.None ? null : now,
    };

    private void RunUpkeep()
    {
        if (State.Phase != TlkPhase.Open)
        {
            return;
        }

        RunAsk();
        RunTime();
        RunLease();
    }

    private void RunAsk()
    {
        if (State.Ask is { } open && open.Due <= now)
        {
            State = State with { Ask = Again(open), AskDue = now + TlkTimes.AskEvery };
        }
        else if (State.Ask is null && State.AskDue <= now)
        {
            AskNow();
        }
    }

    private void AskNow()
    {
        if (State is { Phase: TlkPhase.Open, Ask: null })
        {
            State = State with { Ask = First(GatewayMessages.Ask(NextTxn())), AskDue = now + TlkTimes.AskEvery };
        }
    }

    private void Status(TlkFrame frame)
    {
        if (!HasSession(frame.Txn))
        {
            return;
        }

        if (StatusMessage.Read(frame.Payload, default, out string? fault) is not { } report)
        {
            Complain(ErrorReason.Malformed, frame, fault);
            return;
        }

        if (frame.Txn != 0 && frame.Txn != State.Ask?.Frame.Txn)
        {
            Count(TlkCounter.Late); // an old answer: how the register was
            return;
        }

        if (report.Faults != TlkFaults.None && report.Faults != State.Report?.Faults)
        {
            Tell(TlkEvent.RegisterFault, $"faults {report.Faults}, journal {report.JournalUsedPercent} % used, {report.Unacknowledged} unacknowledged");
        }

        State = State with { Report = report, Ask = frame.Txn == 0 ? State.Ask : null, AskDue = now + TlkTimes.AskEvery };
    }

    /// <summary>Each TIME has a clock of its own; one without an answer is not repeated but followed by another.</summary>
    private void RunTime()
    {
        if ((State.Time?.Due ?? State.TimeDue) is not { } due || due > now)
        {
            return;
        }

        if (State.Time is { Sent: >= TlkTimes.MaxSent })
        {
            State = State with { Time = null, TimeDue = now + TlkTimes.TimeEvery };
            return;
        }

        // Not again before the clock was read: the pause begins anew with what is sent.
        State = State.Time is { } open
            ? State with { Time = open with { SentAt = now } }
            : State with { TimeDue = now + TlkTimes.TimeLater };
        _effects.Add(new TlkEffect.ReadClock(State.Session));
    }

    private void ClockRead(TlkInput.ClockRead read)
    {
        if (State.Phase != TlkPhase.Open || read.Session != State.Session)
        {
            return;
        }

        if (read.Clock is not { } clock)
        {
            State = State with { Time = null, TimeDue = now + TlkTimes.TimeLater };
            return;
        }

        TlkFrame frame = GatewayMessages.Time(NextTxn(), clock);
        State = State with
        {
            Time = new(frame, now, TlkTimes.TimeRetry, (State.Time?.Sent ?? 0) + 1),
            TimeDue = now + TlkTimes.TimeEvery,
        };
        Send(frame);
    }

    private void Timed(TlkFrame frame)
    {
        if (TimedMessage.Read(frame.Payload, out string? fault) is not { } timed)
        {
            Complain(ErrorReason.Malformed, frame, fault);
        }
        else if (frame.Txn == 0 || frame.Txn != State.Time?.Frame.Txn)
        {
            Count(TlkCounter.Late);
        }
        else
        {
            State = State with { Time = null };
            Tell(TlkEvent.Timed, $"its clock was {(timed.Before - timed.Clock).TotalSeconds:0.###} s ahead");
        }
    }

    private void RunLease()
    {
        if (State.Lease is { } open)
        {
            if (open.Due <= now)
            {
                State = State with { Lease = Again(open) };
            }
        }
        else if (MayOffer(State) && State.LeaseDue <= now)
        {
            State = State with { LeaseDue = now + TlkTimes.LeaseEvery, IsOfferAsked = true };
            _effects.Add(new TlkEffect.OfferLease(State.Session, State.Hello!.Register.Register, State.Hello.Register.Epoch));
        }
    }

    private void LeaseOffered(TlkInput.LeaseOffered offered)
    {
        if (State.Phase != TlkPhase.Open || offered.Session != State.Session)
        {
            return;
        }

        State = State with { IsOfferAsked = false };
        if (offered.Lease is { } lease)
        {
            State = State with
            {
                Lease = First(GatewayMessages.Lease(NextTxn(), State.Hello!.Register.Epoch, lease)),
                LeaseId = lease.Lease,
            };
        }
    }

    private void Leased(TlkFrame frame)
    {
        if (LeasedMessage.Read(frame.Payload, out string? fault) is not { } leased)
        {
            Complain(ErrorReason.Malformed, frame, fault);
        }
        else if (State.Lease is not { } open || frame.Txn != open.Frame.Txn || leased.Lease != State.LeaseId)
        {
            Count(TlkCounter.Late);
        }
        else
        {
            RegisterHello hello = State.Hello!.Register;
            State = State with { Lease = null, TakenLease = leased.Newest is null ? State.TakenLease : leased.Lease };
            Tell(TlkEvent.Leased, leased.Newest is null ? $"refused lease {leased.Lease}" : $"took lease {leased.Lease}");
            _effects.Add(new TlkEffect.AnswerLease(hello.Register, hello.Epoch, leased.Lease, leased.Newest));
        }
    }

    /// <summary>The register cannot do what it was asked: the request is given up until the next is due.</summary>
    private void GiveUp(ErrorMessage error, byte txn)
    {
        switch ((TlkType)error.About)
        {
            case TlkType.Ask when State.Ask?.Frame.Txn == txn:
                State = State with { Ask = null };
                break;
            case TlkType.Time when State.Time?.Frame.Txn == txn:
                State = State with { Time = null };
                break;
            case TlkType.Lease when State.Lease?.Frame.Txn == txn:
                State = State with { Lease = null };
                break;
        }
    }

    private TlkOpenRequest First(TlkFrame frame)
    {
        Send(frame);
        return new(frame, now, TlkTimes.FirstResend, 1);
    }

    private TlkOpenRequest? Again(TlkOpenRequest request)
    {
        if (request.Sent >= TlkTimes.MaxSent)
        {
            return null;
        }

        Send(request.Frame);
        return request with { SentAt = now, Pause = Math.Min(2 * request.Pause, TlkTimes.LongestResend), Sent = request.Sent + 1 };
    }
}
