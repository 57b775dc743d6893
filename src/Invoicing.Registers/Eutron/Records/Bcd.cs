namespace Invoicing.Registers.Eutron.Records;

/// <summary>Packed decimal digits, two in a byte, the least significant byte first.</summary>
internal static class Bcd
{
    /// <summary>Reads a number of at most nine bytes.</summary>
    /// <returns>The number; <see langword="null"/> if a nibble is no digit.</returns>
    public static long? Read(ReadOnlySpan<byte> bytes)
    {
        long value = 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            int high = bytes[i] >> 4;
            int low = bytes[i] & 0xF;
            if (high > 9 || low > 9)
            {
                return null;
            }

            value = (value * 100) + (high * 10) + low;
        }

        return value;
    }

    /// <summary>Reads the two digits of one byte; -1 if they are none.</summary>
    public static int Two(byte digits) => (int)(Read([digits]) ?? -1);
}
