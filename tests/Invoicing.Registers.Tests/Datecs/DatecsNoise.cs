using System.Text;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>Damages what a register of the family says: bits, bytes, pieces that are missing or come twice, and numbers at the ends of what they may be.</summary>
internal static class DatecsNoise
{
    private static readonly byte[][] Numbers =
    [
        .. new[]
        {
            "0", "-1", "1", "999999999999999", "-999999999999999", "999999999999999.999999", "9999999999999999999999", "0.000001", "0.0000001", "4294967296", "18446744073709551616", "1e5", "99-99-99 99:99:99",
            "01-01-01 00:00:00 DST", string.Empty,
        }.Select(Encoding.ASCII.GetBytes),
    ];

    private static readonly byte[] Marks = [0x01, 0x03, 0x04, 0x05, 0x09, 0x0A, 0x10, 0x15, 0x16, (byte)';', (byte)'"', (byte)',', (byte)'-', (byte)'*', 0xFF, 0x00];

    /// <summary>Damages a copy in up to three places.</summary>
    internal static byte[] Mutate(byte[] input, Random random)
    {
        List<byte> bytes = [.. input];
        for (int i = random.Next(4); i > 0 && bytes.Count > 0; i--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 30), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 30), bytes.Count - at)));
                    break;
                case 3:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 4:
                    bytes.Insert(at, Marks[random.Next(Marks.Length)]);
                    break;
                default:
                    for (int numbers = random.Next(1, 4); numbers > 0; numbers--)
                    {
                        at = Renumber(bytes, at, random);
                    }

                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Puts another number in the place of the next one.</summary>
    /// <returns>Where that ends.</returns>
    private static int Renumber(List<byte> bytes, int at, Random random)
    {
        int from = bytes.FindIndex(at, static b => b is >= (byte)'0' and <= (byte)'9');
        if (from < 0)
        {
            return at;
        }

        int to = bytes.FindIndex(from, static b => b is not ((>= (byte)'0' and <= (byte)'9') or (byte)'.'));
        bytes.RemoveRange(from, (to < 0 ? bytes.Count : to) - from);
        byte[] number = Numbers[random.Next(Numbers.Length)];
        bytes.InsertRange(from, number);
        return from + number.Length;
    }
}
