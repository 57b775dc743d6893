namespace FirmwareSim.Datecs;

/// <summary>Frames of the ISL family, specification §1.2 and §1.3.</summary>
/// <remarks>
/// host: 01 LEN SEQ CMD DATA 05 BCC BCC BCC BCC 03; register: 01 LEN SEQ CMD DATA 04 STATUS 05 BCC BCC BCC BCC 03.
/// LEN counts the bytes after 01 up to and including 05, plus 20h. BCC is the 16-bit sum of the same bytes. Numbers of four bytes are
/// nibbles plus 30h.
/// </remarks>
internal static class IslFrames
{
    public const byte Start = 0x01;
    public const byte Separator = 0x04;
    public const byte EndOfBody = 0x05;
    public const byte End = 0x03;
    public const byte Nak = 0x15;
    public const byte Syn = 0x16;

    /// <summary>Added to LEN, so that it is no control character.</summary>
    public const int LengthBase = 0x20;

    private const int NibbleBase = 0x30;
    private const int Escape = 0x10;
    private const int EscapeShift = 0x40;

    /// <summary>A request, as a host writes it.</summary>
    public static byte[] Request(IslDialect dialect, byte sequence, int command, ReadOnlySpan<byte> data) => Build(dialect, sequence, command, data, []);

    /// <summary>A reply, as a register writes it.</summary>
    public static byte[] Reply(IslDialect dialect, byte sequence, int command, ReadOnlySpan<byte> data, ReadOnlySpan<byte> status) =>
        Build(dialect, sequence, command, data, [Separator, .. status]);

    /// <summary>The number of four bytes with a nibble in each, or null if they are none.</summary>
    public static int? Nibbles(ReadOnlySpan<byte> bytes)
    {
        int value = 0;
        foreach (byte part in bytes)
        {
            if (part is < NibbleBase or > NibbleBase + 0x0F)
            {
                return null;
            }

            value = (value << 4) | (part - NibbleBase);
        }

        return value;
    }

    /// <summary>The check of a frame's body.</summary>
    public static byte[] Check(ReadOnlySpan<byte> body)
    {
        int sum = 0;
        foreach (byte part in body)
        {
            sum = (sum + part) & 0xFFFF;
        }

        return FourBytes(sum);
    }

    /// <summary>Control characters below 20h, but TAB and LF, travel as 10h and the character plus 40h.</summary>
    public static byte[] Escaped(ReadOnlySpan<byte> data)
    {
        List<byte> escaped = new(data.Length);
        foreach (byte part in data)
        {
            if (part is < LengthBase and not (0x09 or 0x0A))
            {
                escaped.Add(Escape);
                escaped.Add((byte)(part + EscapeShift));
            }
            else
            {
                escaped.Add(part);
            }
        }

        return [.. escaped];
    }

    /// <summary>Takes the escapes out of DATA.</summary>
    public static byte[] Unescaped(ReadOnlySpan<byte> data)
    {
        List<byte> plain = new(data.Length);
        for (int i = 0; i < data.Length; i++)
        {
            bool isEscape = data[i] == Escape && i + 1 < data.Length && data[i + 1] >= EscapeShift;
            plain.Add(isEscape ? (byte)(data[++i] - EscapeShift) : data[i]);
        }

        return [.. plain];
    }

    private static byte[] FourBytes(int value) =>
    [
        (byte)(((value >> 12) & 0x0F) + NibbleBase), (byte)(((value >> 8) & 0x0F) + NibbleBase),
        (byte)(((value >> 4) & 0x0F) + NibbleBase), (byte)((value & 0x0F) + NibbleBase),
    ];

    private static byte[] Build(IslDialect dialect, byte sequence, int command, ReadOnlySpan<byte> data, ReadOnlySpan<byte> tail)
    {
        byte[] number = dialect == IslDialect.X ? FourBytes(command) : [(byte)command];
        byte[] rest = [sequence, .. number, .. Escaped(data), .. tail, EndOfBody];
        int length = rest.Length + (dialect == IslDialect.X ? 4 : 1) + LengthBase;
        byte[] body = [.. dialect == IslDialect.X ? FourBytes(length) : [checked((byte)length)], .. rest];
        return [Start, .. body, .. Check(body), End];
    }
}
