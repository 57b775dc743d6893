using System.Buffers.Binary;

namespace Invoicing.Chain;

/// <summary>Walks protobuf bytes in place and accepts only varints in their shortest form.</summary>
/// <remarks>
/// Every method returns <see langword="false"/> at bytes that protobuf would not have written; nothing is allocated and no length is
/// believed before it is compared with what is there. Source: protobuf encoding, "Base 128 varints" and "Message structure".
/// </remarks>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    public const int Varint = 0;
    public const int Fixed64 = 1;
    public const int Bytes = 2;
    public const int Fixed32 = 5;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Index of the next byte.</summary>
    public int At { get; private set; }

    public readonly bool IsAtEnd => At == _bytes.Length;

    public bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 70 && At < _bytes.Length; shift += 7)
        {
            byte next = _bytes[At++];
            if (shift == 63 && next > 1)
            {
                return false; // more than 64 bits
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return next != 0 || shift == 0; // a last byte of zero could have been left out
            }
        }

        return false;
    }

    public bool TryReadTag(out int field, out int wireType)
    {
        bool read = TryReadVarint(out ulong tag);
        wireType = (int)(tag & 7);
        field = tag >> 3 <= 536_870_911 ? (int)(tag >> 3) : 0;
        return read && field > 0;
    }

    public bool TryReadBytes(out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!TryReadVarint(out ulong length) || length > (ulong)(_bytes.Length - At))
        {
            return false;
        }

        value = _bytes.Slice(At, (int)length);
        At += (int)length;
        return true;
    }

    public bool TryReadFixed64(out ulong value)
    {
        value = 0;
        if (_bytes.Length - At < sizeof(ulong))
        {
            return false;
        }

        value = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[At..]);
        At += sizeof(ulong);
        return true;
    }

    public bool TryReadFixed32(out uint value)
    {
        value = 0;
        if (_bytes.Length - At < sizeof(uint))
        {
            return false;
        }

        value = BinaryPrimitives.ReadUInt32LittleEndian(_bytes[At..]);
        At += sizeof(uint);
        return true;
    }

    public bool TrySkip(int wireType) => wireType switch
    {
        Varint => TryReadVarint(out _),
        Fixed64 => TryReadFixed64(out _),
        Bytes => TryReadBytes(out _),
        Fixed32 => TryReadFixed32(out _),
        _ => false,
    };
}
