using System.Globalization;
using System.Text;

namespace Invoicing.Tests.Vietnam;

/// <summary>Reads QR codes a second time, from the specification: ids, lengths in characters, and the checksum by shifting bits through a register.</summary>
internal static class QrReader
{
    /// <summary>Values by path: <c>54</c>, <c>99.04</c>. Fails on a wrong checksum, length, order or id that comes twice.</summary>
    public static Dictionary<string, string> Read(string text)
    {
        Assert.Equal(Checksum(Encoding.UTF8.GetBytes(text[..^4])).ToString("X4", CultureInfo.InvariantCulture), text[^4..]);
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        ReadInto(values, string.Empty, text);
        Assert.StartsWith("000201", text, StringComparison.Ordinal);
        Assert.Equal("63", values.Keys.Last());
        return values;
    }

    public static int Checksum(ReadOnlySpan<byte> bytes)
    {
        // 16 bits of zeros behind the message, and a register that begins as the CRC of nothing with start FFFFh.
        int register = 0xFFFF;
        foreach (byte b in bytes)
        {
            for (int bit = 7; bit >= 0; bit--)
            {
                int isOne = ((register >> 15) & 1) ^ ((b >> bit) & 1);
                register = ((register << 1) & 0xFFFF) ^ (isOne * 0x1021);
            }
        }

        return register;
    }

    private static void ReadInto(Dictionary<string, string> values, string path, string text)
    {
        int[] characters = [.. text.EnumerateRunes().Select(rune => rune.Value)];
        int at = 0;
        while (at < characters.Length)
        {
            string id = Text(characters, at, 2);
            int length = int.Parse(Text(characters, at + 2, 2), NumberStyles.None, CultureInfo.InvariantCulture);
            Assert.InRange(length, 1, 99);
            string value = Text(characters, at + 4, length);
            string name = path + id;
            values.Add(name, value);
            if (path.Length == 0 && (id is "62" or "99" || (string.CompareOrdinal(id, "26") >= 0 && string.CompareOrdinal(id, "51") <= 0)))
            {
                ReadInto(values, name + ".", value);
            }

            at += 4 + length;
        }
    }

    private static string Text(int[] characters, int at, int length)
    {
        Assert.True(at + length <= characters.Length, $"expected {length} characters at {at}, found {characters.Length - at}");
        return string.Concat(characters.Skip(at).Take(length).Select(char.ConvertFromUtf32));
    }
}
