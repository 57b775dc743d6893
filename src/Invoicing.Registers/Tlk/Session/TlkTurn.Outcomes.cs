using System.Collections.Immutable;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk.Session;

/// <summary>What the recorder made of records, and the ACKs. TLK/1 §7.</summary>
internal sealed partial class TlkTurn
{
    private void Done(TlkInput.Done done)
    {
        State = State with { InRecorder = State.InRecorder - 1 };
        int at = State.Pending.FindIndex(p => p.Ticket == done.Ticket);
        if (at >= 0)
        {
            State = State with { Pending = State.Pending.SetItem(at, State.Pending[at] with { Outcome = done.Outcome }) };
            Flush();
        }

        AskWhenIdle();
    }

    /// <summary>Answers from the front of the queue as far as outcomes are known, so that results leave in the order of acceptance.</summary>
    private void Flush()
    {
        List<(ulong, RecordOutcome)> results = [];
        while (State.Pending is [{ Outcome: { } outcome } head, ..])
        {
            State = State with { Pending = State.Pending.RemoveAt(0) };
            if (outcome is RecordOutcome.Issued or RecordOutcome.Held or RecordOutcome.Recorded)
            {
                State = State with { Durable = Math.Max(State.Durable, head.Last) };
                if (head.Hash is not null)
                {
                    results.Add((head.First, outcome));
                }

                continue;
            }

            SendAcks(results);
            results.Clear();
            Undone(head, outcome);
        }

        SendAcks(results);
    }

    private void SendAcks(List<(ulong Seq, RecordOutcome Outcome)> results)
    {
        if (results.Count == 0)
        {
            return;
        }

        foreach (TlkFrame ack in AckWriter.Write(State.Hello!.Register.Epoch, State.Durable, results, State.MaxBody - (State.Seal is null ? 0 : TlkSeal.TagLength)))
        {
            Send(ack);
        }
    }

    /// <summary>Outcomes that are not durable records: the line goes back to the record, or stops.</summary>
    private void Undone(TlkPending head, RecordOutcome outcome)
    {
        ulong epoch = State.Hello!.Register.Epoch;
        switch (outcome)
        {
            case RecordOutcome.Conflict conflict:
                string text = $"record {head.First} came before with other content (hash {conflict.First})";
                Tell(TlkEvent.Conflict, text, head.First, head.Last);
                Send(GatewayMessages.Nak(NakReason.Conflict, 0, epoch, head.First, $"record {head.First} came before with other content"));
                State = State with
                {
                    Phase = TlkPhase.Stopped,
                    ConflictSeq = head.First,
                    StopReason = $"record {head.First} came before with other content",
                    Pending = [],
                    Assembly = null,
                    Get = null,
                };
                break;
            case RecordOutcome.Gap gap:
                GoBack(gap.Expected);
                SayGap(head.First);
                break;
            case RecordOutcome.NotNow notNow:
                Tell(TlkEvent.NotNow, notNow.Reason, head.First, head.Last);
                if (!head.IsRepeat)
                {
                    GoBack(head.First);
                }

                State = State with { BusyAt = now };
                Send(GatewayMessages.BusyRecord(epoch, head.First, TimeSpan.FromMilliseconds(TlkTimes.BusyWait)));
                break;
        }
    }

    /// <summary>Forgets what was accepted from here on; the register sends it again.</summary>
    private void GoBack(ulong expected)
    {
        State = State with { Expected = expected, Pending = ImmutableList<TlkPending>.Empty, Assembly = null };
        if (expected <= State.RecoverTo)
        {
            // Asked again later, not at once: what cannot be recorded now would otherwise go round as fast as the line can.
            State = State with { Get = NewGet(expected) with { Pause = TlkTimes.BusyWait }, RunTo = 0 };
        }
    }
}
