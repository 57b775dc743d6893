namespace Invoicing.Registers.Tlk.Framing;

/// <summary>Consistent Overhead Byte Stuffing: the same bytes without 00, at most one more per 254. TLK/1 §1.2.</summary>
internal static class Cobs
{
    private const int FullBlock = 0xFF;

    /// <summary>Most bytes that <paramref name="length"/> bytes become.</summary>
    internal static int MaxEncodedLength(int length) => length + Math.Max(1, (length + 253) / 254);

    /// <summary>Encodes.</summary>
    /// <param name="plain">What to encode.</param>
    /// <param name="coded">Where to; at least <see cref="MaxEncodedLength"/>.</param>
    /// <returns>Bytes written.</returns>
    internal static int Encode(ReadOnlySpan<byte> plain, Span<byte> coded)
    {
        int codeAt = 0;
        int end = 1;
        for (int i = 0; i < plain.Length; i++)
        {
            if (plain[i] != 0)
            {
                coded[end++] = plain[i];
            }

            bool full = end - codeAt == FullBlock;
            if (plain[i] != 0 && !full)
            {
                continue;
            }

            coded[codeAt] = (byte)(end - codeAt);
            if (plain[i] != 0 && i + 1 == plain.Length)
            {
                // A full block that ends the run has no empty block behind it.
                return end;
            }

            codeAt = end++;
        }

        coded[codeAt] = (byte)(end - codeAt);
        return end;
    }

    /// <summary>Decodes a run without 00.</summary>
    /// <param name="coded">The run.</param>
    /// <param name="plain">Where to; at least as long as the run. May be the same memory: a byte is never written before it was read.</param>
    /// <returns>Bytes written, or -1 if a code byte points past the end of the run, or the run is empty.</returns>
    internal static int Decode(ReadOnlySpan<byte> coded, Span<byte> plain)
    {
        if (coded.IsEmpty)
        {
            return -1;
        }

        int at = 0;
        int written = 0;
        while (at < coded.Length)
        {
            int code = coded[at];
            if (code == 0 || at + code > coded.Length)
            {
                return -1;
            }

            coded.Slice(at + 1, code - 1).CopyTo(plain[written..]);
            written += code - 1;
            at += code;
            if (code < FullBlock && at < coded.Length)
            {
                plain[written++] = 0;
            }
        }

        return written;
    }
}
