using FirmwareSim.Bytes;

namespace FirmwareSim.Messages;

/// <summary>Puts a record into REC frames, TLK/1 §3.3: one if it fits, else fragments that each fill a body.</summary>
internal static class RecordFrames
{
    /// <summary>epoch and seq: two TLVs of 2 + 8 bytes.</summary>
    private const int Envelope = 20;

    private const int FragmentTlv = 4;
    private const int RecordLengthTlv = 6;

    /// <summary>The frames in the order in which they must follow each other.</summary>
    /// <param name="epoch">The journal's epoch.</param>
    /// <param name="seq">The record's sequence.</param>
    /// <param name="record">Its bytes, always the same ones.</param>
    /// <param name="recovered">The result that is held, for a record asked for by GET (may be empty); else null.</param>
    /// <param name="maxBody">What HELLO and WELCOME agreed.</param>
    /// <param name="sealKey">Key of a sealed session; null in one that is not.</param>
    public static List<byte[]> Of(ulong epoch, ulong seq, ReadOnlySpan<byte> record, byte[]? recovered, int maxBody, byte[]? sealKey = null)
    {
        int room = maxBody - Frame.Overhead - (sealKey is null ? 0 : FrameSeal.TagLength);
        int tail = recovered is null ? 0 : Tlv(recovered.Length);
        if (Envelope + Tlv(record.Length) + tail <= room)
        {
            TlvWriter whole = Start(epoch, seq).Bytes(Tag.Record, record);
            AddRecovered(whole, recovered);
            return [FrameSeal.Encode(FrameType.Rec, FrameFlags.None, 0, whole.ToArray(), sealKey)];
        }

        List<byte[]> frames = [];
        int at = 0;
        for (ushort fragment = 0; ; fragment++)
        {
            int head = Envelope + FragmentTlv + (fragment == 0 ? RecordLengthTlv : 0);
            int rest = record.Length - at;
            bool last = fragment > 0 && head + Tlv(rest) + tail <= room;
            // A frame that is not the last leaves at least one byte over: the last one must carry some of the record.
            int part = last ? rest : Math.Min(LargestValue(room - head), rest - 1);
            TlvWriter writer = Start(epoch, seq).U16(Tag.Fragment, fragment);
            if (fragment == 0)
            {
                writer.U32(Tag.RecordLength, (uint)record.Length);
            }

            writer.Bytes(Tag.Record, record.Slice(at, part));
            if (last)
            {
                AddRecovered(writer, recovered);
            }

            frames.Add(FrameSeal.Encode(FrameType.Rec, last ? FrameFlags.None : FrameFlags.More, 0, writer.ToArray(), sealKey));
            at += part;
            if (last)
            {
                return frames;
            }
        }
    }

    private static TlvWriter Start(ulong epoch, ulong seq) => new TlvWriter().U64(Tag.Epoch, epoch).U64(Tag.Seq, seq);

    private static void AddRecovered(TlvWriter writer, byte[]? recovered)
    {
        if (recovered is not null)
        {
            writer.Bytes(Tag.Recovered, recovered);
        }
    }

    private static int Tlv(int length) => 1 + TlvWriter.LengthOfLength(length) + length;

    /// <summary>Longest value whose whole TLV fits into <paramref name="room"/>.</summary>
    private static int LargestValue(int room)
    {
        int value = room - 2;
        while (Tlv(value) > room)
        {
            value--;
        }

        return value;
    }
}
