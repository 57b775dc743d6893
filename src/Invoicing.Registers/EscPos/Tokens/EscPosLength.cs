namespace Invoicing.Registers.EscPos.Tokens;

/// <summary>How long the command is that begins a run of bytes. Everything else rests on this table, so it knows nothing but lengths.</summary>
/// <remarks>
/// The result is the total length if it is known, the length that must be there before more can be said if it is not, or that the command is
/// unknown. Arithmetic is 64-bit: the longest that a header can declare is 4 GiB + 7. Source: registers.md §2.1; <c>GS C</c>, <c>FS g</c>, <c>FS q</c> and
/// <c>FS 2</c> Epson's ESC/POS command reference.
/// </remarks>
internal static partial class EscPosLength
{
    private const byte Special = 255;
    private const int UnknownLength = 2;
    private const int MostTabStops = 32;
    private const int MostBarcode = 255;

    private static readonly byte[] Esc = Table(
        ("\u000C2<@LSimqv45", 2), (" !%-3=?CEFGJKMRTUVadertu{", 3), ("$/\\fc", 4), ("p", 5), ("W", 10), ("D*(&", Special));

    private static readonly byte[] Gs = Table(
        (":c", 2), ("!/BEHITabfhjrw", 3), ("$LPW\\", 4), ("^z", 5), ("g", 6), ("(8*vQVkC", Special));

    private static readonly byte[] Fs = Table(("&.", 2), ("!-CW", 3), ("Sp?", 4), ("(qg2", Special));

    /// <summary>Measures a command.</summary>
    /// <param name="head">From its first byte, ESC, GS, FS or DLE, as far as it has come; not empty.</param>
    internal static Measure Of(ReadOnlySpan<byte> head)
    {
        if (head.Length < 2)
        {
            return Measure.Needs(2);
        }

        byte name = head[1];
        byte length = head[0] switch { 0x1B => Esc[name], 0x1D => Gs[name], 0x1C => Fs[name], _ => Special };
        return length switch
        {
            0 => Measure.Unknown(UnknownLength),
            Special => head[0] switch
            {
                0x1B => OfEsc(name, head),
                0x1D => OfGs(name, head),
                0x1C => OfFs(name, head),
                _ => OfDle(name, head),
            },
            _ => Measure.Total(length),
        };
    }

    /// <summary>DLE EOT n | DLE EOT n a (n = 7, 8, 18) | DLE ENQ n | DLE DC4 fn …</summary>
    private static Measure OfDle(byte name, ReadOnlySpan<byte> head)
    {
        if (name is not (0x04 or 0x05 or 0x14))
        {
            return Measure.Unknown(1); // a stray DLE says nothing of the byte behind it
        }

        return head.Length < 3 ? Measure.Needs(3) : (name, head[2]) switch
        {
            (0x04, 7 or 8 or 18) => Measure.Total(4),
            (0x04 or 0x05, _) => Measure.Total(3),
            (_, 1 or 2) => Measure.Total(5),
            (_, 3) => Measure.Total(8),
            (_, 7) => Measure.Total(4),
            (_, 8) => Measure.Total(10),
            _ => Measure.Unknown(UnknownLength),
        };
    }

    private static Measure OfEsc(byte name, ReadOnlySpan<byte> head) => (char)name switch
    {
        'D' => UpToNul(head, 2, MostTabStops),
        '*' => OfColumns(head),
        '(' => WithLength16(head, 3),
        _ => OfGlyphs(head),
    };

    /// <summary>ESC * m nL nH d…: m = 0, 1 one byte a column, m = 32, 33 three.</summary>
    private static Measure OfColumns(ReadOnlySpan<byte> head) => head.Length < 5 ? Measure.Needs(5) : head[2] switch
    {
        0 or 1 => Measure.Total(5 + Int16(head, 3)),
        32 or 33 => Measure.Total(5 + (3 * Int16(head, 3))),
        _ => Measure.Unknown(UnknownLength),
    };

    /// <summary>ESC &amp; y c1 c2 (x, x*y bytes) for each glyph c1..c2.</summary>
    private static Measure OfGlyphs(ReadOnlySpan<byte> head)
    {
        if (head.Length < 5)
        {
            return Measure.Needs(5);
        }

        if (head[4] < head[3])
        {
            return Measure.Unknown(UnknownLength);
        }

        long at = 5;
        for (int glyph = head[3]; glyph <= head[4]; glyph++)
        {
            if (at >= head.Length)
            {
                return Measure.Needs(at + 1);
            }

            at += 1 + (head[(int)at] * (long)head[2]);
        }

        return Measure.Total(at);
    }

    /// <summary>prefix name … NUL, with at most <paramref name="most"/> bytes before the NUL.</summary>
    private static Measure UpToNul(ReadOnlySpan<byte> head, int from, int most)
    {
        int end = head.Length > from ? head.Slice(from, Math.Min(head.Length - from, most + 1)).IndexOf((byte)0) : -1;
        return end >= 0 ? Measure.Total(from + end + 1)
            : head.Length > from + most ? Measure.Unknown(UnknownLength)
            : Measure.Needs(Math.Max(head.Length, from) + 1);
    }

    /// <summary>prefix name fn pL pH d…</summary>
    private static Measure WithLength16(ReadOnlySpan<byte> head, int at) =>
        head.Length < at + 2 ? Measure.Needs(at + 2) : Measure.Total(at + 2 + Int16(head, at));

    private static long Int16(ReadOnlySpan<byte> head, int at) => head[at] | ((long)head[at + 1] << 8);

    private static byte[] Table(params (string Names, int Length)[] rows)
    {
        byte[] table = new byte[256];
        foreach ((string names, int length) in rows)
        {
            foreach (char name in names)
            {
                table[name] = (byte)length;
            }
        }

        return table;
    }
}
