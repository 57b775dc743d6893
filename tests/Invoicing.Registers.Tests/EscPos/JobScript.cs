using System.Text;
using Invoicing.Registers.Text;

namespace Invoicing.Registers.Tests.EscPos;

/// <summary>Writes print jobs as tills do. Knows nothing of the code under test but the code pages' encoder.</summary>
internal sealed class JobScript
{
    private readonly List<byte> _bytes = [];
    private CodePage _page = CodePage.Named("utf-8");

    internal byte[] Bytes => [.. _bytes];

    internal JobScript Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    internal JobScript Init() => Raw(0x1B, (byte)'@');

    internal JobScript Use(string page, byte number)
    {
        _page = CodePage.Named(page);
        return Raw(0x1B, (byte)'t', number);
    }

    internal JobScript In(string page)
    {
        _page = CodePage.Named(page);
        return this;
    }

    internal JobScript Text(string text) => Raw(CodePageEncoder.Encode(_page, text));

    internal JobScript Line(string text) => Text(text).Raw(0x0A);

    /// <summary>Name on the left, amount on the right, as most tills print.</summary>
    internal JobScript Columns(string left, string right, int columns = 48) => Line(left + new string(' ', Math.Max(1, columns - left.Length - right.Length)) + right);

    internal JobScript Lines(params string[] lines)
    {
        foreach (string line in lines)
        {
            Line(line);
        }

        return this;
    }

    internal JobScript Raster(int rowBytes, int rows, Func<int, byte>? fill = null)
    {
        Raw(0x1D, (byte)'v', (byte)'0', 0, (byte)(rowBytes & 255), (byte)(rowBytes >> 8), (byte)(rows & 255), (byte)(rows >> 8));
        for (int i = 0; i < rowBytes * rows; i++)
        {
            _bytes.Add(fill?.Invoke(i) ?? 0xFF);
        }

        return this;
    }

    internal JobScript Qr(string payload)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(payload);
        int length = bytes.Length + 3;
        return Raw(0x1D, (byte)'(', (byte)'k', 4, 0, 49, 65, 50, 0)
            .Raw(0x1D, (byte)'(', (byte)'k', (byte)(length & 255), (byte)(length >> 8), 49, 80, 48).Raw(bytes)
            .Raw(0x1D, (byte)'(', (byte)'k', 3, 0, 49, 81, 48);
    }

    internal JobScript Pulse() => Raw(0x1B, (byte)'p', 0, 25, 250);

    internal JobScript Cut() => Raw(0x1D, (byte)'V', 65, 3);

    /// <summary>A small shop's receipt: two items, total, number.</summary>
    internal static JobScript Receipt(string number, string page = "utf-8") => new JobScript().In(page).Init().Lines(
        "CÀ PHÊ SÀI GÒN", $"Số HĐ: {number}", "Ngày: 01/07/2026 15:04", "--------------------------------")
        .Columns("Cà phê sữa đá", "25.000").Columns("Bánh mì thịt", "30.000")
        .Line("--------------------------------").Columns("Tổng cộng", "55.000").Line("Cảm ơn quý khách");
}
