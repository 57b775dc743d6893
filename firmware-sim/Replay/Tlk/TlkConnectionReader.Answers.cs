using FirmwareSim.Bytes;
using FirmwareSim.Messages;
using FirmwareSim.Records;

namespace FirmwareSim.Replay.Tlk;

// What the gateway said: TLK/1 §3.2, §3.4, §3.5 and §3.12.
internal sealed partial class TlkConnectionReader
{
    private void Answered(Frame frame)
    {
        RefuseSealed(frame);
        if (Read(frame) is not { } message)
        {
            return;
        }

        switch (message)
        {
            case GatewayMessage.Welcome welcome
                when _hellos.FindLast(hello => hello.Cue.Txn == frame.Txn && hello.Cue.Content?.Nonce.AsSpan().SequenceEqual(welcome.PeerNonce) == true).Cue is { } hello:
                _hasSession = true;
                Note(hello.Subject, TlkAnswer.Welcome);
                break;
            case GatewayMessage.Nak nak:
                Refused(frame.Txn, nak);
                break;
            case GatewayMessage.Ack ack:
                foreach (AckResult result in ack.Results)
                {
                    Note(TlkSubject.OfRecord(ack.Epoch, result.Seq), TlkAnswer.Of(result.Result));
                }

                break;
            case GatewayMessage.Fault fault:
                _errors.Add((fault.Reason, fault.About));
                break;
        }
    }

    /// <summary>What it says; null if it says nothing that this protocol knows.</summary>
    private static GatewayMessage? Read(Frame frame)
    {
        try
        {
            return GatewayMessageReader.Knows(frame.Type) ? GatewayMessageReader.Read(frame.Type, frame.Payload) : null;
        }
        catch (MalformedException)
        {
            return null;
        }
    }

    private void Refused(byte txn, GatewayMessage.Nak nak)
    {
        // A gateway that opens a line says NAK 9 unasked; only where there was a session does it tell anything.
        if (nak.Reason == NakReason.NoSession && !_hasSession)
        {
            return;
        }

        _refusals.Add(nak.Reason);
        var refused = TlkAnswer.Refused(nak.Reason);
        if (nak.Reason == NakReason.NoSession)
        {
            _hasSession = false;
        }
        else if (txn != 0 && _hellos.FindLast(hello => hello.Cue.Txn == txn).Cue is { } hello)
        {
            Note(hello.Subject, refused);
        }
        else if (nak is { Reason: NakReason.Conflict or NakReason.Malformed, Epoch: ulong epoch, Seq: ulong seq })
        {
            Note(TlkSubject.OfRecord(epoch, seq), refused);
        }
    }

    /// <summary>Waited for is what comes again by itself: not that a person let a held record become an invoice.</summary>
    private void Note(TlkSubject subject, TlkAnswer answer)
    {
        if (!_answers.TryGetValue(subject, out List<TlkAnswer>? answers))
        {
            _answers[subject] = answers = [];
        }

        if (answers.Contains(answer))
        {
            return;
        }

        bool isReleased = answer.Verdict == TlkVerdict.Issued && answers is [.., { Verdict: TlkVerdict.Held }];
        answers.Add(answer);
        if (!isReleased && (subject.Hello != 0 || _whole.Contains(subject)))
        {
            _cues.Add(new TlkCue.Hear(_number, _step.Milliseconds, subject, answer));
        }
    }
}
