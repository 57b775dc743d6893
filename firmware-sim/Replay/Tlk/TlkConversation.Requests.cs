using System.Globalization;
using FirmwareSim.Bytes;
using FirmwareSim.Messages;

namespace FirmwareSim.Replay.Tlk;

// What the gateway asks: TLK/1 §3.7 to §3.11 and §9.
internal sealed partial class TlkConversation
{
    /// <summary>The last request of each type and its reply: the same bytes again get the same bytes back.</summary>
    private readonly Dictionary<FrameType, (Frame Request, byte[][] Reply)> _lastReplies = [];

    /// <summary>How many of the recorded replies to each type of request were given on this connection.</summary>
    private readonly Dictionary<FrameType, int> _repliesGiven = [];

    /// <summary>Records that were said, on any connection.</summary>
    private readonly HashSet<TlkSubject> _said = [];

    private int _maxBody;

    /// <summary>Up to here a gateway must have everything before new records go: what the HELLO said is acknowledged.</summary>
    private ulong _recoverTo;

    /// <summary>Up to here it has everything, or has been told what there is.</summary>
    private ulong _coveredTo;

    /// <summary>A GET that has no answer.</summary>
    private string? _unanswered;

    private void Reply(Frame request, GatewayMessage message, RecordedHello hello, long now)
    {
        if (_lastReplies.TryGetValue(request.Type, out (Frame Request, byte[][] Reply) last)
            && last.Request.Txn == request.Txn && last.Request.Payload.AsSpan().SequenceEqual(request.Payload))
        {
            _out.AddRange(last.Reply);
            return;
        }

        byte[][] reply = message switch
        {
            GatewayMessage.Ping ping => [Frame.Encode(FrameType.Pong, FrameFlags.None, request.Txn, RegisterMessages.Counter(ping.Counter))],
            _ when NextRecorded(request, message) is byte[] recorded => [recorded],
            GatewayMessage.Get get when get.Epoch == hello.Epoch => [.. Have(request.Txn, get, now)],
            _ => [],
        };
        if (reply.Length > 0)
        {
            _lastReplies[request.Type] = (request, reply);
            _out.AddRange(reply);
        }
    }

    /// <summary>The next reply that the recording has for this type of request, with the number that came; null if it has no more.</summary>
    private byte[]? NextRecorded(Frame request, GatewayMessage message)
    {
        int given = _repliesGiven.GetValueOrDefault(request.Type);
        if (Connection.Replies.GetValueOrDefault(request.Type) is not { } replies || given == replies.Count)
        {
            return null;
        }

        _repliesGiven[request.Type] = given + 1;
        Frame reply = replies[given];
        byte[] payload = reply.Type == FrameType.Leased && message is GatewayMessage.Lease lease ? Leased(reply.Payload, lease.Content.Id) : reply.Payload;
        return Frame.Encode(reply.Type, reply.Flags, request.Txn, payload);
    }

    /// <summary>The recorded answer to another gateway's lease.</summary>
    private static byte[] Leased(byte[] recorded, ulong lease)
    {
        TlvReader tlvs = new(recorded, [Tag.Lease, Tag.Present, Tag.Newest]);
        return tlvs.U8(Tag.Present) == 0 ? RegisterMessages.LeaseRefused(lease) : RegisterMessages.LeaseTaken(lease, tlvs.U64(Tag.Newest));
    }

    /// <summary>
    /// HAVE speaks of the longest run for which one answer holds. What was said before goes out again at once; what the recording says
    /// because of GET later on this connection goes out then; what it does not have is not present. What it has, but only says by itself or
    /// on another connection, has no answer: the register did not answer either.
    /// </summary>
    private IEnumerable<byte[]> Have(byte txn, GatewayMessage.Get get, long now)
    {
        if (_script.Shelf.Next(get.Epoch, get.From) is not ulong held || held > get.To)
        {
            return Missing(txn, get, get.To, now);
        }

        if (held > get.From)
        {
            return Missing(txn, get, held - 1, now);
        }

        HashSet<ulong> ahead = [.. Connection.Cues.Skip(_at).OfType<TlkCue.Record>()
            .Where(cue => cue.Content.Recovered is not null && cue.Content.Epoch == get.Epoch).Select(cue => cue.Content.Seq)];
        List<byte[]> reply = [];
        ulong next = get.From;
        for (; next <= get.To && _script.Shelf.Find(get.Epoch, next) is { } record && (ahead.Contains(next) || _said.Contains(record.Subject)); next++)
        {
            if (!ahead.Contains(next))
            {
                byte[] recovered = record.Recovered ?? _results.GetValueOrDefault(record.Subject)?.ToGroup() ?? [];
                reply.Add([.. RecordFrames.Of(record.Epoch, record.Seq, record.Bytes, recovered, _maxBody).SelectMany(frame => frame)]);
            }
        }

        if (next == get.From)
        {
            _unanswered = string.Create(CultureInfo.InvariantCulture, $"GET {get.From}..{get.To}, of which the recording has its part elsewhere,");
            return [];
        }

        Cover(next - 1, now);
        return reply.Prepend(HaveFrame(txn, get, next - 1, present: true));
    }

    private IEnumerable<byte[]> Missing(byte txn, GatewayMessage.Get get, ulong to, long now)
    {
        Cover(to, now);
        return [HaveFrame(txn, get, to, present: false)];
    }

    private void Cover(ulong to, long now)
    {
        _unanswered = null;
        if (to > _coveredTo)
        {
            (_coveredTo, _heardAt) = (to, now);
        }
    }

    private static byte[] HaveFrame(byte txn, GatewayMessage.Get get, ulong to, bool present) =>
        Frame.Encode(FrameType.Have, FrameFlags.None, txn, RegisterMessages.Have(get.Epoch, get.From, to, present));

    /// <summary>
    /// A record that was asked for goes once it is, unless the gateway has it anyway; a new one once the gateway has asked for all that it
    /// lacks, as a register does in RECOVERING.
    /// </summary>
    /// <returns>What is missing and what is there instead; null if the record can go.</returns>
    private string? MissingGet(RecordedRecord record)
    {
        ulong needed = record.Recovered is null ? _recoverTo : record.Seq;
        return !_hasSession || needed <= _coveredTo ? null
            : string.Create(CultureInfo.InvariantCulture, $"GET {_coveredTo + 1}..{Math.Max(needed, _recoverTo)}, found {_unanswered ?? "nothing"}");
    }
}
