namespace Invoicing.Registers.Datecs.Isl;

/// <summary>What a dialect's frames are made of.</summary>
/// <remarks>
/// <code>
/// request  01 LEN SEQ CMD DATA 05 BCC1..4 03
/// reply    01 LEN SEQ CMD DATA 04 STATUS 05 BCC1..4 03
/// LEN = bytes behind 01 up to and with 05, plus 20h; BCC = 16-bit sum of the same bytes, four digits of 30h to 3Fh
/// </code>
/// </remarks>
internal static class IslShape
{
    /// <summary>Begins a frame.</summary>
    public const byte Start = 0x01;

    /// <summary>Parts the data of a reply from its status.</summary>
    public const byte Separator = 0x04;

    /// <summary>Ends what the check covers.</summary>
    public const byte EndOfBody = 0x05;

    /// <summary>Ends a frame.</summary>
    public const byte End = 0x03;

    /// <summary>The register did not understand the request; the same one is to be sent again.</summary>
    public const byte Nak = 0x15;

    /// <summary>The register is at work; said every 60 ms.</summary>
    public const byte Syn = 0x16;

    /// <summary>In legacy data: the next byte is a control character plus 40h.</summary>
    public const byte Escape = 0x10;

    /// <summary>What is added to LEN, so that it is no control character.</summary>
    public const int LengthBase = 0x20;

    /// <summary>Least SEQ.</summary>
    public const byte FirstSequence = 0x20;

    /// <summary>Greatest SEQ: 7Fh, which every sibling takes, though some take FFh.</summary>
    public const byte LastSequence = 0x7F;

    /// <summary>
    /// Longest data of a frame that is taken. Legacy: what LEN can say. X: a row of 14 columns is below 400 bytes and a text line has 64, so
    /// 1,024 is twice what may come.
    /// </summary>
    public static int MaxData(IslDialect dialect) => dialect == IslDialect.Legacy ? 218 : 1024;

    /// <summary>Digits of LEN and of CMD.</summary>
    public static int Digits(IslDialect dialect) => dialect == IslDialect.Legacy ? 1 : 4;

    /// <summary>Status bytes of a reply.</summary>
    public static int StatusLength(IslDialect dialect) => dialect == IslDialect.Legacy ? 6 : 8;

    /// <summary>Bytes that LEN counts in a request without data.</summary>
    public static int RequestOverhead(IslDialect dialect) => (2 * Digits(dialect)) + 2;

    /// <summary>Bytes that LEN counts in a reply without data.</summary>
    public static int ReplyOverhead(IslDialect dialect) => RequestOverhead(dialect) + 1 + StatusLength(dialect);

    /// <summary>Longest frame that is taken, in bytes.</summary>
    public static int MaxFrame(IslDialect dialect) => 1 + ReplyOverhead(dialect) + MaxData(dialect) + 5;

    /// <summary>Reads digits of 30h to 3Fh.</summary>
    /// <returns>The number; -1 if a byte is no digit.</returns>
    public static int ReadDigits(ReadOnlySpan<byte> digits)
    {
        int number = 0;
        foreach (byte digit in digits)
        {
            if ((digit & 0xF0) != 0x30)
            {
                return -1;
            }

            number = (number << 4) | (digit & 0x0F);
        }

        return number;
    }

    /// <summary>Writes a number in four digits of 30h to 3Fh.</summary>
    public static void WriteDigits(int number, Span<byte> digits)
    {
        for (int i = 0; i < 4; i++)
        {
            digits[i] = (byte)(0x30 | ((number >> (12 - (4 * i))) & 0x0F));
        }
    }

    /// <summary>The check of a body: the 16-bit sum of its bytes.</summary>
    public static int Check(ReadOnlySpan<byte> body)
    {
        int sum = 0;
        foreach (byte value in body)
        {
            sum += value;
        }

        return sum & 0xFFFF;
    }
}
