using System.Globalization;
using Invoicing.Amounts;
using Invoicing.Sales;

namespace Invoicing.Testing;

/// <summary>Sales that break no rule: five lines with Vietnamese names, as a small shop rings up.</summary>
public static class TestSales
{
    private static readonly (string Name, string Unit, long Price, TaxRate Rate)[] Goods =
    [
        ("Cà phê sữa đá", "ly", 25_000, TaxRate.Eight),
        ("Bánh mì thịt nướng", "ổ", 30_000, TaxRate.Eight),
        ("Bia lon 330 ml", "lon", 20_000, TaxRate.Ten),
        ("Nước khoáng Vĩnh Hảo 500 ml", "chai", 8_000, TaxRate.Eight),
        ("Gạo ST25", "kg", 38_000, TaxRate.Five),
    ];

    public static Sale Make(string register, ulong epoch, ulong sequence, DateTimeOffset? closedAt = null, int lines = 5)
    {
        SaleLine[] made = [.. Enumerable.Range(0, lines).Select(i => Line(i, sequence))];
        Money total = made.Aggregate(Money.Zero, (sum, line) => sum + line.Amount);
        return new()
        {
            Key = new(new(register), epoch, sequence),
            ReceiptNumber = sequence.ToString("000000", CultureInfo.InvariantCulture),
            ClosedAt = closedAt,
            Clock = closedAt is null ? ClockConfidence.Unknown : ClockConfidence.Synchronised,
            Cashier = "Lan",
            Lines = [.. made],
            Payments = [new(PaymentMeans.Cash, total)],
            Total = total,
        };
    }

    private static SaleLine Line(int index, ulong sequence)
    {
        (string name, string unit, long price, TaxRate rate) = Goods[index % Goods.Length];
        decimal quantity = 1 + ((index + (int)(sequence % 3)) % 3);
        return new()
        {
            Code = (1000 + index).ToString(CultureInfo.InvariantCulture),
            Name = name,
            Unit = unit,
            Quantity = quantity,
            UnitPrice = price,
            Rate = rate,
            Amount = Money.Round(quantity * price),
        };
    }
}
