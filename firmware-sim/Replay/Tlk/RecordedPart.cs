using FirmwareSim.Bytes;
using FirmwareSim.Messages;

namespace FirmwareSim.Replay.Tlk;

/// <summary>One REC frame: a record, or a fragment of one, TLK/1 §3.3.</summary>
/// <param name="Epoch">The journal.</param>
/// <param name="Seq">The record's sequence.</param>
/// <param name="Fragment">0 for the first or only one.</param>
/// <param name="HasMore">Whether others follow.</param>
/// <param name="RecordLength">Bytes of the whole record; null but in the first of several.</param>
/// <param name="Bytes">Its part of the record.</param>
/// <param name="Recovered">The result that the register held; null if the record does not go out because of GET.</param>
internal sealed record RecordedPart(ulong Epoch, ulong Seq, ushort Fragment, bool HasMore, uint? RecordLength, byte[] Bytes, byte[]? Recovered)
{
    /// <summary>Reads a frame.</summary>
    /// <returns>Null if it is none: it is said all the same, and refused.</returns>
    public static RecordedPart? Read(Frame frame)
    {
        try
        {
            TlvReader tlvs = new(frame.Payload, [Tag.Epoch, Tag.Seq, Tag.Fragment, Tag.RecordLength, Tag.Record, Tag.Recovered]);
            return new(
                tlvs.U64(Tag.Epoch), tlvs.U64(Tag.Seq), tlvs.Has(Tag.Fragment) ? tlvs.U16(Tag.Fragment) : (ushort)0,
                frame.Flags.HasFlag(FrameFlags.More), tlvs.Has(Tag.RecordLength) ? tlvs.U32(Tag.RecordLength) : null,
                tlvs.Bytes(Tag.Record), tlvs.Has(Tag.Recovered) ? tlvs.Bytes(Tag.Recovered) : null);
        }
        catch (MalformedException)
        {
            return null;
        }
    }
}
