using System.Globalization;

namespace FirmwareSim.Eutron;

/// <summary>Decimal numbers, two digits a byte, the least significant pair first (§3.1).</summary>
internal static class PackedBcd
{
    /// <summary>Writes a number.</summary>
    /// <param name="value">Not negative.</param>
    /// <param name="bytes">Room: 2 digits a byte.</param>
    /// <exception cref="OverflowException">The number has more digits than there is room for.</exception>
    public static byte[] Of(long value, int bytes)
    {
        byte[] packed = new byte[bytes];
        long left = value;
        for (int i = 0; i < bytes; i++)
        {
            packed[i] = (byte)((left % 100 / 10 << 4) | (left % 10));
            left /= 100;
        }

        return left == 0
            ? packed
            : throw new OverflowException(string.Create(CultureInfo.InvariantCulture, $"{value} has more than {2 * bytes} digits"));
    }

    /// <summary>Reads a number; null if a half byte is no digit.</summary>
    public static long? Read(ReadOnlySpan<byte> packed)
    {
        long value = 0;
        for (int i = packed.Length - 1; i >= 0; i--)
        {
            (int high, int low) = (packed[i] >> 4, packed[i] & 0x0F);
            if (high > 9 || low > 9)
            {
                return null;
            }

            value = (value * 100) + (high * 10) + low;
        }

        return value;
    }
}
