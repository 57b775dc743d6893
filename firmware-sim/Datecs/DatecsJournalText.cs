using System.Globalization;
using FirmwareSim.Baskets;
using FirmwareSim.Tills;

namespace FirmwareSim.Datecs;

/// <summary>A document as the electronic journal keeps it: text of at most 42 columns, the firmware's words in Bulgarian, goods unaccented.</summary>
internal static class DatecsJournalText
{
    private const int Width = 42;
    private const string Rates = "АБВГ";

    public static IReadOnlyList<string> Of(RungReceipt receipt)
    {
        List<string> lines = [Centred("CUA HANG MUOI"), Centred("MST 0312270160"), $"ОПЕРАТОР {Vietnamese.Plain(receipt.Cashier)}"];
        if (receipt.Class == ReceiptClass.DayClose)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"ДНЕВЕН ОТЧЕТ Z {receipt.Z:D4}"));
            lines.Add(Pair("ОБОРОТ", DatecsAmounts.Money(receipt.Total)));
        }
        else
        {
            Body(receipt, lines);
        }

        lines.Add(string.Create(CultureInfo.InvariantCulture, $"{receipt.Number:D7} {DatecsAmounts.Clock(receipt.Time)}"));
        lines.Add(Centred(receipt.Class == ReceiptClass.DayClose ? "СЛУЖЕБЕН БОН" : "ФИСКАЛЕН БОН"));
        return lines;
    }

    private static void Body(RungReceipt receipt, List<string> lines)
    {
        if (receipt.Class == ReceiptClass.Refund)
        {
            lines.Add("СТОРНО");
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"КЪМ БОН {receipt.Refers:D7}"));
        }

        for (int i = 0; i < receipt.Lines.Length; i++)
        {
            Goods(receipt.Lines[i], lines);
            if (i == receipt.Lines.Length / 2 && receipt.Interruption != Interruption.None)
            {
                lines.Add("VOLTAGE DROP");
            }
        }

        if (receipt.Interruption == Interruption.NeverEnded)
        {
            lines.Add("АНУЛИРАН");
            return;
        }

        if (receipt.Class == ReceiptClass.Cancelled && !receipt.IsAfterTotal)
        {
            lines.Add("АНУЛИРАН");
            return;
        }

        Totals(receipt, lines);
    }

    private static void Goods(RungLine line, List<string> lines)
    {
        lines.Add(line.Name.Length > Width ? line.Name[..Width] : line.Name);
        char rate = Rates[line.Department - 1];
        lines.Add(Pair($"  {DatecsAmounts.Quantity(line.Quantity)} x {DatecsAmounts.Money(line.Price)}", $"{DatecsAmounts.Money(line.Gross)} {rate}"));
        if (line.Discount != 0)
        {
            lines.Add(Pair("ОТСТЪПКА", DatecsAmounts.Money(-line.Discount)));
        }
    }

    private static void Totals(RungReceipt receipt, List<string> lines)
    {
        if (receipt.Discount != 0)
        {
            lines.Add(Pair("МЕЖДИННА СУМА", DatecsAmounts.Money(receipt.Subtotal)));
            lines.Add(Pair($"ОТСТЪПКА -{DatecsAmounts.Percent(receipt.DiscountHundredths)}%", DatecsAmounts.Money(-receipt.Discount)));
        }

        lines.Add(Pair("ОБЩА СУМА", DatecsAmounts.Money(receipt.Total)));
        foreach (RungPayment payment in receipt.Payments)
        {
            lines.Add(Pair(Word(payment.Means), DatecsAmounts.Money(payment.Amount)));
        }

        if (receipt.Class == ReceiptClass.Cancelled)
        {
            lines.Add("АНУЛИРАН");
        }
    }

    private static string Word(Means means) => means switch
    {
        Means.Cash => "В БРОЙ",
        Means.Card => "С КАРТА",
        Means.Voucher => "ВАУЧЕР",
        _ => "ПО СМЕТКА",
    };

    private static string Pair(string left, string right) => left + right.PadLeft(Math.Max(right.Length + 1, Width - left.Length));

    private static string Centred(string text) => new string(' ', (Width - text.Length) / 2) + text;
}
