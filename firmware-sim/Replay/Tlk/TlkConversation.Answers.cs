using System.Globalization;
using FirmwareSim.Bytes;
using FirmwareSim.Messages;
using FirmwareSim.Records;
using FirmwareSim.Session;

namespace FirmwareSim.Replay.Tlk;

// What the gateway answers, compared with what was recorded: TLK/1 §3.2, §3.4 to §3.6, §3.12.
internal sealed partial class TlkConversation
{
    /// <summary>How many of the recorded answers to something have come.</summary>
    private readonly Dictionary<TlkSubject, int> _come = [];

    /// <summary>Records said in this session whose answer is not here.</summary>
    private readonly List<TlkCue.Record> _underWay = [];

    /// <summary>What this gateway made of the recording's records, for the case that it asks for them.</summary>
    private readonly Dictionary<TlkSubject, RecordResult> _results = [];

    private TlkCue.Hello? _greeting;
    private bool _hasSession;

    /// <summary>Takes a frame of the gateway.</summary>
    /// <returns>Frames to send, in this order.</returns>
    public IReadOnlyList<byte[]> Take(Frame frame, long now)
    {
        if (IsOver || frame.Flags.HasFlag(FrameFlags.Sealed) || !GatewayMessageReader.Knows(frame.Type))
        {
            return [];
        }

        try
        {
            Dispatch(frame, GatewayMessageReader.Read(frame.Type, frame.Payload), now);
        }
        catch (MalformedException e)
        {
            Differ($"expected messages as TLK/1 has them, found {frame.Type.ToString().ToUpperInvariant()} with {e.Message}");
        }

        return Given();
    }

    private void Dispatch(Frame frame, GatewayMessage message, long now)
    {
        switch (message)
        {
            case GatewayMessage.Welcome welcome:
                OnWelcome(frame.Txn, welcome, now);
                break;
            case GatewayMessage.Nak nak:
                OnNak(frame.Txn, nak, now);
                break;
            case GatewayMessage.Busy busy when frame.Txn == 0 ? _hasSession : frame.Txn == _greeting?.Txn:
                (_saysBusy, _wasBusy, _pause, _holdUntil) = (true, true, Timing.FirstResend, now + busy.Wait);
                break;
            case GatewayMessage.Ack ack when _hasSession:
                foreach (AckResult result in ack.Results)
                {
                    OnResult(TlkSubject.OfRecord(ack.Epoch, result.Seq), result.Result, now);
                }

                break;
            case GatewayMessage.Fault fault when !_script.Errors.Contains((fault.Reason, fault.About)):
                Differ(string.Create(CultureInfo.InvariantCulture, $"{Expected()}, found ERROR {fault.Reason} about a message of type {fault.About:X2}{Words(fault.Text)}"));
                break;
            case GatewayMessage.Ping or GatewayMessage.Get or GatewayMessage.Lease or GatewayMessage.Time or GatewayMessage.Ask
                when _hasSession && _greeting?.Content is { } hello:
                Reply(frame, message, hello, now);
                break;
        }
    }

    private void OnWelcome(byte txn, GatewayMessage.Welcome welcome, long now)
    {
        if (_greeting is not { Content: { } hello } greeting || txn != greeting.Txn || !welcome.PeerNonce.AsSpan().SequenceEqual(hello.Nonce))
        {
            return; // late: it answers an older one
        }

        if (!_hasSession)
        {
            int maxBody = Math.Min(hello.MaxBody, welcome.MaxBody);
            if (maxBody < Connection.LargestBody)
            {
                Differ(string.Create(
                    CultureInfo.InvariantCulture, $"HELLO: expected WELCOME with a max body of at least {Connection.LargestBody}, as the recorded frames have it, found {maxBody}"));
                return;
            }

            (_hasSession, _saysBusy, _wasBusy, _maxBody) = (true, false, false, maxBody);
            (_recoverTo, _coveredTo) = (hello.Acked, welcome.Durable);
        }

        Found(greeting.Subject, TlkAnswer.Welcome, string.Empty, now);
    }

