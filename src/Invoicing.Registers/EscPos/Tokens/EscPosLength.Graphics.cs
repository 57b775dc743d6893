namespace Invoicing.Registers.EscPos.Tokens;

/// <summary>Commands behind GS and FS whose length stands in them.</summary>
internal static partial class EscPosLength
{
    private const int MostCounterText = 40; // GS C ; with six numbers of up to five digits
    private const int KanjiGlyph = 72; // 24 x 24 dots

    private static Measure OfGs(byte name, ReadOnlySpan<byte> head) => (char)name switch
    {
        '(' => WithLength16(head, 3),
        '8' => OfLarge(head),
        '*' => head.Length < 4 ? Measure.Needs(4) : Measure.Total(4 + (8L * head[2] * head[3])),
        'v' or 'Q' => OfRaster(head),
        'V' => OfCut(head),
        'k' => OfBarcode(head),
        _ => OfCounter(head),
    };

    /// <summary>GS 8 L p1 p2 p3 p4 d…: the only command with a length of 32 bits.</summary>
    private static Measure OfLarge(ReadOnlySpan<byte> head)
    {
        if (head.Length < 7)
        {
            return Measure.Needs(7);
        }

        return head[2] == 'L' ? Measure.Total(7 + Int16(head, 3) + (Int16(head, 5) << 16)) : Measure.Unknown(UnknownLength);
    }

    /// <summary>GS v 0 m xL xH yL yH d… and GS Q 0 m xL xH yL yH d…: x bytes a row, y rows.</summary>
    private static Measure OfRaster(ReadOnlySpan<byte> head) =>
        head.Length < 3 ? Measure.Needs(3)
        : head[2] is not (0 or (byte)'0') ? Measure.Unknown(UnknownLength)
        : head.Length < 8 ? Measure.Needs(8)
        : Measure.Total(8 + (Int16(head, 4) * Int16(head, 6)));

    /// <summary>GS V m | GS V m n.</summary>
    private static Measure OfCut(ReadOnlySpan<byte> head) => head.Length < 3 ? Measure.Needs(3) : head[2] switch
    {
        0 or 1 or (byte)'0' or (byte)'1' => Measure.Total(3),
        (byte)'A' or (byte)'B' or (byte)'a' or (byte)'b' or (byte)'g' or (byte)'h' => Measure.Total(4),
        _ => Measure.Unknown(UnknownLength),
    };

    /// <summary>GS k m d… NUL (m up to 6) | GS k m n d… (m 65 to 79).</summary>
    private static Measure OfBarcode(ReadOnlySpan<byte> head) => head.Length < 3 ? Measure.Needs(3) : head[2] switch
    {
        <= 6 => UpToNul(head, 3, MostBarcode),
        >= 65 and <= 79 => head.Length < 4 ? Measure.Needs(4) : Measure.Total(4 + head[3]),
        _ => Measure.Unknown(UnknownLength),
    };

    /// <summary>GS C 0 n m | GS C 1 aL aH bL bH n r | GS C 2 nL nH | GS C ; sa ; sb ; sn ; sr ; sc ;</summary>
    private static Measure OfCounter(ReadOnlySpan<byte> head)
    {
        if (head.Length < 3)
        {
            return Measure.Needs(3);
        }

        switch (head[2])
        {
            case 0 or (byte)'0' or 2 or (byte)'2':
                return Measure.Total(5);
            case 1 or (byte)'1':
                return Measure.Total(9);
            case (byte)';':
                return OfCounterText(head);
            default:
                return Measure.Unknown(UnknownLength);
        }
    }

    private static Measure OfCounterText(ReadOnlySpan<byte> head)
    {
        int marks = 0;
        for (int i = 2; i < head.Length && i < MostCounterText; i++)
        {
            marks += head[i] == ';' ? 1 : 0;
            if (marks == 6)
            {
                return Measure.Total(i + 1);
            }
        }

        return head.Length >= MostCounterText ? Measure.Unknown(UnknownLength) : Measure.Needs(head.Length + 1);
    }

    private static Measure OfFs(byte name, ReadOnlySpan<byte> head) => (char)name switch
    {
        '(' => WithLength16(head, 3),
        '2' => Measure.Total(4 + KanjiGlyph),
        'g' => OfMemory(head),
        _ => OfLogos(head),
    };

    /// <summary>FS g 1 m a1 a2 a3 a4 nL nH d… (write) | FS g 2 m a1 a2 a3 a4 nL nH (read).</summary>
    private static Measure OfMemory(ReadOnlySpan<byte> head) =>
        head.Length < 3 ? Measure.Needs(3)
        : head[2] is (byte)'2' ? Measure.Total(10)
        : head[2] is not (byte)'1' ? Measure.Unknown(UnknownLength)
        : head.Length < 10 ? Measure.Needs(10)
        : Measure.Total(10 + Int16(head, 8));

    /// <summary>FS q n (xL xH yL yH, 8*x*y bytes) for each logo.</summary>
    private static Measure OfLogos(ReadOnlySpan<byte> head)
    {
        if (head.Length < 3)
        {
            return Measure.Needs(3);
        }

        long at = 3;
        for (int logo = 0; logo < head[2]; logo++)
        {
            if (at + 4 > head.Length)
            {
                return Measure.Needs(at + 4);
            }

            at += 4 + (8 * Int16(head, (int)at) * Int16(head, (int)at + 2));
        }

        return Measure.Total(at);
    }
}
