using System.Text;
using Invoicing.Gateway.Recording;
using Invoicing.Sales;

namespace Invoicing.Gateway.Tests.Recording;

public sealed class SaleContentTests
{
    [Fact]
    public void The_form_never_changes_or_resends_would_become_conflicts()
    {
        Sale sale = TestShop.Sale(7) with { ClosedAt = new DateTimeOffset(2026, 7, 1, 15, 4, 5, TimeSpan.FromHours(7)), Cashier = "Lan" };

        Assert.Equal(
            """{"register":"SIM-0001","epoch":"1122334455667788","sequence":7,"receipt":"R7","closed_at":"2026-07-01T15:04:05.0000000+07:00","clock":0,"cashier":"Lan","prices_include_tax":true,"lines":[{"name":"Cà phê sữa đá","unit":"ly","quantity":2,"price":29000,"discount":0,"rate_kind":0,"rate":800,"amount":58000},{"name":"Bánh mì","unit":"cái","quantity":1,"price":35000,"discount":0,"rate_kind":0,"rate":800,"amount":35000}],"discount":0,"payments":[[1,93000]],"total":93000}""",
            Encoding.UTF8.GetString(SaleContent.Of(sale)));
    }

    [Fact]
    public void Trailing_zeros_are_no_other_content()
    {
        Sale sale = TestShop.Sale(1);
        Sale same = sale with { Lines = [sale.Lines[0] with { Quantity = 2.000m, UnitPrice = 29_000.0m }, sale.Lines[1]] };

        Assert.Equal(SaleContent.Of(sale), SaleContent.Of(same));
    }

    [Fact]
    public void Every_other_member_is_content()
    {
        Sale sale = TestShop.Sale(1);
        SaleLine line = sale.Lines[0];
        Sale[] others =
        [
            TestShop.Sale(2), TestShop.Sale(1, "SIM-0002"), TestShop.Sale(1, epoch: 9), sale with { ReceiptNumber = null },
            sale with { ClosedAt = DateTimeOffset.UnixEpoch }, sale with { Clock = ClockConfidence.Set }, sale with { Cashier = "x" },
            sale with { PricesIncludeTax = false }, sale with { ReceiptDiscount = new(1) }, sale with { Total = new(1) },
            sale with { Payments = [] }, sale with { Payments = [new(PaymentMeans.Card, sale.Total)] }, sale with { Lines = [line] },
            sale with { Lines = [line with { Name = "x" }, sale.Lines[1]] }, sale with { Lines = [line with { Unit = "x" }, sale.Lines[1]] },
            sale with { Lines = [line with { Code = "x" }, sale.Lines[1]] }, sale with { Lines = [line with { Quantity = 3 }, sale.Lines[1]] },
            sale with { Lines = [line with { UnitPrice = 3 }, sale.Lines[1]] }, sale with { Lines = [line with { Discount = new(1) }, sale.Lines[1]] },
            sale with { Lines = [line with { Rate = Amounts.TaxRate.Ten }, sale.Lines[1]] },
            sale with { Lines = [line with { Rate = Amounts.TaxRate.NotSubject }, sale.Lines[1]] },
            sale with { Lines = [line with { Amount = new(1) }, sale.Lines[1]] },
        ];

        Assert.Equal(others.Length + 1, others.Append(sale).Select(s => Convert.ToHexString(SaleContent.Of(s))).Distinct().Count());
    }

    [Fact]
    public void Half_a_character_is_no_reason_to_lose_a_sale()
    {
        Sale sale = TestShop.Sale(1) with { Cashier = "L\ud83d" };

        Assert.NotEmpty(SaleContent.Of(sale));
    }

    [Fact]
    public void A_sale_beyond_any_register_is_a_programming_error()
    {
        SaleLine line = TestShop.Sale(1).Lines[0] with { Name = new string('x', 600_000) };

        ArgumentException fault = Assert.Throws<ArgumentException>(() => SaleContent.Of(TestShop.Sale(1) with { Lines = [line] }));
        Assert.Contains("at most 524288 bytes", fault.Message, StringComparison.Ordinal);
    }
}
