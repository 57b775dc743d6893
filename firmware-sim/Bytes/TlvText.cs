using System.Text;

namespace FirmwareSim.Bytes;

/// <summary>The text value of TLK/1 §2: 1..n bytes of UTF-8 without control characters.</summary>
internal static class TlvText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Read(byte tag, ReadOnlySpan<byte> value, int most)
    {
        if (value.IsEmpty || value.Length > most)
        {
            throw new MalformedException($"tag {tag:X2}: text of 1..{most} bytes expected, {value.Length} found");
        }

        if (value.ContainsAnyInRange((byte)0, (byte)0x1F) || value.Contains((byte)0x7F))
        {
            throw new MalformedException($"tag {tag:X2}: control character in a text");
        }

        try
        {
            return Strict.GetString(value);
        }
        catch (DecoderFallbackException e)
        {
            throw new MalformedException($"tag {tag:X2}: not UTF-8", e);
        }
    }
}
