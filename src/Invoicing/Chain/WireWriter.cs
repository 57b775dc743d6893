namespace Invoicing.Chain;

/// <summary>Writes protobuf fields into a buffer that the caller has made large enough.</summary>
internal ref struct WireWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    public int Length { get; private set; }

    public static int VarintLength(ulong value)
    {
        int length = 1;
        for (; value >= 0x80; value >>= 7)
        {
            length++;
        }

        return length;
    }

    public void WriteVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _buffer[Length++] = (byte)(value & 0x7F | 0x80);
        }

        _buffer[Length++] = (byte)value;
    }

    public void WriteVarintField(int field, ulong value)
    {
        WriteVarint((ulong)field << 3);
        WriteVarint(value);
    }

    public void WriteBytesField(int field, ReadOnlySpan<byte> value)
    {
        WriteVarint(((ulong)field << 3) | WireReader.Bytes);
        WriteVarint((ulong)value.Length);
        value.CopyTo(_buffer[Length..]);
        Length += value.Length;
    }
}
