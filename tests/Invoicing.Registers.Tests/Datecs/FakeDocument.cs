namespace Invoicing.Registers.Tests.Datecs;

/// <summary>A document of a scripted register.</summary>
internal sealed record FakeDocument(ulong Number, string Type, DateTime At, string[] Lines, string[] Rows)
{
    internal const string Serial = "DT000001";

    /// <summary>A receipt with two lines, a discount on the subtotal, and cash with change.</summary>
    internal static FakeDocument Receipt(ulong number, DateTime at)
    {
        long total = 38500 * 2 + 13900 - 900;
        return new(number, "1", at, Text(number, at, total), [Row(number, "Sua tuoi", "38500.00", "2.000", "77000.00", total), Row(number, "Khan giay; hop", "13900.00", "1.000", "13900.00", total)]);
    }

    /// <summary>A receipt with one line, short enough to be cut after every byte.</summary>
    internal static FakeDocument Small(ulong number, DateTime at, long total = 90000) => new(
        number, "1", at, ["Sua", $" 1.000 x {total}.00 {total}.00 А", $"ОБЩА СУМА {total}.00", $"{number:D7} {at:dd-MM-yy HH:mm:ss}", "ФИСКАЛЕН БОН"],
        [Row(number, "Sua", $"{total}.00", "1.000", $"{total}.00", total)]);

    internal static FakeDocument Storno(ulong number, ulong reversed, DateTime at) => new(
        number, "6", at, ["СТОРНО", $"КЪМ БОН {reversed:D7}", "Bia 333", "  1.000 x 289000.00     289000.00 А", "ОБЩА СУМА 289000.00", $"{number:D7} {at:dd-MM-yy HH:mm:ss}", "ФИСКАЛЕН БОН"],
        [$"{Serial};3;{number};{Serial}-0001-{number:D7};Bia 333;289000.00;-1.000;-289000.00;-289000.00;;;{reversed};;0"]);

    internal static FakeDocument DayClose(ulong number, DateTime at) => new(
        number, "2", at, ["ДНЕВЕН ОТЧЕТ Z 0007", "БРОЙ ФИСКАЛНИ БОНОВЕ 12", "ОБОРОТ 1200000.00", $"{number:D7} {at:dd-MM-yy HH:mm:ss}", "СЛУЖЕБЕН БОН"], []);

    internal static FakeDocument Cancelled(ulong number, DateTime at) => new(
        number, "8", at, ["Sua tuoi", "  2.000 x 38500.00     77000.00 А", "АНУЛИРАН", $"{number:D7} {at:dd-MM-yy HH:mm:ss}", "ФИСКАЛЕН БОН"], []);

    internal static string Row(ulong number, string name, string price, string quantity, string value, long total) =>
        $"{Serial};1;{number};{Serial}-0001-{number:D7};{(name.Contains(';', StringComparison.Ordinal) ? $"\"{name}\"" : name)};{price};{quantity};{value};{total}.00;;;;;";

    private static string[] Text(ulong number, DateTime at, long total) =>
    [
        "       CUA HANG MUOI", "     MST 0312270160", "ОПЕРАТОР Lan", "Sua tuoi", "  2.000 x 38500.00               77000.00 А", "  1.000 x 13900.00",
        " Khan giay; hop                 13900.00 Б", "МЕЖДИННА СУМА                   90900.00", "ОТСТЪПКА -0.99%                  -900.00",
        $"ОБЩА СУМА                       {total}.00", "В БРОЙ                         100000.00", "РЕСТО                           10000.00",
        $"{number:D7} {at:dd-MM-yy HH:mm:ss}", "          ФИСКАЛЕН БОН",
    ];
}
