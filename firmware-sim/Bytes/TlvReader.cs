using System.Buffers.Binary;

namespace FirmwareSim.Bytes;

/// <summary>A payload or group taken apart, TLK/1 §2; values are read by tag and length-checked.</summary>
/// <remarks>
/// A wrong length, a second TLV of a tag that may not repeat, an unknown critical tag (80 and above) and a missing required tag
/// all end in <see cref="MalformedException"/>; other unknown tags are skipped.
/// </remarks>
internal sealed class TlvReader
{
    private const byte Critical = 0x80;
    private readonly byte[] _bytes;
    private readonly List<Tlv> _values = [];

    /// <summary>Takes the bytes apart.</summary>
    /// <param name="bytes">The whole payload or group.</param>
    /// <param name="known">Tags of its table.</param>
    /// <param name="repeated">Those of them that may repeat.</param>
    /// <exception cref="MalformedException">§2 is broken.</exception>
    public TlvReader(byte[] bytes, ReadOnlySpan<byte> known, ReadOnlySpan<byte> repeated = default)
    {
        _bytes = bytes;
        int at = 0;
        while (at < bytes.Length)
        {
            byte tag = bytes[at];
            at++;
            int length = ReadLength(bytes, ref at);
            if (length > bytes.Length - at)
            {
                throw new MalformedException($"tag {tag:X2}: length {length}, {bytes.Length - at} bytes left");
            }

            if (known.Contains(tag))
            {
                if (!repeated.Contains(tag) && _values.Exists(value => value.Tag == tag))
                {
                    throw new MalformedException($"tag {tag:X2} occurs twice");
                }

                _values.Add(new Tlv(tag, at, length));
            }
            else if (tag >= Critical)
            {
                throw new MalformedException($"unknown critical tag {tag:X2}");
            }

            at += length;
        }
    }

    public bool Has(byte tag) => _values.Exists(value => value.Tag == tag);

    public byte U8(byte tag) => Fixed(tag, sizeof(byte))[0];

    public ushort U16(byte tag) => BinaryPrimitives.ReadUInt16LittleEndian(Fixed(tag, sizeof(ushort)));

    public uint U32(byte tag) => BinaryPrimitives.ReadUInt32LittleEndian(Fixed(tag, sizeof(uint)));

    public ulong U64(byte tag) => BinaryPrimitives.ReadUInt64LittleEndian(Fixed(tag, sizeof(ulong)));

    public long S64(byte tag) => BinaryPrimitives.ReadInt64LittleEndian(Fixed(tag, sizeof(long)));

    public DateTimeOffset Time(byte tag)
    {
        const long Limit = 1L << 47;
        const int MostMinutes = 840;
        ReadOnlySpan<byte> value = Fixed(tag, 10);
        long ms = BinaryPrimitives.ReadInt64LittleEndian(value);
        short minutes = BinaryPrimitives.ReadInt16LittleEndian(value[8..]);
        return ms is >= 0 and < Limit && minutes is >= -MostMinutes and <= MostMinutes
            ? DateTimeOffset.FromUnixTimeMilliseconds(ms).ToOffset(TimeSpan.FromMinutes(minutes))
            : throw new MalformedException($"tag {tag:X2}: {ms} ms, offset {minutes} min is no time");
    }

    public string Text(byte tag, int most) => TlvText.Read(tag, Value(Find(tag)), most);

    public byte[] Bytes(byte tag, int length) => Fixed(tag, length).ToArray();

    public byte[] Bytes(byte tag) => Value(Find(tag)).ToArray();

    /// <summary>All values of a tag that may repeat, in their order.</summary>
    public IEnumerable<byte[]> All(byte tag)
    {
        foreach (Tlv value in _values)
        {
            if (value.Tag == tag)
            {
                yield return Value(value).ToArray();
            }
        }
    }

    private static int ReadLength(byte[] bytes, ref int at)
    {
        int length = 0;
        for (int part = 0; part < 3; part++)
        {
            if (at >= bytes.Length)
            {
                throw new MalformedException("ends inside a TLV's head");
            }

            byte b = bytes[at];
            at++;
            length |= (b & 0x7F) << (7 * part);
            if (b < 0x80)
            {
                bool shortest = part == 0 || b != 0;
                return shortest && length <= TlvWriter.MaxLength
                    ? length
                    : throw new MalformedException($"TLV length {length} is too long or not in its shortest form");
            }
        }

        throw new MalformedException("TLV length of four bytes");
    }

    private Tlv Find(byte tag)
    {
        int index = _values.FindIndex(value => value.Tag == tag);
        return index >= 0 ? _values[index] : throw new MalformedException($"tag {tag:X2} is missing");
    }

    private ReadOnlySpan<byte> Value(Tlv value) => _bytes.AsSpan(value.Start, value.Length);

    private ReadOnlySpan<byte> Fixed(byte tag, int length)
    {
        Tlv value = Find(tag);
        return value.Length == length
            ? Value(value)
            : throw new MalformedException($"tag {tag:X2}: {length} bytes expected, {value.Length} found");
    }
}
