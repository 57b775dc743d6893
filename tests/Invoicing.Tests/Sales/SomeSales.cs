using System.Collections.Immutable;
using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Tests.Sales;

/// <summary>Sales for tests: named ones with known sums, and random ones that break no rule.</summary>
internal static class SomeSales
{
    public static readonly DateTimeOffset Evening = new(2026, 7, 1, 19, 30, 0, TimeSpan.FromHours(7));

    public static readonly SaleKey Key = new(new RegisterId("SIM-0001"), 0x1122334455667788, 17);

    public static readonly Seller Shop = new(TaxCode.Parse("0107001729"), "Cà phê Sông Hồng", "1 Tràng Tiền, Hà Nội", "001");

    public static readonly TaxRate[] Rates =
        [TaxRate.Zero, TaxRate.Five, TaxRate.Eight, TaxRate.Ten, TaxRate.NotSubject, TaxRate.NotDeclared, TaxRate.Other(526)];

    /// <summary>Two coffees at 8 % and a beer at 10 %, 100,000 ₫ with tax.</summary>
    public static Sale Coffee() => new()
    {
        Key = Key,
        ReceiptNumber = "000123",
        ClosedAt = Evening,
        Clock = ClockConfidence.Synchronised,
        Cashier = "Lan",
        Lines =
        [
            Line("Cà phê sữa đá", 2, 29_000, TaxRate.Eight, unit: "ly"),
            Line("Bia Hà Nội", 2, 21_000, TaxRate.Ten, unit: "lon"),
        ],
        Payments = [new(PaymentMeans.Cash, new(60_000)), new(PaymentMeans.Transfer, new(40_000))],
        Total = new(100_000),
    };

    public static SaleLine Line(
        string name, decimal quantity, decimal price, TaxRate rate, long discount = 0, long? amount = null, string unit = "") => new()
        {
            Name = name,
            Unit = unit,
            Quantity = quantity,
            UnitPrice = price,
            Discount = new(discount),
            Rate = rate,
            Amount = amount is long stated ? new(stated) : Money.Round(quantity * price) - new Money(discount),
        };

    /// <summary>Any sale that a register may ring up: up to 40 lines, voids, discounts, six decimals, prices with tax or without.</summary>
    public static Sale Any(Random random, Func<Sale, Money> total)
    {
        List<SaleLine> lines = [];
        int count = random.Next(1, 41);
        while (lines.Count < count)
        {
            decimal quantity = random.Next(3) == 0 ? random.Next(1, 5_000_000) / 1_000m : random.Next(1, 100);
            decimal price = random.Next(4) == 0 ? random.Next(1, int.MaxValue) / 1_000_000m : random.Next(1, 2_000) * 500;
            var exact = Money.Round(quantity * price);
            long discount = random.Next(5) == 0 ? random.NextInt64(exact.Dong + 1) : 0;
            SaleLine line = Line($"Hàng {lines.Count}", quantity, price, random.GetItems(Rates, 1)[0], discount);
            lines.Add(line);
            if (random.Next(10) == 0)
            {
                lines.Add(line with { Quantity = -line.Quantity, Amount = -line.Amount });
            }
        }

        long whole = lines.Sum(line => line.Amount.Dong);
        Sale sale = Coffee() with
        {
            Lines = [.. lines],
            ReceiptDiscount = new(random.Next(3) == 0 ? random.NextInt64(whole + 1) : 0),
            PricesIncludeTax = random.Next(2) == 0,
            Payments = [],
        };
        sale = sale with { Total = total(sale) };
        return random.Next(2) == 0 ? sale : sale with { Payments = [new(PaymentMeans.Card, sale.Total)] };
    }

    public static Sale Shuffled(this Sale sale, Random random)
    {
        SaleLine[] lines = [.. sale.Lines];
        random.Shuffle(lines);
        return sale with { Lines = ImmutableArray.Create(lines) };
    }
}
