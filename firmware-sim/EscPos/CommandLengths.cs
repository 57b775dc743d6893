namespace FirmwareSim.EscPos;

/// <summary>How long a command is, told from its first bytes (§2.1): a printer must not take image data for commands.</summary>
internal static class CommandLengths
{
    private const int Unknown = 2;

    /// <summary>Length of the command that the bytes begin with.</summary>
    /// <returns>The length, which may lie behind the bytes that are there; null if more bytes are needed to tell.</returns>
    public static long? Of(ReadOnlySpan<byte> bytes) => bytes[0] switch
    {
        0x10 => Dle(bytes),
        0x1B => Esc(bytes),
        0x1C => Fs(bytes),
        0x1D => Gs(bytes),
        _ => 1,
    };

    private static long? Dle(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 3)
        {
            return null;
        }

        return (bytes[1], bytes[2]) switch
        {
            (0x04, 7 or 8 or 18) => 4,
            (0x04 or 0x05, _) => 3,
            (0x14, 1 or 2) => 5,
            (0x14, 3) => 8,
            (0x14, 7) => 4,
            (0x14, 8) => 10,
            _ => 1,
        };
    }

    private static long? Esc(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2)
        {
            return null;
        }

        switch ((char)bytes[1])
        {
            case '\f' or '2' or '<' or '@' or 'L' or 'S' or 'i' or 'm' or 'q' or 'v' or '4' or '5':
                return 2;
            case ' ' or '!' or '%' or '-' or '3' or '=' or '?' or 'C' or 'E' or 'F' or 'G' or 'J' or 'K' or 'M' or 'R' or 'T' or 'U' or 'V' or 'a' or 'd' or 'e'
                or 'r' or 't' or 'u' or '{':
                return 3;
            case '$' or '/' or '\\' or 'f' or 'c':
                return 4;
            case 'p':
                return 5;
            case 'W':
                return 10;
            case 'D':
                return ToNul(bytes, 2);
            case '(':
                return bytes.Length < 5 ? null : 5 + Word(bytes, 3);
            case '*':
                return bytes.Length < 5 ? null : 5 + (Word(bytes, 3) * (bytes[2] is 32 or 33 ? 3 : 1));
            case '&':
                return Glyphs(bytes);
            default:
                return Unknown;
        }
    }

    /// <summary>ESC &amp; y c1 c2, then for each character its width x and x*y bytes.</summary>
    private static long? Glyphs(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 5)
        {
            return null;
        }

        int at = 5;
        for (int glyph = bytes[3]; glyph <= bytes[4]; glyph++)
        {
            if (bytes.Length <= at)
            {
                return null;
            }

            at += 1 + (bytes[at] * bytes[2]);
        }

        return at;
    }

    private static long? Fs(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2)
        {
            return null;
        }

        const int KanjiGlyph = 72;
        return (char)bytes[1] switch
        {
            '!' or '-' or 'C' or 'W' => 3,
            '&' or '.' => 2,
            'S' or 'p' or '?' => 4,
            '2' => 4 + KanjiGlyph,
            '(' => bytes.Length < 5 ? null : 5 + Word(bytes, 3),
            'g' => Memory(bytes),
            'q' => Logos(bytes),
            _ => Unknown,
        };
    }

    /// <summary>FS g 1 m a1..a4 nL nH and the data, or FS g 2 m a1..a4 nL nH.</summary>
    private static long? Memory(ReadOnlySpan<byte> bytes) =>
        bytes.Length < 10 ? null : bytes[2] == '1' ? 10 + Word(bytes, 8) : 10;

    /// <summary>FS q n, then for each logo xL xH yL yH and 8*x*y bytes.</summary>
    private static long? Logos(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 3)
        {
            return null;
        }

        long at = 3;
        for (int logo = 0; logo < bytes[2]; logo++)
        {
            if (bytes.Length < at + 4)
            {
                return null;
            }

            at += 4 + (8 * Word(bytes, (int)at) * Word(bytes, (int)at + 2));
        }

        return at;
    }

    private static long? Gs(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2)
        {
            return null;
        }

        switch ((char)bytes[1])
        {
            case ':' or 'c':
                return 2;
            case '!' or '/' or 'B' or 'E' or 'H' or 'I' or 'T' or 'a' or 'b' or 'f' or 'h' or 'j' or 'r' or 'w':
                return 3;
            case '$' or 'L' or 'P' or 'W' or '\\':
                return 4;
            case '^' or 'z':
                return 5;
            case 'g':
                return 6;
            case '(':
                return bytes.Length < 5 ? null : 5 + Word(bytes, 3);
            case '8':
                return bytes.Length < 7 ? null : 7 + Word(bytes, 3) + (Word(bytes, 5) << 16);
            case '*':
                return bytes.Length < 4 ? null : 4 + (8L * bytes[2] * bytes[3]);
            case 'v' or 'Q':
                return bytes.Length < 8 ? null : 8 + (Word(bytes, 4) * Word(bytes, 6));
            case 'V':
                return bytes.Length < 3 ? null : bytes[2] is 0 or 1 or (byte)'0' or (byte)'1' ? 3 : 4;
            case 'k':
                return bytes.Length < 4 ? null : bytes[2] <= 6 ? ToNul(bytes, 3) : 4 + bytes[3];
            case 'C':
                return Counter(bytes);
            default:
                return Unknown;
        }
    }

    /// <summary>GS C 0 n m, GS C 1 with six bytes, GS C 2 nL nH, GS C ; with five numbers that each end with a semicolon.</summary>
    private static long? Counter(ReadOnlySpan<byte> bytes)
    {
        const int Numbers = 6;
        if (bytes.Length < 3)
        {
            return null;
        }

        if (bytes[2] != ';')
        {
            return bytes[2] is 1 or (byte)'1' ? 9 : 5;
        }

        int marks = 0;
        for (int i = 2; i < bytes.Length; i++)
        {
            marks += bytes[i] == ';' ? 1 : 0;
            if (marks == Numbers)
            {
                return i + 1;
            }
        }

        return null;
    }

    private static long Word(ReadOnlySpan<byte> bytes, int at) => bytes[at] | (bytes[at + 1] << 8);

    private static long? ToNul(ReadOnlySpan<byte> bytes, int from)
    {
        int end = bytes[from..].IndexOf((byte)0);
        return end < 0 ? null : from + end + 1;
    }
}
