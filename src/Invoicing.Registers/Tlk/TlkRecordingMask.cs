using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Registers.Tlk.Records;

namespace Invoicing.Registers.Tlk;

/// <summary>Masks buyers, cashiers and remarks in recordings of TLK/1; frames keep their lengths and get new checksums.</summary>
/// <remarks>
/// Works on whole frames, and on whole records where they come in fragments. Record hashes change with the bytes, in the same way for a
/// record that comes again. Runs that are no frames pass as they are, for they are what a recording is made for; but not what is left of a
/// REC that was damaged or cut: behind its head its text is masked, and it stays no frame. Sealed frames
/// (TLK/1 §3.13) would not verify any more, so their payload is left as it is and the header's mask says nothing of them: they are
/// for nobody who lacks the key, and are shown only to who has the recording's line.
/// </remarks>
/// <param name="key">See <see cref="RecordingMask"/>.</param>
public sealed class TlkRecordingMask(ReadOnlyMemory<byte> key) : RecordingMask(key)
{
    /// <summary>Longest run that is held while its end is awaited: a largest coded body and some.</summary>
    private const int MaxRun = TlkFrame.LargestMaxBody + 64;

    /// <summary>Coded bytes of a frame that is none which tell what it was: version, type, flags, number, length.</summary>
    private const int CodedHead = 8;

    private readonly List<byte> _run = new(1024);
    private readonly List<(byte[] Body, Range Part)> _fragments = [];
    private int _fragmentBytes;
    private bool _isBehindZero;
    private bool _isRest;

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
                    _isRest = PassDamaged(output);
                }

                continue;
            }

            if (_run.Count > 0)
            {
                Mask(output, isClosed: true);
            }

            (_isBehindZero, _isRest) = (true, false);
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
            Mask(output, isClosed: false); // a line that is cut may cut off the closing 00 and nothing else
        }

        GiveFragments(output);
        return [.. output];
    }

    private void Pass(List<byte> output)
    {
        output.AddRange(_run);
        _run.Clear();
    }

    /// <summary>Passes a run that is no frame. What is left of a REC keeps its head only; the rest of such a run is as private.</summary>
    /// <returns>Whether text was masked in it.</returns>
    private bool PassDamaged(List<byte> output)
    {
        // Damage of one byte leaves one of the two.
        bool isOfRec = _isRest || (_run.Count > CodedHead && (_run[1] == TlkFrame.Version || _run[2] == (byte)TlkType.Rec));
        if (isOfRec)
        {
            Replace(CollectionsMarshal.AsSpan(_run)[(_isRest ? 0 : CodedHead)..]);
        }

        Pass(output);
        return isOfRec;
    }

    /// <summary>A run between two 00: masked if it is a REC or was one, passed if it is anything else.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="isClosed">Whether its closing 00 came.</param>
    private void Mask(List<byte> output, bool isClosed)
    {
        byte[] coded = [.. _run];
        byte[] body = new byte[coded.Length];
        int length = Cobs.Decode(coded, body);
        bool isFrame = length >= TlkFrame.Overhead
            && BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(length - TlkFrame.CrcLength)) == Crc32C.Of(body.AsSpan(0, length - TlkFrame.CrcLength));
        Array.Resize(ref body, Math.Max(length, 0));
        if (!isFrame)
        {
            _isRest |= isClosed && !_isBehindZero; // a frame whose beginning came before the recording's
            PassDamaged(output);
            return;
        }

        if (body[1] != (byte)TlkType.Rec || (body[2] & (byte)TlkFlags.Sealed) != 0 || PartOf(body) is not { } part)
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
        if (_fragments.Count > 0 && FragmentOf(_fragments[0].Body) != 0)
        {
            Replace(record); // its beginning came before the recording's, so nobody knows what of it is whose
        }
        else
        {
            MaskFields(record);
        }

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

    private void MaskFields(byte[] record)
    {
        int at = 0;
        int start;
        byte tag;
        while (TryField(record, record.Length, ref at, out tag, out start, out int length))
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

        if (start > 0 && tag is RecordTag.Cashier or RecordTag.Remark or RecordTag.Buyer)
        {
            Replace(record.AsSpan(start)); // cut off in the middle, its end never came
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
