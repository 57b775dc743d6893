using System.Text;
using FirmwareSim.Tills;

namespace FirmwareSim.Printing;

/// <summary>Writes Vietnamese as a printer of a charset wants it; ESC t wherever the page changes (§2.5).</summary>
internal static class TextCoder
{
    /// <summary>Pages of ESC t.</summary>
    public const byte TcvnSmall = 30;
    public const byte TcvnCapital = 31;
    public const byte Windows1258 = 52;

    // Code points from A0h on, 16 in a row, a blank where there is none.
    private const string SmallRows =
        "        ăâêôơưđ " + "     àảãáạ ằẳẵắ " + "      ặầẩẫấậè ẻẽ" + "éẹềểễếệìỉ   ĩíịò" + " ỏõóọồổỗốộờởỡớợù" + " ủũúụừửữứựỳỷỹýỵ ";

    private const string CapitalRows =
        " ĂÂ    Đ  ÊÔƠƯ  " + "     ÀẢÃÁẠ ẰẲẴẮ " + "      ẶẦẨẪẤẬÈ ẺẼ" + "ÉẸỀỂỄẾỆÌỈ   ĨÍỊÒ" + " ỎÕÓỌỒỔỖỐỘỜỞỠỚỢÙ" + " ỦŨÚỤỪỬỮỨỰỲỶỸÝỴ ";

    private const int FirstCode = 0xA0;

    // Windows-1258: the marked letters and the tones grave, hook, tilde, acute, dot.
    private const string MarkedLetters = "ĂÂĐÊÔƠƯăâđêôơư";
    private static readonly byte[] MarkedCodes = [0xC3, 0xC2, 0xD0, 0xCA, 0xD4, 0xD5, 0xDD, 0xE3, 0xE2, 0xF0, 0xEA, 0xF4, 0xF5, 0xFD];
    private static readonly byte[] ToneCodes = [0xCC, 0xD2, 0xDE, 0xEC, 0xF2];

    /// <summary>The text in this charset.</summary>
    /// <param name="text">Composed Vietnamese.</param>
    /// <param name="charset">The charset.</param>
    /// <param name="mayWrite">Whether ESC t may be written; without it capitals of TCVN-3 lose their accents.</param>
    public static byte[] Encode(string text, Charset charset, bool mayWrite = true) => charset switch
    {
        Charset.Utf8 => Encoding.UTF8.GetBytes(text),
        Charset.Tcvn3 => Tcvn(text, mayWrite),
        Charset.Cp1258 => Windows(text, mayWrite),
        _ => Encoding.ASCII.GetBytes(Vietnamese.Plain(text)),
    };

    private static byte[] Tcvn(string text, bool mayWrite)
    {
        List<byte> bytes = mayWrite ? [0x1B, (byte)'t', TcvnSmall] : [];
        byte page = TcvnSmall;
        foreach (char c in text)
        {
            int small = c < FirstCode ? -1 : SmallRows.IndexOf(c, StringComparison.Ordinal);
            int capital = c < FirstCode ? -1 : CapitalRows.IndexOf(c, StringComparison.Ordinal);
            byte wanted = small >= 0 ? TcvnSmall : capital >= 0 && mayWrite ? TcvnCapital : page;
            if (wanted != page)
            {
                bytes.AddRange([0x1B, (byte)'t', wanted]);
                page = wanted;
            }

            int place = wanted == TcvnCapital && capital >= 0 ? capital : small;
            bytes.Add(place >= 0 ? (byte)(FirstCode + place) : (byte)Vietnamese.Plain(c.ToString())[0]);
        }

        return [.. bytes];
    }

    private static byte[] Windows(string text, bool mayWrite)
    {
        List<byte> bytes = mayWrite ? [0x1B, (byte)'t', Windows1258] : [];
        foreach (char c in text)
        {
            (char letter, char tone) = Vietnamese.TakeApart(c);
            int marked = MarkedLetters.IndexOf(letter, StringComparison.Ordinal);
            bytes.Add(marked >= 0 ? MarkedCodes[marked] : (byte)Vietnamese.Plain(letter.ToString())[0]);
            int mark = tone == '\0' ? -1 : Vietnamese.Tones.IndexOf(tone, StringComparison.Ordinal) - 1;
            if (mark >= 0)
            {
                bytes.Add(ToneCodes[mark]);
            }
        }

        return [.. bytes];
    }
}
