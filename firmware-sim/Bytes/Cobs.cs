namespace FirmwareSim.Bytes;

/// <summary>Consistent Overhead Byte Stuffing, TLK/1 §1.2: a body without 00, so that 00 can mark its ends.</summary>
internal static class Cobs
{
    /// <summary>Most data bytes that one block holds: its code byte is then FF and no 00 follows.</summary>
    private const int FullBlock = 254;

    /// <summary>Longest coded form of <paramref name="length"/> bytes: one code byte, and one more per full block.</summary>
    public static int MaxCoded(int length) => length + ((length + FullBlock - 1) / FullBlock) + (length == 0 ? 1 : 0);

    /// <summary>Writes the coded form.</summary>
    /// <param name="plain">The body.</param>
    /// <param name="coded">Room for at least <see cref="MaxCoded"/> bytes and one more (a body that ends in 00).</param>
    /// <returns>How many bytes were written.</returns>
    public static int Encode(ReadOnlySpan<byte> plain, Span<byte> coded)
    {
        int written = 0;
        while (true)
        {
            int zero = plain.IndexOf((byte)0);
            int run = zero < 0 ? plain.Length : zero;
            if (run >= FullBlock)
            {
                coded[written] = byte.MaxValue;
                plain[..FullBlock].CopyTo(coded[(written + 1)..]);
                written += 1 + FullBlock;
                plain = plain[FullBlock..];
                if (plain.IsEmpty)
                {
                    return written;
                }

                continue;
            }

            coded[written] = (byte)(run + 1);
            plain[..run].CopyTo(coded[(written + 1)..]);
            written += 1 + run;
            if (zero < 0)
            {
                return written;
            }

            plain = plain[(run + 1)..];
        }
    }

    /// <summary>Takes a run without 00 apart. The coded form is never shorter than the plain one.</summary>
    /// <param name="coded">What stood between two 00.</param>
    /// <param name="plain">Room for <c>coded.Length</c> bytes; may be the same memory as <paramref name="coded"/>.</param>
    /// <param name="length">Bytes of the body.</param>
    /// <returns>False if a code byte points past the end.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> coded, Span<byte> plain, out int length)
    {
        length = 0;
        int at = 0;
        while (at < coded.Length)
        {
            int code = coded[at];
            if (code == 0 || at + code > coded.Length)
            {
                return false;
            }

            coded.Slice(at + 1, code - 1).CopyTo(plain[length..]);
            length += code - 1;
            at += code;
            if (code <= FullBlock && at < coded.Length)
            {
                plain[length] = 0;
                length++;
            }
        }

        return true;
    }
}
