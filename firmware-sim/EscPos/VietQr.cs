using System.Globalization;
using System.Text;

namespace FirmwareSim.EscPos;

/// <summary>The text in a VietQR code: EMVCo fields of tag, length and value, closed by a check.</summary>
internal static class VietQr
{
    private const string Bank = "970436";
    private const string Account = "0123456789";

    /// <summary>Asks for a transfer.</summary>
    /// <param name="amount">Whole đồng.</param>
    /// <param name="text">What the transfer shall say; ASCII.</param>
    public static string Of(long amount, string text)
    {
        string account = Field("00", "A000000727") + Field("01", Field("00", Bank) + Field("01", Account)) + Field("02", "QRIBFTTA");
        string body = Field("00", "01") + Field("01", "12") + Field("38", account) + Field("53", "704")
            + Field("54", amount.ToString(CultureInfo.InvariantCulture)) + Field("58", "VN") + Field("62", Field("08", text)) + "6304";
        return body + Check(body).ToString("X4", CultureInfo.InvariantCulture);
    }

    private static string Field(string tag, string value) => string.Create(CultureInfo.InvariantCulture, $"{tag}{value.Length:D2}{value}");

    /// <summary>CRC-16, polynomial 1021h, from FFFFh.</summary>
    private static int Check(string text)
    {
        int crc = 0xFFFF;
        foreach (byte part in Encoding.ASCII.GetBytes(text))
        {
            crc ^= part << 8;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000) != 0 ? ((crc << 1) ^ 0x1021) & 0xFFFF : (crc << 1) & 0xFFFF;
            }
        }

        return crc;
    }
}
