using System.Buffers.Binary;
using System.Text;

namespace FirmwareSim.Bytes;

/// <summary>Writes TLVs, TLK/1 §2: tag, length as the shortest LEB128, value; numbers little-endian.</summary>
internal sealed class TlvWriter
{
    /// <summary>Longest value: a length has at most three bytes and at most 32,767.</summary>
    public const int MaxLength = 32767;

    private byte[] _bytes = new byte[256];

    public int Length { get; private set; }

    public byte[] ToArray() => _bytes[..Length];

    public TlvWriter U8(byte tag, byte value) => Bytes(tag, [value]);

    public TlvWriter U16(byte tag, ushort value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return Bytes(tag, bytes);
    }

    public TlvWriter U32(byte tag, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Bytes(tag, bytes);
    }

    public TlvWriter U64(byte tag, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return Bytes(tag, bytes);
    }

    /// <summary>Money and micro are both s64.</summary>
    public TlvWriter S64(byte tag, long value) => U64(tag, unchecked((ulong)value));

    /// <summary>Milliseconds since 1970 UTC, then the local offset in minutes.</summary>
    public TlvWriter Time(byte tag, DateTimeOffset value)
    {
        Span<byte> bytes = stackalloc byte[10];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt16LittleEndian(bytes[8..], checked((short)value.Offset.TotalMinutes));
        return Bytes(tag, bytes);
    }

    /// <summary>Nothing to say is no TLV, never an empty text.</summary>
    public TlvWriter Text(byte tag, string? value) =>
        string.IsNullOrEmpty(value) ? this : Bytes(tag, Encoding.UTF8.GetBytes(value));

    public TlvWriter Group(byte tag, TlvWriter group) => Bytes(tag, group._bytes.AsSpan(0, group.Length));

    public TlvWriter Bytes(byte tag, ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, MaxLength, nameof(value));
        int need = Length + 1 + LengthOfLength(value.Length) + value.Length;
        if (need > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(need, _bytes.Length * 2));
        }

        _bytes[Length] = tag;
        int at = Length + 1;
        int rest = value.Length;
        while (rest > 0x7F)
        {
            _bytes[at] = (byte)(0x80 | (rest & 0x7F));
            at++;
            rest >>= 7;
        }

        _bytes[at] = (byte)rest;
        value.CopyTo(_bytes.AsSpan(at + 1));
        Length = need;
        return this;
    }

    /// <summary>Bytes that a length takes: 1 below 128, 2 below 16,384, else 3.</summary>
    public static int LengthOfLength(int length) => length < 0x80 ? 1 : length < 0x4000 ? 2 : 3;
}
