using System.Globalization;
using System.Text;
using Invoicing.Registers.Text;
using Invoicing.Sales;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>What the tap puts on a receipt: the invoice's code, series, number and QR code, or that there is none.</summary>
/// <param name="options">How the printer takes text.</param>
internal sealed class PrintedBlock(BlockOptions options)
{
    /// <summary>Longest QR payload: version 40 at level M holds 2,331 bytes; a look-up text has under 100.</summary>
    private const int MostPayload = 2331;

    /// <summary>Style off: size, bold, reverse, upside-down; then centred.</summary>
    private static readonly byte[] Plain =
        [0x1B, (byte)'!', 0, 0x1D, (byte)'!', 0, 0x1B, (byte)'E', 0, 0x1D, (byte)'B', 0, 0x1B, (byte)'{', 0, 0x1B, (byte)'a', 1];

    private static readonly byte[] Left = [0x1B, (byte)'a', 0];

    /// <summary>The block of an invoice.</summary>
    internal byte[] Issued(PrintedInvoice invoice, string lookup)
    {
        string number = invoice.Number.ToString(CultureInfo.InvariantCulture);
        return [.. Begin("", "HÓA ĐƠN ĐIỆN TỬ", $"Mã CQT: {invoice.Code}", $"Ký hiệu: {invoice.Series}  Số: {number}"), .. Qr(lookup), .. End()];
    }

    /// <summary>The line that says that there is no invoice.</summary>
    internal byte[] NotInvoiced() => [.. Begin("", "*** CHƯA LẬP HÓA ĐƠN / NOT INVOICED ***"), .. End()];

    /// <summary>The slip that is printed instead of a receipt that was refused.</summary>
    internal byte[] Refused() =>
    [
        .. Begin("", "*** CHƯA IN HÓA ĐƠN / NOT PRINTED ***", "Chưa lập được hóa đơn. Sẽ in khi lập xong.", "No invoice yet. It is printed when there is one."),
        .. End(), 0x1D, (byte)'V', 66, 0,
    ];

    private List<byte> Begin(params string[] lines)
    {
        List<byte> bytes = [.. Plain];
        if (options.PageNumber is { } number)
        {
            bytes.AddRange([0x1B, (byte)'t', number]);
        }

        foreach (string line in lines)
        {
            bytes.AddRange(options.Page is { } page ? CodePageEncoder.Encode(page, line) : Encoding.ASCII.GetBytes(PlainLetters.Ascii(line)));
            bytes.Add(0x0A);
        }

        return bytes;
    }

    /// <summary>GS ( k: model 2, dot size, error correction M, store, print.</summary>
    private byte[] Qr(string text)
    {
        byte[] payload = Encoding.UTF8.GetBytes(text);
        if (payload.Length is 0 or > MostPayload)
        {
            return [];
        }

        int length = payload.Length + 3;
        return
        [
            0x1D, (byte)'(', (byte)'k', 4, 0, 49, 65, 50, 0,
            0x1D, (byte)'(', (byte)'k', 3, 0, 49, 67, (byte)options.DotSize,
            0x1D, (byte)'(', (byte)'k', 3, 0, 49, 69, 49,
            0x1D, (byte)'(', (byte)'k', (byte)(length & 255), (byte)(length >> 8), 49, 80, 48, .. payload,
            0x1D, (byte)'(', (byte)'k', 3, 0, 49, 81, 48,
            0x0A,
        ];
    }

    private byte[] End() => [.. Left, 0x1B, (byte)'d', (byte)options.Feed];
}
