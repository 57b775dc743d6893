namespace Invoicing.Vietnam;

/// <summary>CRC-16/CCITT-FALSE: polynomial 1021h, start FFFFh, bits not reflected, nothing inverted. Check: "123456789" gives 29B1h.</summary>
/// <remarks>Source: EMV QR Code Specification, Merchant-Presented Mode, 4.7.3 (ISO/IEC 13239); recomputed on the example of Decision 1271/QĐ-CT.</remarks>
internal static class Crc16
{
    private const int Polynomial = 0x1021;

    public static int Of(ReadOnlySpan<byte> bytes)
    {
        int crc = 0xFFFF;
        foreach (byte b in bytes)
        {
            crc ^= b << 8;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000) != 0 ? ((crc << 1) ^ Polynomial) & 0xFFFF : crc << 1;
            }
        }

        return crc;
    }
}
