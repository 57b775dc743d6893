using System.Collections.Immutable;
using FirmwareSim.Bytes;
using FirmwareSim.Messages;
using FirmwareSim.Records;

namespace FirmwareSim.Session;

// Records and their results: TLK/1 §5, §6, §7.
internal sealed partial class RegisterSession
{
    private void Handed(ulong seq)
    {
        int at = IndexOf(seq);
        if (at >= 0)
        {
            UnderWay record = _state.UnderWay[at] with { HandedAt = _context.Now };
            _state = _state with { UnderWay = _state.UnderWay.SetItem(at, record) };
        }
    }

    private void OnAck(Frame frame, GatewayMessage.Ack ack)
    {
        // STOPPED too: what was accepted before the stop is finished and answered.
        if (!_state.HasSession || ack.Epoch != _context.Shelf.Epoch)
        {
            Drop(FrameDrop.Session);
            return;
        }

        ImmutableArray<AckResult>.Builder store = ImmutableArray.CreateBuilder<AckResult>();
        bool news = false;
        foreach (AckResult result in ack.Results)
        {
            if (result.Seq > _context.Shelf.Newest || result.Seq == 0)
            {
                Drop(FrameDrop.Late);
                continue;
            }

            news |= Answered(result.Seq);
            if (result.Seq >= _context.Shelf.Oldest && IsNew(frame, result))
            {
                store.RemoveAll(earlier => earlier.Seq == result.Seq);
                store.Add(result);
                news = true;
            }
        }

        if (store.Count > 0)
        {
            _effects.Add(new SessionEffect.Store(store.ToImmutable()));
        }

        if (news)
        {
            _state = _state with { ResendInterval = Timing.FirstResend };
        }
    }

    /// <summary>§5: the same result again is ignored, ISSUED replaces HELD, anything else is an error and the first one stays.</summary>
    private bool IsNew(Frame frame, AckResult result)
    {
        RecordResult? held = _context.Shelf.ResultOf(result.Seq);
        if (held is null && _context.Shelf.LeasedOf(result.Seq) is { } leased && !Confirms(leased, result.Result))
        {
            // Kept, so that the record is done; the customer has the printed one, and people on both sides are told.
            Note($"record {result.Seq} was printed with {leased.Code}, the gateway says {result.Result}");
            SendError(ErrorReason.OtherResult, frame, $"record {result.Seq} was printed with {leased.Code}", result.Seq);
        }

        if (held is null || (held.Outcome == Outcome.Held && result.Result.Outcome == Outcome.Issued))
        {
            return true;
        }

        if (!held.IsSame(result.Result))
        {
            Note($"record {result.Seq} has {held}, the gateway now says {result.Result}");
            SendError(ErrorReason.OtherResult, frame, $"record {result.Seq} has another result here", result.Seq);
        }

        return false;
    }

    private static bool Confirms(LeasedCode leased, RecordResult result) => result.Outcome != Outcome.Issued
        || (result.Code == leased.Code && result.Series == leased.Series && result.Number == leased.Number);

    /// <summary>Takes a record off those under way.</summary>
    private bool Answered(ulong seq)
    {
        int at = IndexOf(seq);
        if (at >= 0)
        {
            _state = _state with { UnderWay = _state.UnderWay.RemoveAt(at) };
        }

        return at >= 0;
    }

    private void OnGap(ulong expected)
    {
        if (expected <= _context.Shelf.Acked || expected > _context.Shelf.Newest)
        {
            BackToGreeting();
            return;
        }

        Resend(expected);
    }

    /// <summary>Sends again what is under way from this sequence on, oldest first.</summary>
    private void Resend(ulong from)
    {
        var records = _state.UnderWay.ToBuilder();
        for (int i = 0; i < records.Count; i++)
        {
            if (records[i].Seq >= from)
            {
                records[i] = records[i] with { HandedAt = null };
                SendRecord(records[i]);
            }
        }

        _state = _state with { UnderWay = records.ToImmutable() };
    }

    /// <summary>Sends new records while the window has room: live ones, and what a GET asked for.</summary>
    private void FillWindow()
    {
        while (_state.UnderWay.Length < _state.Window && NextToSend() is UnderWay record)
        {
            int known = IndexOf(record.Seq);
            _state = _state with
            {
                // A live record that GET asks for, too, goes out again with its (empty) result.
                UnderWay = known >= 0 ? _state.UnderWay.SetItem(known, record) : _state.UnderWay.Add(record),
            };
            SendRecord(record);
        }
    }

    /// <summary>Live records go before those of an audit, so that no shop waits for one; in RECOVERING only what GET asked for is sent.</summary>
    private UnderWay? NextToSend()
    {
        FinishRun();
        if (_state.Phase == Phase.Sending && NextLive() is UnderWay live)
        {
            return live;
        }

        if (_state.Run is not RecoveryRun run || run.Next > run.To)
        {
            return null;
        }

        _state = _state with { Run = run with { Next = run.Next + 1 } };
        return new UnderWay(run.Next, Recovered: true, null);
    }

    private UnderWay? NextLive()
    {
        for (ulong seq = _state.NextSeq; seq <= _context.Shelf.Newest; seq++)
        {
            _state = _state with { NextSeq = seq + 1 };
            if (_context.Shelf.ResultOf(seq) is null && _context.Shelf.Holds(seq) && IndexOf(seq) < 0)
            {
                return new UnderWay(seq, Recovered: false, null);
            }
        }

        return null;
    }

    /// <summary>A run is through when all of it was answered; recovery is, when that was the last of it.</summary>
    private void FinishRun()
    {
        if (RecoveredUnderWay() || _state.Run is { } run && run.Next <= run.To)
        {
            return;
        }

        _state = _state with { Run = null, RecoveredTo = Math.Max(_state.RecoveredTo, _state.Run?.To ?? 0) };
        if (_state.Phase == Phase.Recovering && _state.RecoveredTo >= _state.RecoverTo)
        {
            _state = _state with { Phase = Phase.Sending, NextSeq = _context.Shelf.Acked + 1 };
        }
    }

    private bool RecoveredUnderWay() => _state.UnderWay.Any(record => record.Recovered);

    private void SendRecord(UnderWay record)
    {
        byte[]? recovered = record.Recovered ? _context.Shelf.ResultOf(record.Seq)?.ToGroup() ?? [] : null;
        _effects.Add(new SessionEffect.SendRecord(record.Seq, recovered, _state.MaxBody, _state.SealKey));
    }

    private int IndexOf(ulong seq)
    {
        for (int i = 0; i < _state.UnderWay.Length; i++)
        {
            if (_state.UnderWay[i].Seq == seq)
            {
                return i;
            }
        }

        return -1;
    }
}
