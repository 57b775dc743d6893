using System.Globalization;
using FirmwareSim.Tills;

namespace FirmwareSim.Datecs;

/// <summary>The 14 columns of 125/8, one row for each sold line (§1.5).</summary>
internal static class SoldRows
{
    public static IReadOnlyList<string> Of(RungReceipt receipt) => [.. receipt.Lines.Select(line => Row(receipt, line))];

    private static string Row(RungReceipt receipt, RungLine line)
    {
        bool isStorno = receipt.Class == ReceiptClass.Refund;
        string[] columns =
        [
            receipt.Register, isStorno ? "3" : "1", Text(receipt.Number),
            string.Create(CultureInfo.InvariantCulture, $"{receipt.Register}-0001-{receipt.Number:D7}"), line.Name,
            DatecsAmounts.Money(line.Price), DatecsAmounts.Quantity(line.Quantity), DatecsAmounts.Money(line.Amount), DatecsAmounts.Money(receipt.Total),
            string.Empty, string.Empty, isStorno ? Text(receipt.Refers ?? 0) : string.Empty, string.Empty, isStorno ? "0" : string.Empty,
        ];
        return string.Join(';', columns.Select(Quoted));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Quoted(string column) =>
        column.AsSpan().ContainsAny(';', '"') ? $"\"{column.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : column;
}
