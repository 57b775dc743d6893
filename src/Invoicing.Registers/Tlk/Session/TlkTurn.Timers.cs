using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;

namespace Invoicing.Registers.Tlk.Session;

/// <summary>Timers: TLK/1 §10. They run after every input, so a late tick loses nothing.</summary>
internal sealed partial class TlkTurn
{
    internal static long? NextWake(TlkState state)
    {
        long? next = BusyDue(state);
        if (state.Get is { } get)
        {
            next = Earlier(next, get.SentAt + get.Pause);
        }

        if (UpkeepDue(state) is { } due)
        {
            next = Earlier(next, due);
        }

        return MayPing(state) ? Earlier(next, PingDue(state)) : next;
    }

    internal void RunTimers()
    {
        if (BusyDue(State) <= now)
        {
            SayBusy();
        }

        if (State.Get is { } get && get.SentAt + get.Pause <= now)
        {
            State = State with { Get = get with { SentAt = now, Pause = Math.Min(2 * get.Pause, TlkTimes.LongestResend) } };
            Send(get.Frame);
        }

        RunUpkeep();
        if (MayPing(State) && PingDue(State) <= now)
        {
            PingOrGiveUp();
        }
    }

    /// <summary>A register whose sealed HELLO was refused shares no key with us: it says HELLO again each minute, and nothing else.</summary>
    private static bool MayPing(TlkState state) =>
        state.Phase == TlkPhase.Open || (state.Phase == TlkPhase.Stopped && (state.Seal is not null || state.AnswerSeal is null));

    /// <summary>200 ms after what waits longest came, and never less than 1 s after the BUSY before.</summary>
    private static long? BusyDue(TlkState state)
    {
        long? since = state.Phase switch
        {
            TlkPhase.Opening => state.OpeningSince,
            TlkPhase.Open => state.Pending.Find(p => p.Outcome is null)?.Since,
            _ => null,
        };
        return since is not { } from ? null
            : state.BusyAt is { } last ? Math.Max(from + TlkTimes.BusyAfter, last + TlkTimes.BusyEvery)
            : from + TlkTimes.BusyAfter;
    }

    private static long PingDue(TlkState state) => state.HeardAt + ((state.Pings + 1) * TlkTimes.Idle);

    private static long Earlier(long? one, long other) => one is { } a && a < other ? a : other;

    private void SayBusy()
    {
        State = State with { BusyAt = now };
        var wait = TimeSpan.FromMilliseconds(TlkTimes.BusyWait);
        if (State.Phase == TlkPhase.Opening)
        {
            SendToHello(GatewayMessages.BusyHello(State.HelloFrame!.Txn, wait), State.AnswerSeal);
        }
        else
        {
            Send(GatewayMessages.BusyRecord(State.Hello!.Register.Epoch, State.Pending.Find(p => p.Outcome is null)!.First, wait));
        }
    }

    private void PingOrGiveUp()
    {
        if (State.Pings == TlkTimes.MaxPings)
        {
            Tell(TlkEvent.Silent, $"nothing heard for {now - State.HeardAt} ms");
            EndSession(TlkPhase.None);
            _effects.Add(new TlkEffect.HangUp());
            return;
        }

        byte txn = NextTxn();
        uint counter = unchecked(State.PingCounter + 1);
        State = State with { Pings = State.Pings + 1, PingTxn = txn, PingCounter = counter };
        Send(PingMessage.Write(TlkType.GatewayPing, txn, counter));
    }
}
