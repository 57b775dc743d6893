using System.Buffers.Binary;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Registers.Tlk.Records;

namespace Invoicing.Registers.Tlk;

/// <summary>Masks buyers, cashiers and remarks in recordings of TLK/1; frames keep their lengths and get new checksums.</summary>
/// <remarks>
/// Works on whole frames, and on whole records where they come in fragments. Record hashes change with the bytes, in the same way for a
/// record that comes again. Runs that are no frames pass as they are, for they are what a recording is made for. Sealed frames
/// (TLK/1 §3.13) would not verify any more, so their payload is left as it is and the header's mask says nothing of them: they are
/// for nobody who lacks the key, and are shown only to who has the recording's line.
/// </remarks>
/// <param name="key">See <see cref="RecordingMask"/>.</param>
public sealed class TlkRecordingMask(ReadOnlyMemory<byte> key) : RecordingMask(key)
{
    /// <summary>Longest run that is held while its end is awaited: a largest coded body and some.</summary>
    private const int MaxRun = TlkFrame.LargestMaxBody + 64;

    private readonly List<byte> _run = new(1024);
    private readonly List<(byte[] Body, Range Part)> _fragments = [];
    private int _fragmentBytes;

    /// <inheritdoc/>
    public override string Name => "tlk";

    /// <inheritdoc/>
    public override byte[] Take(ReadOnlySpan<byte> bytes)
    {
        var output = new List<byte>(bytes.Length);
        foreach (byte b in bytes)
        {
            if (b != 0)
            {
                _run.Add(b);
                if (_run.Count > MaxRun)
                {
                    Pass(output);
                }

                continue;
            }

            if (_run.Count > 0)
            {
                Mask(output);
            }

            output.Add(0);
        }

        return [.. output];
    }

    /// <inheritdoc/>
    public override byte[] Finish()
    {
        var output = new List<byte>();
        if (_run.Count > 0)
        {
            Mask(output); // a line that is cut may cut off the closing 00 and nothing else
        }

        GiveFragments(output);
        return [.. output];
    }

    private void Pass(List<byte> output)
    {
        output.AddRange(_run);
        _run.Clear();
    }

    /// <summary>A run between two 00: masked if it is a REC, passed if it is anything else.</summary>
    private void Mask(List<byte> output)
    {
        byte[] coded = [.. _run];
        byte[] body = new byte[coded.Length];
        int length = Cobs.Decode(coded, body);
        bool isFrame = length >= TlkFrame.Overhead
            && BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(length - TlkFrame.CrcLength)) == Crc32C.Of(body.AsSpan(0, length - TlkFrame.CrcLength));
        Array.Resize(ref body, Math.Max(length, 0));
        if (!isFrame || body[1] != (byte)TlkType.Rec || (body[2] & (byte)TlkFlags.Sealed) != 0 || PartOf(body) is not { } part)
        {
            Pass(output);
            return;
        }

        _run.Clear();
        if (_fragments.Count > 0 && FragmentOf(body) != _fragments.Count)
        {
            // No record comes of what is held: its sender began anew, or a fragment was damaged or came twice.
            GiveFragments(output);
            output.Add(0);
        }

        bool more = (body[2] & (byte)TlkFlags.More) != 0;
        _fragments.Add((body, part));
        _fragmentBytes += part.End.Value - part.Start.Value;
        if (!more || _fragments.Count >= RecMessage.MaxFragments || _fragmentBytes > RecMessage.MaxRecordLength)
        {
            GiveFragments(output);
        }
    }

    /// <summary>Masks the record that the held fragments make, and writes them again.</summary>
    private void GiveFragments(List<byte> output)
    {
        byte[] record = [.. _fragments.SelectMany(f => f.Body[f.Part])];
        MaskFields(record, 0, record.Length);
        int at = 0;
        for (int i = 0; i < _fragments.Count; i++)
        {
            (byte[] body, Range part) = _fragments[i];
            (int start, int count) = part.GetOffsetAndLength(body.Length);
            record.AsSpan(at, count).CopyTo(body.AsSpan(start));
            at += count;
            BinaryPrimitives.WriteUInt32LittleEndian(
                body.AsSpan(body.Length - TlkFrame.CrcLength), Crc32C.Of(body.AsSpan(0, body.Length - TlkFrame.CrcLength)));
            byte[] coded = new byte[Cobs.MaxEncodedLength(body.Length)];
            output.AddRange(coded.AsSpan(0, Cobs.Encode(body, coded)));
            if (i < _fragments.Count - 1)
            {
                output.Add(0); // the delimiters between fragments were held back with them
            }
        }

        _fragments.Clear();
        _fragmentBytes = 0;
    }

    /// <summary>Where in a REC's body the record's bytes stand; <see langword="null"/> if nowhere.</summary>
    private static Range? PartOf(ReadOnlySpan<byte> body)
    {
        int at = TlkFrame.HeadLength;
        int end = body.Length - TlkFrame.CrcLength;
        while (TryField(body, end, ref at, out byte tag, out int start, out int length))
        {
            if (tag == Tag.Record)
            {
                return start..(start + length);
            }
        }

        return null;
    }

    /// <summary>Which fragment of its record a REC's body holds; 0 if it does not say.</summary>
    private static int FragmentOf(ReadOnlySpan<byte> body)
    {
        int at = TlkFrame.HeadLength;
        int end = body.Length - TlkFrame.CrcLength;
        while (TryField(body, end, ref at, out byte tag, out int start, out int length))
        {
            if (tag == Tag.Fragment && length == sizeof(ushort))
            {
                return BinaryPrimitives.ReadUInt16LittleEndian(body[start..]);
            }
        }

        return 0;
    }

    private void MaskFields(byte[] record, int from, int to)
    {
        int at = from;
        while (TryField(record, to, ref at, out byte tag, out int start, out int length))
        {
            switch (tag)
            {
                case RecordTag.Cashier or RecordTag.Remark:
                    Replace(record.AsSpan(start, length));
                    break;
                case RecordTag.Buyer:
                    int inner = start;
                    while (TryField(record, start + length, ref inner, out _, out int value, out int count))
                    {
                        Replace(record.AsSpan(value, count));
                    }

                    break;
            }
        }
    }

    /// <summary>Steps over one TLV; what is malformed ends the walk.</summary>
    private static bool TryField(ReadOnlySpan<byte> bytes, int end, ref int at, out byte tag, out int start, out int length)
    {
        (tag, start, length) = (0, 0, 0);
        if (at >= end)
        {
            return false;
        }

        tag = bytes[at++];
        for (int shift = 0; shift < 21; shift += 7)
        {
            if (at >= end)
            {
                return false;
            }

            byte b = bytes[at++];
            length |= (b & 0x7F) << shift;
            if ((b & 0x80) == 0)
            {
                start = at;
                at += length;
                return length <= end - start;
            }
        }

        return false;
    }
}
