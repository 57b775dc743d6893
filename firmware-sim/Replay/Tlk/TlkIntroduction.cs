using FirmwareSim.Bytes;
using FirmwareSim.Messages;
using FirmwareSim.Records;

namespace FirmwareSim.Replay.Tlk;

/// <summary>The HELLO that a recording lacks which began in the middle of a session.</summary>
/// <remarks>
/// Another gateway has no such session, so the register introduces itself: what came before the recording it has acknowledged, and does not hold
/// any more. The gateway then asks for it by GET and enters a gap, and what was recorded follows.
/// </remarks>
internal static class TlkIntroduction
{
    /// <summary>Who it is if nobody knows.</summary>
    public const string DefaultSerial = "REPLAYED";

    private const byte Txn = byte.MaxValue;

    /// <summary>No HELLO of a recording has this number.</summary>
    private const int Number = -1;

    /// <summary>The first connection, with a HELLO in front if it needs one.</summary>
    public static TlkConnection Of(IReadOnlyList<TlkConnection> connections, string? serial)
    {
        TlkConnection first = connections[0];
        TlkCue[] before = [.. first.Cues.TakeWhile(cue => cue is not TlkCue.Hello)];
        if (!before.OfType<TlkCue.Hear>().Any())
        {
            return first; // Nothing in it was answered, so there was no session.
        }

        RecordedRecord[] records = [.. before.OfType<TlkCue.Record>().Select(cue => cue.Content)];
        ulong acked = Array.Find(records, record => record.Recovered is null) is { } live ? live.Seq - 1 : records.Max(record => record.Seq);
        RecordedHello? later = connections.SelectMany(connection => connection.Cues).OfType<TlkCue.Hello>()
            .Select(cue => cue.Content).FirstOrDefault(hello => hello?.Epoch == records[0].Epoch);
        if (later?.Acked < acked)
        {
            // What lies between was under way when the recording began, and comes after that HELLO: so does the rest.
            return first with { Cues = [.. first.Cues.Skip(before.Length)] };
        }

        // A record that came first before the recording began has had its number there: here it stays before the beginning.
        bool IsOld(TlkSubject subject) => Array.TrueForAll(records, record => record.Subject != subject || (record.Recovered is null && record.Seq <= acked));
        IEnumerable<TlkCue> rest = before.Where(cue => cue switch
        {
            TlkCue.Record record => !IsOld(record.Content.Subject),
            TlkCue.Hear hear => !IsOld(hear.Subject),
            _ => true,
        });
        TlkCue.Hello hello = Hello(records[0].Epoch, acked, serial ?? later?.Serial ?? DefaultSerial, connections, before[0].Milliseconds);
        TlkCue.Hear welcome = new(hello.Step, hello.Milliseconds, hello.Subject, TlkAnswer.Welcome);
        return first with
        {
            Cues = [hello, welcome, .. rest, .. first.Cues.Skip(before.Length)],
            Answers = new Dictionary<TlkSubject, List<TlkAnswer>>(first.Answers) { [hello.Subject] = [welcome.Answer] },
        };
    }

    private static TlkCue.Hello Hello(ulong epoch, ulong acked, string serial, IReadOnlyList<TlkConnection> connections, long milliseconds)
    {
        ulong newest = new TlkShelf(TlkScriptReader.Records(connections)).Range(epoch)!.Value.Last;
        RecordedHello content = new(serial, epoch, acked, Limits.MostMaxBody, RecordHash.Of(epoch, acked, [])[..Limits.NonceLength]);
        byte[] payload = RegisterMessages.Hello(new(
            serial, epoch, Boot: 1, Math.Min(acked + 1, newest), newest, acked, DateTimeOffset.UnixEpoch, content.MaxBody, content.Nonce));
        return new(Step: 1, milliseconds, Frame.Encode(FrameType.Hello, FrameFlags.None, Txn, payload), Number, Txn, content);
    }
}
