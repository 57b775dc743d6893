using Invoicing.Registers.Tlk.Framing;

namespace Invoicing.Registers.Tlk.Messages;

/// <summary>REC: a record, or a fragment of one. TLK/1 §3.3.</summary>
/// <param name="Epoch">Life of the register's journal.</param>
/// <param name="Seq">Sequence, from 1.</param>
/// <param name="Fragment">Index of this part, 0 first.</param>
/// <param name="More">Whether parts follow.</param>
/// <param name="RecordLength">Length of the whole record, in the first of several parts.</param>
/// <param name="Part">The record's bytes, or this part of them.</param>
/// <param name="Recovered">The result that the register holds, as bytes, where it sends because of GET.</param>
internal sealed record RecMessage(
    ulong Epoch, ulong Seq, int Fragment, bool More, int? RecordLength, ReadOnlyMemory<byte> Part, ReadOnlyMemory<byte>? Recovered)
{
    /// <summary>Longest record, so that an entry made of it stays under 32 KiB.</summary>
    internal const int MaxRecordLength = 24_576;

    /// <summary>Most fragments of a record: a longest record in smallest bodies needs 53.</summary>
    internal const int MaxFragments = 128;

    private static ReadOnlySpan<byte> Known => [Tag.Epoch, Tag.Seq, Tag.Fragment, Tag.RecordLength, Tag.Record, Tag.Recovered];

    /// <summary>Reads the envelope. Key fields that could be read are given even if others are at fault.</summary>
    internal static RecMessage? Read(TlkFrame frame, out ulong epoch, out ulong seq, out string? fault)
    {
        TlvFault faults = new();
        TlvGroup fields = new(frame.Payload, "REC", Known, [], faults);
        bool more = (frame.Flags & TlkFlags.More) != TlkFlags.None;
        epoch = fields.U64(Tag.Epoch, least: 1);
        seq = fields.U64(Tag.Seq, least: 1);
        int fragment = fields.Has(Tag.Fragment) ? fields.U16(Tag.Fragment, 0, MaxFragments - 1) : 0;
        int? length = null;
        if (fields.Has(Tag.RecordLength))
        {
            length = (int)fields.U32(Tag.RecordLength, 1, MaxRecordLength);
        }

        if (length is null != !(more && fragment == 0))
        {
            fields.Note(Tag.RecordLength, "it in the first of several fragments, and there only", length is null ? "nothing" : "it");
        }

        ReadOnlyMemory<byte> part = fields.Bytes(Tag.Record, 1, MaxRecordLength);
        ReadOnlyMemory<byte>? recovered = null;
        if (fields.Has(Tag.Recovered))
        {
            recovered = fields.Bytes(Tag.Recovered, 0, TlkFrame.LargestMaxBody);
            if (more)
            {
                fields.Note(Tag.Recovered, "it in the last fragment only", "it before");
            }
        }

        fault = faults.First;
        return fault is null ? new(epoch, seq, fragment, more, length, part, recovered) : null;
    }
}
