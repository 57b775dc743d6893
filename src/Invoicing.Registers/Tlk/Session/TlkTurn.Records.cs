using Invoicing.Hashing;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Registers.Tlk.Records;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk.Session;

/// <summary>Answers to REC: TLK/1 §7, in the order of its table.</summary>
internal sealed partial class TlkTurn
{
    /// <summary>Most records under way, repeated ones included: twice the largest window. What is more is dropped and comes again.</summary>
    private const int MaxPending = 32;

    private void Rec(TlkFrame frame)
    {
        if (RecMessage.Read(frame, out ulong epoch, out ulong seq, out string? fault) is not { } rec)
        {
            RefuseRec(epoch, seq, fault!);
            return;
        }

        if (State.Phase == TlkPhase.Stopped)
        {
            Send(GatewayMessages.Nak(NakReason.Conflict, 0, rec.Epoch, State.ConflictSeq, State.StopReason));
            return;
        }

        if (!HasSession(0))
        {
            return;
        }

        if (rec.Epoch != State.Hello!.Register.Epoch)
        {
            Count(TlkCounter.Session);
            SayNoSession(0);
            return;
        }

        if (rec.Seq > State.Expected)
        {
            BeyondExpected(rec.Seq);
        }
        else if (Complete(rec) is { } record)
        {
            Whole(rec, record);
        }
    }

    private void BeyondExpected(ulong seq)
    {
        Count(TlkCounter.Gap);
        bool isRecovering = State.Expected <= State.RecoverTo;
        if (!isRecovering && (State.GapNakFor != State.Expected || Due(State.GapNakAt, TlkTimes.NakEvery)))
        {
            SayGap(seq);
        }
    }

    private void SayGap(ulong seq)
    {
        State = State with { GapNakAt = now, GapNakFor = State.Expected };
        Send(GatewayMessages.Nak(NakReason.Gap, 0, State.Hello!.Register.Epoch, seq, expected: State.Expected));
    }

    /// <summary>Puts fragments together.</summary>
    /// <returns>The whole record, or <see langword="null"/> if there is more to come or something was wrong.</returns>
    private ReadOnlyMemory<byte>? Complete(RecMessage rec)
    {
        if (rec is { Fragment: 0, More: false })
        {
            State = State with { Assembly = null };
            return rec.Part;
        }

        TlkAssembly? assembly = rec.Fragment == 0 ? new(rec.Seq, rec.RecordLength!.Value, [], 0) : State.Assembly;
        State = State with { Assembly = null };
        if (assembly is null || assembly.Seq != rec.Seq || assembly.Parts.Length != rec.Fragment)
        {
            Count(TlkCounter.Fragment);
            return null;
        }

        int got = assembly.Got + rec.Part.Length;
        if (got > assembly.Length || (got == assembly.Length) == rec.More)
        {
            RefuseRec(rec.Epoch, rec.Seq, $"record of {assembly.Length} bytes: {got} came up to fragment {rec.Fragment}");
            return null;
        }

        assembly = assembly with { Parts = assembly.Parts.Add(rec.Part), Got = got };
        if (!rec.More)
        {
            return assembly.Join();
        }

        State = State with { Assembly = assembly };
        return null;
    }

    private void Whole(RecMessage rec, ReadOnlyMemory<byte> record)
    {
        Sha256Hash hash = RecordHash.Of(rec.Epoch, rec.Seq, record.Span);
        bool isRepeat = rec.Seq < State.Expected;
        if (isRepeat && State.Pending.Exists(p => p.First == rec.Seq && p.Hash == hash))
        {
            return;
        }

        if (State.Pending.Count >= MaxPending)
        {
            return;
        }

        if (!isRepeat && rec.Seq <= State.Hello!.Register.LastAcknowledged && rec.Recovered is null)
        {
            RefuseRec(rec.Epoch, rec.Seq, $"record {rec.Seq} had its result before: it comes by GET, with recovered");
            return;
        }

        Accept(rec, record, hash, isRepeat);
    }

    private void Accept(RecMessage rec, ReadOnlyMemory<byte> record, Sha256Hash hash, bool isRepeat)
    {
        SaleKey key = new(State.Hello!.Register.Register, rec.Epoch, rec.Seq);
        int ticket = Enqueue(rec.Seq, rec.Seq, hash, isRepeat);
        if (RecordReader.Lost(record) is { } remark)
        {
            Tell(TlkEvent.Lost, remark, rec.Seq, rec.Seq);
            _effects.Add(new TlkEffect.RecordGap(ticket, key, rec.Seq, remark));
        }
        else
        {
            RegisterRecord content = RecordReader.Read(key, record, rec.Recovered);
            if (content.Unreadable is { } why && !isRepeat)
            {
                Tell(TlkEvent.Malformed, why, rec.Seq, rec.Seq);
            }

            _effects.Add(new TlkEffect.Record(ticket, content));
        }

        if (!isRepeat)
        {
            Advance(rec.Seq);
        }
    }

    /// <summary>Moves the expected sequence on, and asks for the next run when the one that HAVE announced is through.</summary>
    private void Advance(ulong to)
    {
        State = State with { Expected = to + 1, Get = to >= State.RecoverTo ? null : State.Get };
        if (State.Get is null && to >= State.RunTo && to < State.RecoverTo)
        {
            SendGet(to + 1);
        }
    }

    private int Enqueue(ulong first, ulong last, Sha256Hash? hash, bool isRepeat)
    {
        int ticket = State.NextTicket;
        State = State with
        {
            NextTicket = unchecked(ticket + 1),
            InRecorder = State.InRecorder + 1,
            Pending = State.Pending.Add(new(ticket, first, last, hash, isRepeat, now)),
        };
        return ticket;
    }

    private void RefuseRec(ulong epoch, ulong seq, string fault)
    {
        Count(TlkCounter.Payload);
        Tell(TlkEvent.Malformed, fault, seq, seq);
        bool isKeyed = epoch != 0 && seq != 0;
        Send(GatewayMessages.Nak(
            NakReason.Malformed, 0, isKeyed ? epoch : null, isKeyed ? seq : null, fault, TlkTimes.AfterPerson));
    }
}
