using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Invoicing.Registers.Tlk.Framing;

/// <summary>Writes TLVs: tag, length as a varint in its shortest form, value. TLK/1 §2.</summary>
internal sealed class TlvWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    internal int Length => _bytes.WrittenCount;

    internal byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    internal TlvWriter Bytes(byte tag, ReadOnlySpan<byte> value)
    {
        Span<byte> head = _bytes.GetSpan(4);
        head[0] = tag;
        int at = 1;
        uint length = (uint)value.Length;
        while (length >= 0x80)
        {
            head[at++] = (byte)((length & 0x7F) | 0x80);
            length >>= 7;
        }

        head[at++] = (byte)length;
        _bytes.Advance(at);
        _bytes.Write(value);
        return this;
    }

    internal TlvWriter U8(byte tag, byte value) => Bytes(tag, [value]);

    internal TlvWriter U16(byte tag, ushort value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return Bytes(tag, bytes);
    }

    internal TlvWriter U32(byte tag, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Bytes(tag, bytes);
    }

    internal TlvWriter U64(byte tag, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return Bytes(tag, bytes);
    }

    internal TlvWriter S64(byte tag, long value) => U64(tag, unchecked((ulong)value));

    internal TlvWriter Text(byte tag, string value) => Bytes(tag, Encoding.UTF8.GetBytes(value));

    /// <summary>Text of at most so many bytes: what is longer is cut before the character that does not fit. Empty text is left out.</summary>
    internal TlvWriter TextUpTo(byte tag, string value, int maxBytes)
    {
        Span<byte> bytes = stackalloc byte[maxBytes];
        int length = 0;
        foreach (Rune rune in value.EnumerateRunes())
        {
            Rune shown = Rune.IsControl(rune) ? new Rune(' ') : rune;
            if (length + shown.Utf8SequenceLength > maxBytes)
            {
                break;
            }

            length += shown.EncodeToUtf8(bytes[length..]);
        }

        return length == 0 ? this : Bytes(tag, bytes[..length]);
    }

    internal TlvWriter Time(byte tag, DateTimeOffset value)
    {
        Span<byte> bytes = stackalloc byte[10];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt16LittleEndian(bytes[8..], (short)value.Offset.TotalMinutes);
        return Bytes(tag, bytes);
    }

    internal TlvWriter Group(byte tag, TlvWriter group) => Bytes(tag, group._bytes.WrittenSpan);
}
