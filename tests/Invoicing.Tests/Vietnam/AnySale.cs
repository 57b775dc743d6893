using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Tests.Sales;

namespace Invoicing.Tests.Vietnam;

/// <summary>
/// Random sales that break no rule, of everything that the law knows: all natures and rates, discounts of lines and receipts, voids, prices with
/// tax and without, VAT and sales invoices.
/// </summary>
internal static class AnySale
{
    public static (Sale Sale, InvoiceKind Kind) Make(Random random)
    {
        InvoiceKind kind = random.GetItems([InvoiceKind.Vat, InvoiceKind.Sales, InvoiceKind.Other, InvoiceKind.SalesWithFees], 1)[0];
        TaxRate?[] rates = kind is InvoiceKind.Sales or InvoiceKind.SalesWithFees
            ? [TaxRate.NotSubject, TaxRate.NotDeclared, null]
            : [.. SomeSales.Rates.Select(rate => (TaxRate?)rate), TaxRate.Other(random.Next(10_000))];
        List<SaleLine> lines = [];
        int count = random.Next(1, 31);
        while (lines.Count < count)
        {
            AddLines(random, random.GetItems(rates, 1)[0], lines);
        }

        long whole = lines.Sum(line => line.Amount.Dong);
        Sale sale = SomeSales.Coffee() with
        {
            Lines = [.. lines],
            ReceiptDiscount = new(random.Next(3) == 0 ? random.NextInt64(whole + 1) : 0),
            PricesIncludeTax = random.Next(2) == 0,
            Payments = [],
        };
        sale = sale with { Total = ExactTaxes.Total(Rated(sale)) };
        return (random.Next(2) == 0 ? sale : sale with { Payments = [new(PaymentMeans.Card, sale.Total)] }, kind);
    }

    /// <summary>As the gateway judges it: what names no rate is neither declared nor paid.</summary>
    public static Sale Rated(Sale sale) => sale with { Lines = [.. sale.Lines.Select(line => line with { Rate = line.Rate ?? TaxRate.NotDeclared })] };

    /// <summary>All of it taken back, as an adjustment states it.</summary>
    public static Sale Negated(Sale sale) => sale with
    {
        Lines = [.. sale.Lines.Select(line => line with { Quantity = -line.Quantity, Amount = -line.Amount })],
        Payments = [.. sale.Payments.Select(payment => payment with { Amount = -payment.Amount })],
        Total = -sale.Total,
    };

    private static void AddLines(Random random, TaxRate? rate, List<SaleLine> lines)
    {
        SaleLine line = Goods(random, rate, lines.Count);
        switch (random.Next(10))
        {
            case 0:
                lines.Add(line with { Nature = LineNature.Promotion, Amount = Money.Zero, Discount = Money.Zero, Rate = random.Next(2) == 0 ? rate : null });
                break;
            case 1:
                lines.Add(line with { Nature = LineNature.Note, Quantity = 0, UnitPrice = 0, Amount = Money.Zero, Discount = Money.Zero, Rate = null });
                break;
            case 2:
                // A discount as a line of its own, at most what its rate has come to.
                long worth = lines.Where(l => l.Rate == rate).Sum(l => l.Amount.Dong);
                lines.Add(line with
                {
                    Nature = LineNature.TradeDiscount,
                    Quantity = 0,
                    UnitPrice = 0,
                    Discount = Money.Zero,
                    Amount = new(-random.NextInt64(worth + 1)),
                });
                break;
            case 3:
                lines.Add(line with { Nature = LineNature.Special, Special = new(SpecialGoodsType.Transport, "29A-123.45") });
                break;
            case 4:
                lines.Add(line);
                lines.Add(line with { Quantity = -line.Quantity, Amount = -line.Amount });
                break;
            default:
                lines.Add(line);
                break;
        }
    }

    private static SaleLine Goods(Random random, TaxRate? rate, int index)
    {
        decimal quantity = random.Next(3) == 0 ? random.Next(1, 5_000_000) / 1_000m : random.Next(1, 100);
        decimal price = random.Next(4) switch
        {
            0 => random.Next(1, int.MaxValue) / 1_000_000m,
            1 => random.Next(1, 20), // a few đồng: here rounding decides
            _ => random.Next(1, 2_000) * 500,
        };
        var exact = Money.Round(quantity * price);
        long discount = random.Next(5) == 0 ? random.NextInt64(exact.Dong + 1) : 0;
        return SomeSales.Line($"Hàng {index}", quantity, price, TaxRate.Zero, discount) with { Rate = rate };
    }
}
