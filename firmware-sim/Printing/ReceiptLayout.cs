using System.Globalization;
using FirmwareSim.Baskets;
using FirmwareSim.Tills;

namespace FirmwareSim.Printing;

/// <summary>A receipt as lines of text, 48 columns.</summary>
internal sealed class ReceiptLayout(ReceiptTemplate template)
{
    /// <summary>Columns of a printer for 80 mm paper with its usual font.</summary>
    public const int Width = 48;

    private const int NameWidth = 21;

    private static readonly string Rule = new('-', Width);

    /// <summary>What is printed of this document.</summary>
    /// <param name="receipt">The document.</param>
    /// <param name="kind">As what: itself, a copy, a slip for the kitchen, a bill before it is paid.</param>
    /// <param name="marksCopies">Whether a copy says that it is one; not all programs do.</param>
    public IReadOnlyList<string> Of(RungReceipt receipt, ReceiptClass kind, bool marksCopies = true)
    {
        if (kind == ReceiptClass.Kitchen)
        {
            return [Centred("PHIẾU BẾP"), Head(receipt), Clock(receipt), Rule, .. receipt.Lines.Select(Dish), Rule];
        }

        List<string> lines = [Centred("CỬA HÀNG MƯỜI"), Centred("12 phố Huế, Hà Nội"), Centred(Title(receipt, kind))];
        if (kind == ReceiptClass.Copy && marksCopies)
        {
            lines.Add(Centred("(BẢN SAO)"));
        }

        lines.AddRange([Head(receipt), Clock(receipt)]);
        if (receipt.Class == ReceiptClass.DayClose)
        {
            return [.. lines, Rule, Pair("DOANH THU NGÀY:", Money(receipt.Total)), Rule];
        }

        if (receipt.Class == ReceiptClass.Refund)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"Hóa đơn gốc: {receipt.Refers:D6}"));
        }

        lines.AddRange([Rule, .. template == ReceiptTemplate.OneLine ? (string[])[Columns("Tên hàng", "SL", "Đơn giá", "T.Tiền"), Rule] : []]);
        lines.AddRange(receipt.Lines.SelectMany(Goods));
        lines.AddRange([Rule, .. Totals(receipt, kind), Rule, Centred("Cảm ơn quý khách, hẹn gặp lại!")]);
        return lines;
    }

    private static string Title(RungReceipt receipt, ReceiptClass kind) => (kind, receipt.Class) switch
    {
        (ReceiptClass.ProForma, _) => "PHIẾU TẠM TÍNH",
        (_, ReceiptClass.Refund) => "PHIẾU TRẢ HÀNG",
        (_, ReceiptClass.Cancelled) => "HÓA ĐƠN ĐÃ HỦY",
        (_, ReceiptClass.DayClose) => "BÁO CÁO CUỐI NGÀY",
        _ => "HÓA ĐƠN BÁN HÀNG",
    };

    private static string Head(RungReceipt receipt) =>
        Pair(string.Create(CultureInfo.InvariantCulture, $"Số HĐ: {receipt.Number:D6}"), "Thu ngân: " + receipt.Cashier);

    private static string Clock(RungReceipt receipt) => receipt.Time.ToString("'Ngày: 'dd/MM/yyyy HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Dish(RungLine line) => Quantity(line.Quantity).PadLeft(6) + "  " + line.Title;

    private IEnumerable<string> Goods(RungLine line)
    {
        if (template == ReceiptTemplate.OneLine)
        {
            yield return Columns(line.Title, Quantity(line.Quantity), Money(line.Price), Money(line.Gross));
        }
        else
        {
            yield return line.Title;
            yield return Pair($"  {Quantity(line.Quantity)} x {Money(line.Price)}", Money(line.Gross));
        }

        if (line.Discount != 0)
        {
            yield return Pair("  Giảm giá", Money(-line.Discount));
        }
    }

    private static IEnumerable<string> Totals(RungReceipt receipt, ReceiptClass kind)
    {
        if (receipt.Discount != 0)
        {
            yield return Pair("Cộng tiền hàng:", Money(receipt.Subtotal));
            yield return Pair("Chiết khấu:", Money(-receipt.Discount));
        }

        yield return Pair("TỔNG CỘNG:", Money(receipt.Total));
        foreach (RungPayment payment in kind == ReceiptClass.ProForma ? [] : receipt.Payments)
        {
            yield return Pair(Word(payment.Means), Money(payment.Amount));
        }
    }

    private static string Word(Means means) => means switch
    {
        Means.Cash => "Tiền mặt:",
        Means.Card => "Thẻ:",
        Means.Transfer => "Chuyển khoản:",
        Means.Wallet => "Ví điện tử:",
        _ => "Phiếu mua hàng:",
    };

    /// <summary>Points between thousands, as Vietnam writes them.</summary>
    private static string Money(long amount) => amount.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '.');

    /// <summary>A comma before decimals, as Vietnam writes them.</summary>
    private static string Quantity(long thousandths) => (thousandths / 1000m).ToString("0.###", CultureInfo.InvariantCulture).Replace('.', ',');

    private static string Columns(string name, string quantity, string price, string amount)
    {
        string cut = name.Length > NameWidth ? name[..NameWidth] : name.PadRight(NameWidth);
        return cut + quantity.PadLeft(6) + price.PadLeft(9) + amount.PadLeft(12);
    }

    private static string Pair(string left, string right) => left + right.PadLeft(Math.Max(right.Length + 1, Width - left.Length));

    private static string Centred(string text) => new string(' ', Math.Max(0, (Width - text.Length) / 2)) + text;
}
