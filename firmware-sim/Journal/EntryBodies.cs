using System.Buffers.Binary;
using System.Text;
using FirmwareSim.Records;

namespace FirmwareSim.Journal;

/// <summary>Bodies of the entries; numbers little-endian.</summary>
internal static class EntryBodies
{
    /// <summary>seq, closed (ms, offset minutes), total, kind: what stands in front of a record's bytes.</summary>
    public const int RecordHead = 27;

    private const int HeadLength = 56;
    private const int LeaseLength = 67;

    // head: epoch u64 | next sequence when everything was dropped u64 | counts of what was dropped: 5 x i64
    public static byte[] Head(ulong epoch, ulong next, JournalCounts dropped)
    {
        byte[] body = new byte[HeadLength];
        BinaryPrimitives.WriteUInt64LittleEndian(body, epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(body.AsSpan(8), next);
        long[] counts = [dropped.Sales, dropped.Records, dropped.Issued, dropped.Held, dropped.Recorded];
        for (int i = 0; i < counts.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(16 + (8 * i)), counts[i]);
        }

        return body;
    }

    public static (ulong Epoch, ulong Next, JournalCounts Dropped) ReadHead(ReadOnlySpan<byte> body) =>
    (
        BinaryPrimitives.ReadUInt64LittleEndian(body),
        BinaryPrimitives.ReadUInt64LittleEndian(body[8..]),
        new JournalCounts(Count(body, 0), Count(body, 1), Count(body, 2), Count(body, 3), Count(body, 4)));

    public static byte[] Boot(uint boot)
    {
        byte[] body = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(body, boot);
        return body;
    }

    public static byte[] Record(ulong seq, DateTimeOffset closed, long total, RecordKind kind, ReadOnlySpan<byte> record)
    {
        byte[] body = new byte[RecordHead + record.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(body, seq);
        BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(8), closed.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt16LittleEndian(body.AsSpan(16), (short)closed.Offset.TotalMinutes);
        BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(18), total);
        body[26] = (byte)kind;
        record.CopyTo(body.AsSpan(RecordHead));
        return body;
    }

    public static JournalRecord ReadRecord(ulong epoch, Entry entry)
    {
        ReadOnlySpan<byte> body = entry.Body.Span;
        ulong seq = Seq(body);
        DateTimeOffset closed = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(body[8..]))
            .ToOffset(TimeSpan.FromMinutes(BinaryPrimitives.ReadInt16LittleEndian(body[16..])));
        ReadOnlySpan<byte> record = body[RecordHead..];
        return new JournalRecord(
            seq,
            RecordHash.Of(epoch, seq, record),
            (RecordKind)body[26],
            closed,
            BinaryPrimitives.ReadInt64LittleEndian(body[18..]),
            entry.Offset + RecordHead,
            record.Length);
    }

    /// <summary>What a sale's receipt bears from a lease; null if it bears nothing.</summary>
    public static LeasedCode? ReadLeased(Entry entry) =>
        (RecordKind)entry.Body.Span[26] == RecordKind.Sale ? RecordBytes.ReadLeased(entry.Body.Span[RecordHead..].ToArray()) : null;

    public static byte[] Result(ulong seq, RecordResult result)
    {
        byte[] group = result.ToGroup();
        byte[] body = new byte[sizeof(ulong) + group.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(body, seq);
        group.CopyTo(body, sizeof(ulong));
        return body;
    }

    public static (ulong Seq, RecordResult Result) ReadResult(ReadOnlySpan<byte> body) =>
        (Seq(body), RecordResult.Read(body[sizeof(ulong)..].ToArray()));

    // lease: id u64 | until ms i64, offset minutes i16 | first and last code u64 | first and last number u32 | used u32 | year u8 | kind u8 | block 5 | series 6 | newest u64
    public static byte[] Lease(Lease lease)
    {
        byte[] body = new byte[LeaseLength];
        BinaryPrimitives.WriteUInt64LittleEndian(body, lease.Id);
        BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(8), lease.Until.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt16LittleEndian(body.AsSpan(16), (short)lease.Until.Offset.TotalMinutes);
        BinaryPrimitives.WriteUInt64LittleEndian(body.AsSpan(18), lease.FirstCode);
        BinaryPrimitives.WriteUInt64LittleEndian(body.AsSpan(26), lease.LastCode);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(34), lease.FirstNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(38), lease.LastNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(42), lease.Used);
        body[46] = lease.Year;
        body[47] = lease.Kind;
        Encoding.ASCII.GetBytes(lease.Block, body.AsSpan(48));
        Encoding.ASCII.GetBytes(lease.Series, body.AsSpan(53));
        BinaryPrimitives.WriteUInt64LittleEndian(body.AsSpan(59), lease.Newest);
        return body;
    }

    public static Lease ReadLease(ReadOnlySpan<byte> body) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(body),
        body[47],
        Encoding.ASCII.GetString(body.Slice(48, 5)),
        body[46],
        BinaryPrimitives.ReadUInt64LittleEndian(body[18..]),
        BinaryPrimitives.ReadUInt64LittleEndian(body[26..]),
        Encoding.ASCII.GetString(body.Slice(53, 6)),
        BinaryPrimitives.ReadUInt32LittleEndian(body[34..]),
        BinaryPrimitives.ReadUInt32LittleEndian(body[38..]),
        DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(body[8..]))
            .ToOffset(TimeSpan.FromMinutes(BinaryPrimitives.ReadInt16LittleEndian(body[16..]))))
    {
        Used = BinaryPrimitives.ReadUInt32LittleEndian(body[42..]),
        Newest = BinaryPrimitives.ReadUInt64LittleEndian(body[59..]),
    };

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static ulong Seq(ReadOnlySpan<byte> body) => BinaryPrimitives.ReadUInt64LittleEndian(body);

    private static long Count(ReadOnlySpan<byte> body, int index) =>
        BinaryPrimitives.ReadInt64LittleEndian(body[(16 + (8 * index))..]);
}
