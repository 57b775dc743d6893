using System.Collections.Immutable;
using System.Text;
using Invoicing.Registers.Datecs.Pull;
using Invoicing.Registers.Datecs.Push;
using Invoicing.Sales;

namespace Invoicing.Registers.Datecs;

/// <summary>A record of a Datecs register that a gateway kept because it could not become an invoice, read again.</summary>
/// <remarks>
/// What is kept are the register's own words: packets that were pushed, lines of a legacy journal (<c>P,…</c>), replies of an X journal
/// (<c>0⇥…</c>). The three cannot be taken for each other, and a register that pushes has them all where its journal filled a gap.
/// </remarks>
public static class DatecsKeptRecord
{
    /// <summary>What a reply may add: a kept record that is longer than the limit less that may lack its end.</summary>
    private const int LongestReply = 1024;

    /// <summary>Reads a kept record.</summary>
    /// <param name="key">Register, epoch, sequence.</param>
    /// <param name="kept">The bytes as they were kept.</param>
    /// <param name="options">The register's settings now, without a fault: its layout, tax letters and code page may have been put right.</param>
    /// <returns>The record; <see langword="null"/> if the bytes are no record of such a register, or may be cut off.</returns>
    public static RegisterRecord? Read(SaleKey key, ReadOnlyMemory<byte> kept, DatecsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        // The layout is made ready only for bytes that have the shape of a document: that takes a while.
        return kept.Length is 0 or > DatecsReading.MaxBytes - LongestReply
            ? null
            : ReadPushed(key, kept.Span, options) ?? ReadLegacy(key, kept, options) ?? ReadX(key, kept, options);
    }

    private static RegisterRecord? ReadPushed(SaleKey key, ReadOnlySpan<byte> kept, DatecsOptions options)
    {
        PushDecoder decoder = new();
        PushAssembler assembler = new(options.Variant == DatecsVariant.PushWp500 ? '\t' : ';', options.Encoding(), options.MinorDigits);
        PushState state = new();
        List<PushReceipt> ended = [];
        int read = 0;
        while (decoder.TryRead(ref kept, out PushPacket? packet))
        {
            (state, ImmutableArray<PushEffect> effects) = assembler.Step(state, packet!);
            ended.AddRange(effects.OfType<PushEffect.Ended>().Select(effect => effect.Receipt));
            read++;
        }

        // One receipt, of all the packets, of this register: anything else is not what was kept.
        return decoder.Fault is null && ended is [{ } receipt] && receipt.Packets.Count == read && receipt.Register == key.Register.Value && receipt.Number == key.Sequence
            ? receipt.ToRecord(key)
            : null;
    }

    private static RegisterRecord? ReadLegacy(SaleKey key, ReadOnlyMemory<byte> kept, DatecsOptions options)
    {
        List<string> lines = [.. Replies(kept, options.Encoding())];
        return lines.Count <= DatecsReading.MaxLines && lines.TrueForAll(line => line.StartsWith('P'))
            ? new TextDocument(key.Sequence, [.. lines.Select(line => line.Length > 2 ? line[2..] : string.Empty)], kept.ToArray()).Read(new(options)).ToRecord(key)
            : null;
    }

    private static RegisterRecord? ReadX(SaleKey key, ReadOnlyMemory<byte> kept, DatecsOptions options)
    {
        string[][] replies = [.. Replies(kept, options.Encoding()).Select(text => (text.EndsWith('\t') ? text[..^1] : text).Split('\t'))];
        if (replies.Length > DatecsReading.MaxLines || Array.Exists(replies, reply => reply[0] != "0") || replies[0] is not { Length: >= 5 } heading
            || !DatecsAmount.TryOrdinal(heading[1], out ulong number) || number != key.Sequence)
        {
            return null;
        }

        string[][] behind = [.. replies.Skip(1).Select(reply => reply[1..])];
        bool hasRows = XDocument.KindOf(heading[4]) is JournalKind.Sale or JournalKind.Reversal;
        int text = hasRows ? behind.TakeWhile(fields => !IsRow(fields)).Count() : behind.Length;
        return Array.TrueForAll(behind[text..], IsRow)
            ? new XDocument(
                key.Sequence, heading[4], heading[3], [.. behind.Skip(text).Select(XRow.Read)], [.. behind.Take(text).Select(fields => string.Join('\t', fields))],
                kept.ToArray()).Read(new(options)).ToRecord(key)
            : null;
    }

    private static bool IsRow(string[] fields) => XRow.Read(fields).Count == XRow.Columns;

    /// <summary>The data of each reply, which a line feed ends.</summary>
    private static IEnumerable<string> Replies(ReadOnlyMemory<byte> kept, Encoding encoding)
    {
        while (!kept.IsEmpty)
        {
            int end = kept.Span.IndexOf((byte)'\n');
            yield return encoding.GetString((end < 0 ? kept : kept[..end]).Span);
            kept = end < 0 ? default : kept[(end + 1)..];
        }
    }
}