    private void OnResult(TlkSubject subject, RecordResult result, long now)
    {
        _underWay.RemoveAll(record => record.Content.Subject == subject);
        if (_script.Shelf.Find(subject.Epoch, subject.Seq) is not null)
        {
            _results[subject] = result;
        }

        Found(
            subject, TlkAnswer.Of(result),
            result.Outcome == Outcome.Held ? string.Create(CultureInfo.InvariantCulture, $" (reason {result.HoldReason}{Words(result.Text)})") : string.Empty, now);
    }

    private void OnNak(byte txn, GatewayMessage.Nak nak, long now)
    {
        var refused = TlkAnswer.Refused(nak.Reason);
        if (nak.Reason == NakReason.NoSession)
        {
            // Unasked when the line opens, and whenever there is no session, which is known then.
            if (_hasSession)
            {
                Unasked(refused, nak.Text);
                ForgetSession();
            }
        }
        else if (txn != 0)
        {
            if (!_hasSession && _greeting is { } greeting && greeting.Txn == txn)
            {
                Found(greeting.Subject, refused, Words(nak.Text), now);
            }
        }
        else if (nak is { Reason: NakReason.Conflict or NakReason.Malformed, Epoch: ulong epoch, Seq: ulong seq })
        {
            var subject = TlkSubject.OfRecord(epoch, seq);
            _underWay.RemoveAll(record => record.Content.Subject == subject);
            Found(subject, refused, Words(nak.Text), now);
        }
        else if (nak is { Reason: NakReason.Gap, Expected: ulong expected } && _wasBusy)
        {
            _out.AddRange(_underWay.Where(record => record.Content.Seq >= expected).Select(record => record.Wire));
        }
        else
        {
            Unasked(refused, nak.Text);
        }
    }

    /// <summary>Something has its answer: the next of those that were recorded, or one of those that came.</summary>
    private void Found(TlkSubject subject, TlkAnswer answer, string words, long now)
    {
        if (Connection.Answers.GetValueOrDefault(subject) is not { } recorded)
        {
            if (answer.Verdict == TlkVerdict.Refused && !_script.Refusals.Contains(answer.Refusal))
            {
                Differ($"{subject}: expected no refusal, found {answer}{words}");
            }

            return;
        }

        int come = _come.GetValueOrDefault(subject);
        int at = recorded.IndexOf(answer);
        if (at == come)
        {
            _come[subject] = come + 1;
            (_heardAt, _saysBusy, _pause) = (now, false, Timing.FirstResend);
        }
        else if (at < 0 || at > come)
        {
            TlkAnswer expected = recorded[Math.Min(come, recorded.Count - 1)];
            TlkCue.Hear? cue = Connection.Cues.OfType<TlkCue.Hear>().FirstOrDefault(hear => hear.Subject == subject && hear.Answer == expected);
            Differ($"{subject}: expected {expected}, found {answer}{words}", cue?.Step);
        }
    }

    /// <summary>A refusal that is about nothing in particular, and comes at other moments each time: it has to be in the recording somewhere.</summary>
    private void Unasked(TlkAnswer refused, string? text)
    {
        if (!_script.Refusals.Contains(refused.Refusal))
        {
            Differ($"{Expected()}, found {refused}{Words(text)}");
        }
    }

    /// <summary>What is waited for.</summary>
    private string Expected() => !IsThrough && Connection.Cues[_at] is TlkCue.Hear hear ? $"{hear.Subject}: expected {hear.Answer}" : "expected no refusal";

    private static string Words(string? text) => text is null ? string.Empty : ": " + text;

    /// <summary>A HELLO and a lost line forget what was under way.</summary>
    private void ForgetSession()
    {
        (_hasSession, _saysBusy, _wasBusy, _holdUntil) = (false, false, false, 0);
        (_recoverTo, _coveredTo, _unanswered) = (0, 0, null);
        _underWay.Clear();
        _lastReplies.Clear();
    }
}
