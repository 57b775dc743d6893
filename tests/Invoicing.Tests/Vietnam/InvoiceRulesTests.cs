using System.Globalization;
using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Testing;
using Invoicing.Tests.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Tests.Vietnam;

public sealed class InvoiceRulesTests
{
    private const string Emoji = "😀"; // one character of the law, two of .NET

    [Fact]
    public void A_sale_as_it_should_be_breaks_no_rule() => Assert.Empty(InvoiceRules.Judge(SomeSales.Coffee(), InvoiceKind.Vat));

    /// <summary>Each rule broken alone: the change, the rule's id, the path, what was expected and found.</summary>
    public static TheoryData<string, Func<Sale, Sale>, string> Broken => new()
    {
        { "no line", sale => sale with { Lines = [] }, "VN-LINES-1 at Lines: expected 1 to 500 lines, found 0" },
        {
            "no name", sale => First(sale, line => line with { Name = "" }),
            "VN-NAME-1 at Lines[0].Name: expected 1 to 500 characters that are not all blank, found 0 characters, ''"
        },
        {
            "blank name", sale => First(sale, line => line with { Name = " \u00A0" }),
            "VN-NAME-1 at Lines[0].Name: expected 1 to 500 characters that are not all blank, found 2 characters, ' \u00A0'"
        },
        {
            "long unit", sale => First(sale, line => line with { Unit = new string('l', 51) }),
            $"VN-UNIT-1 at Lines[0].Unit: expected at most 50 characters, found 51 characters, '{new string('l', 51)}'"
        },
        {
            "long code", sale => First(sale, line => line with { Code = new string('1', 70) }),
            $"VN-GOODS-1 at Lines[0].Code: expected at most 50 characters, found 70 characters, '{new string('1', 60)}…'"
        },
        {
            "control character", sale => First(sale, line => line with { Name = "Trà\u0000đá" }),
            "VN-TEXT-1 at Lines[0].Name: expected text without control characters and without halves of characters, found 'Trà\\u0000đá'"
        },
        {
            "half a character", sale => First(sale, line => line with { Name = "Trà\uD83D" }),
            "VN-TEXT-1 at Lines[0].Name: expected text without control characters and without halves of characters, found 'Trà\\uD83D'"
        },
        {
            "halves in the wrong order", sale => sale with { Cashier = "\uDE00\uD83D" },
            "VN-TEXT-1 at Cashier: expected text without control characters and without halves of characters, found '\\uDE00\\uD83D'"
        },
        {
            "no character at all", sale => sale with { ReceiptNumber = "1\uFFFF" },
            "VN-TEXT-1 at ReceiptNumber: expected text without control characters and without halves of characters, found '1\\uFFFF'"
        },
        {
            "long receipt number", sale => sale with { ReceiptNumber = new string('7', 33) },
            $"VN-RECEIPT-1 at ReceiptNumber: expected at most 32 characters, found 33 characters, '{new string('7', 33)}'"
        },
        {
            "long cashier", sale => sale with { Cashier = new string('L', 51) },
            $"VN-CASHIER-1 at Cashier: expected at most 50 characters, found 51 characters, '{new string('L', 51)}'"
        },
        {
            "seven decimals", sale => First(sale, line => line with { Quantity = 2.0000001m }),
            "VN-DECIMALS-1 at Lines[0].Quantity: expected at most 15 digits before and 6 behind the point, found 2.0000001"
        },
        {
            "16 digits", sale => First(sale, line => line with { UnitPrice = -1_000_000_000_000_000m }),
            "VN-DECIMALS-1 at Lines[0].UnitPrice: expected at most 15 digits before and 6 behind the point, found -1000000000000000"
        },
        {
            "negative line discount", sale => First(sale, line => line with { Discount = new(-1) }),
            "VN-DISCOUNT-1 at Lines[0].Discount: expected 0 or more, found -1 ₫"
        },
        {
            "more discount than worth",
            sale => First(sale, line => line with { Discount = new(58_001), Amount = Money.Zero }) with { Total = new(42_000), Payments = [] },
            "VN-DISCOUNT-1 at Lines[0].Discount: expected at most what the line is worth, 2 × 29000, found 58001 ₫"
        },
        {
            "line does not multiply",
            sale => First(sale, line => line with { Amount = new(58_001) }) with { Total = new(100_001), Payments = [] },
            "VN-LINE-1 at Lines[0].Amount: expected 2 × 29000 - discount 0 ₫, found 58001 ₫"
        },
        {
            "voided line does not multiply",
            sale => sale with { Lines = sale.Lines.Add(SomeSales.Line("Bia", -1, 21_000, TaxRate.Ten, 1_000, -21_000)), Total = new(79_000), Payments = [] },
            "VN-LINE-1 at Lines[2].Amount: expected -1 × 21000 + discount 1000 ₫, found -21000 ₫"
        },
        {
            "product beyond all amounts", sale => First(sale, line => line with { Quantity = 999_999_999_999_999.999999m, UnitPrice = 999_999_999_999_999.999999m }),
            "VN-LINE-1 at Lines[0].Amount: expected 999999999999999.999999 × 999999999999999.999999, found 58000 ₫"
        },
        {
            "amount of 16 digits", sale => First(sale, line => line with { Amount = new(1_000_000_000_000_000) }),
            "VN-AMOUNT-1 at Lines[0].Amount: expected at most 15 digits (999999999999999 ₫), found 1000000000000000 ₫"
        },
        {
            "the smallest long", sale => sale with { ReceiptDiscount = new(long.MinValue) },
            "VN-AMOUNT-1 at ReceiptDiscount: expected at most 15 digits (999999999999999 ₫), found -9223372036854775808 ₫"
        },
        {
            "negative receipt discount", sale => sale with { ReceiptDiscount = new(-5), Total = new(100_005), Payments = [] },
            "VN-DISCOUNT-1 at ReceiptDiscount: expected 0 to the sum of the lines (100000 ₫), found -5 ₫"
        },
        {
            "receipt discount above the lines", sale => sale with { ReceiptDiscount = new(100_001), Total = Money.Zero, Payments = [] },
            "VN-DISCOUNT-1 at ReceiptDiscount: expected 0 to the sum of the lines (100000 ₫), found 100001 ₫"
        },
        {
            "a rate below nothing",
            sale => sale with { Lines = sale.Lines.Add(SomeSales.Line("Trả vỏ", -1, 500, TaxRate.Five)), Total = new(99_500), Payments = [] },
            "VN-RATE-1 at Lines: expected lines at 5% that come to 0 or more, found -500 ₫"
        },
        {
            "total does not add up", sale => sale with { Total = new(100_001), Payments = [] },
            "VN-TOTAL-2 at Total: expected 100000 ₫ (lines 100000 ₫ - discount 0 ₫), found 100001 ₫"
        },
        {
            "total without tax", sale => sale with { PricesIncludeTax = false },
            "VN-TOTAL-2 at Total: expected 108840 ₫ (lines 100000 ₫ - discount 0 ₫ + tax 8840 ₫), found 100000 ₫"
        },
        {
            "payments do not come to the total", sale => sale with { Payments = sale.Payments.Add(new(PaymentMeans.Card, new(1))) },
            "VN-PAYMENTS-2 at Payments: expected payments that come to the total, 100000 ₫, found 100001 ₫"
        },
        {
            "unknown means of payment", sale => sale with { Payments = [new((PaymentMeans)8, new(100_000))] },
            "VN-PAYMENTS-3 at Payments[0].Means: expected 0 to 7, as in TLK/1, found 8"
        },
        {
            "17 payments", sale => sale with { Payments = [.. Enumerable.Repeat(new Payment(PaymentMeans.Cash, new(1)), 17)] },
            "VN-PAYMENTS-1 at Payments: expected at most 16 payments, found 17"
        },
        {
            "a payment that overflows", sale => sale with { Payments = [new(PaymentMeans.Cash, new(long.MaxValue)), new(PaymentMeans.Cash, new(long.MaxValue))] },
            "VN-AMOUNT-1 at Payments[0].Amount: expected at most 15 digits (999999999999999 ₫), found 9223372036854775807 ₫"
        },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Each_broken_rule_names_itself_its_path_what_was_expected_and_what_was_found(
        string what, Func<Sale, Sale> change, string expected)
    {
        Assert.NotEmpty(what);

        string[] faults = [.. InvoiceRules.Judge(change(SomeSales.Coffee()), InvoiceKind.Vat).Select(fault => fault.ToString())];

        Assert.Equal(expected, faults[0]);
        string rule = expected[..expected.IndexOf(' ', StringComparison.Ordinal)];
        Assert.All(faults, fault => Assert.StartsWith(rule, fault, StringComparison.Ordinal));
        Assert.True(rule.Length <= 40);
    }

    [Fact]
    public void A_total_below_nothing_is_refused()
    {
        Sale taken = SomeSales.Coffee() with { Lines = [SomeSales.Line("Trả hàng", -1, 5_000, TaxRate.Eight)], Total = new(-5_000), Payments = [] };

        Assert.Equal(["VN-TOTAL-1", "VN-RATE-1"], Ids(taken));
    }

    [Fact]
    public void All_faults_come_at_once()
    {
        Sale sale = SomeSales.Coffee() with
        {
            Cashier = new string('x', 60),
            Payments = [new((PaymentMeans)99, new(5))],
            Total = new(1),
            Lines = [SomeSales.Line("", 1.0000001m, 5, TaxRate.Eight, amount: 7), SomeSales.Line("Trà\n", 3, 5, TaxRate.Eight, amount: 99)],
        };

        Assert.Equal(
            ["VN-CASHIER-1", "VN-PAYMENTS-3", "VN-PAYMENTS-2", "VN-NAME-1", "VN-DECIMALS-1", "VN-TEXT-1", "VN-LINE-1", "VN-TOTAL-2"],
            Ids(sale));
    }

    [Fact]
    public void Lines_above_the_limit_are_counted_and_not_judged()
    {
        SaleLine line = SomeSales.Line("Kẹo", 1, 500, TaxRate.Eight);
        Sale most = SomeSales.Coffee() with { Lines = [.. Enumerable.Repeat(line, 500)], Total = new(250_000), Payments = [] };

        Assert.Empty(InvoiceRules.Judge(most, InvoiceKind.Vat));
        Assert.Equal(["VN-LINES-1"], Ids(most with { Lines = most.Lines.Add(line with { Name = "" }) }));
    }

    /// <summary>500 code points fit, whatever they are in UTF-16; 501 do not.</summary>
    [Fact]
    public void Characters_are_counted_as_the_law_counts_them()
    {
        string most = string.Concat(Enumerable.Repeat(Emoji, 500));

        Assert.Empty(InvoiceRules.Judge(First(SomeSales.Coffee(), line => line with { Name = most }), InvoiceKind.Vat));
        Assert.Equal(["VN-NAME-1"], Ids(First(SomeSales.Coffee(), line => line with { Name = most + "x" })));
    }

    /// <summary>Rounded up, down, to even: registers differ, and the printed amount is the truth.</summary>
    [Theory]
    [InlineData("0.333", "10000", 0, 3_330, true)]
    [InlineData("3", "0.5", 0, 1, true)]
    [InlineData("3", "0.5", 0, 2, true)]
    [InlineData("3", "0.5", 0, 0, false)]
    [InlineData("3", "0.5", 0, 3, false)]
    [InlineData("1", "10000", 1, 9_999, true)]
    [InlineData("1", "10000", 1, 10_000, false)]
    [InlineData("2.327", "21490", 0, 50_000, true)] // petrol for 50,000 ₫: the meter shows thousandths
    [InlineData("2.326", "21490", 0, 50_000, false)]
    [InlineData("2", "21490", 0, 42_985, false)] // pieces are exact
    [InlineData("-1", "21000", 1_000, -20_000, true)] // a void takes back what the line was, its discount too
    [InlineData("-1", "21000", 1_000, -22_000, false)]
    [InlineData("1", "-10000", 0, -10_000, true)] // a coupon rung up as a department with a negative price
    [InlineData("-1", "-10000", 0, 10_000, true)]
    [InlineData("0", "10000", 0, 0, true)]
    [InlineData("0", "10000", 0, 1, false)]
    [InlineData("1", "999999999999999", 0, 999_999_999_999_999, true)]
    [InlineData("999999999999.999999", "1000", 0, 999_999_999_999_999, true)]
    public void A_line_is_quantity_times_price_less_discount_to_within_rounding(
        string quantity, string price, long discount, long amount, bool holds)
    {
        SaleLine line = SomeSales.Line("Hàng", Number(quantity), Number(price), TaxRate.Ten, discount, amount);
        SaleLine other = SomeSales.Line("Khác", 1, 30_000, TaxRate.Ten);
        Sale sale = SomeSales.Coffee() with { Lines = [line, other], Total = new(amount + 30_000), Payments = [] };
        bool isTooMuch = sale.Total > InvoiceRules.MaxAmount;

        Assert.Equal((string[])[.. isTooMuch ? ["VN-AMOUNT-1"] : (string[])[], .. holds ? (string[])[] : ["VN-LINE-1"]], Ids(sale));
    }

    [Theory]
    [InlineData(InvoiceKind.Sales, false)]
    [InlineData(InvoiceKind.SalesWithFees, false)]
    [InlineData(InvoiceKind.Vat, true)]
    [InlineData(InvoiceKind.Other, true)]
    public void A_sales_invoice_states_no_VAT(InvoiceKind kind, bool mayStateVat)
    {
        string[] faults = [.. InvoiceRules.Judge(SomeSales.Coffee(), kind).Select(fault => fault.ToString())];

        Assert.Equal(
            mayStateVat ? [] :
            [
                "VN-RATE-2 at Lines[0].Rate: expected KCT or KKKNT on a sales invoice, which states no VAT, found 8%",
                "VN-RATE-2 at Lines[1].Rate: expected KCT or KKKNT on a sales invoice, which states no VAT, found 10%",
            ],
            faults);
        Sale without = SomeSales.Coffee() with { Lines = [SomeSales.Line("Phở", 2, 50_000, TaxRate.NotDeclared)] };
        Assert.Empty(InvoiceRules.Judge(without, kind));
    }

    [Fact]
    public void A_seller_is_judged_by_the_same_rules()
    {
        Assert.Empty(InvoiceRules.Judge(SomeSales.Shop));
        Assert.Equal(
            [
                "VN-SELLER-1 at Seller.TaxCode: expected a tax code, found none",
                "VN-SELLER-1 at Seller.Name: expected 1 to 400 characters that are not all blank, found 0 characters, ''",
                "VN-TEXT-1 at Seller.Address: expected text without control characters and without halves of characters, found 'Hà\\u0009Nội'",
                $"VN-SELLER-1 at Seller.PlaceCode: expected at most 50 characters, found 51 characters, '{new string('1', 51)}'",
            ],
            (string[])[.. InvoiceRules.Judge(new Seller(default, "", "Hà\tNội", new string('1', 51))).Select(fault => fault.ToString())]);
    }

    [Fact]
    public void An_invoice_is_judged_with_all_its_parts()
    {
        Invoice right = Drafted(SomeSales.Coffee()).Number(
            new(AuthorityCode.Parse("M1-26-A1B2C-00000000001"), InvoiceSeries.Parse("C26MAA"), 1));
        Assert.Empty(InvoiceRules.Judge(right));

        Assert.Equal(["VN-NUMBER-1"], Ids(right with { Number = 0 }));
        Assert.Equal(["VN-NUMBER-1"], Ids(right with { Number = 100_000_000 }));
        Assert.Equal(["VN-CODE-2"], Ids(right with { Code = AuthorityCode.Parse("M5-26-A1B2C-00000000001") }));
        Assert.Equal(["VN-CODE-2"], Ids(right with { Series = InvoiceSeries.Parse("C25MAA") }));
        Assert.Equal(["VN-SERIES-1"], Ids(right with { Series = InvoiceSeries.Parse("K26MAA") }));
        Assert.Equal(["VN-SERIES-1"], Ids(right with { Series = default }));
        Assert.Equal(["VN-CODE-2"], Ids(right with { IssuedOn = new(2027, 1, 1) }));
        Assert.Empty(InvoiceRules.Judge(right with { IssuedOn = new(2027, 1, 1), IsRecovered = true }));
        Assert.Equal(["VN-SELLER-1"], Ids(right with { SellerTaxCode = default }));
        Assert.Equal(["VN-TAXES-1"], Ids(right with { Taxes = new([new(TaxRate.Eight, new(92_000), new(8_000))]) }));
        Assert.Equal(["VN-TOTAL-2"], Ids(right with { Sale = right.Sale with { Total = new(99_999), Payments = [] } }));
    }

    [Fact]
    public void Any_sale_that_adds_up_breaks_no_rule_and_one_dong_more_breaks_one() => Seeded.Run(1_000, random =>
    {
        Sale sale = SomeSales.Any(random, ExactTaxes.Total);
        string[] faults = [.. InvoiceRules.Judge(sale, InvoiceKind.Vat).Select(fault => fault.ToString())];
        Assert.Empty(faults);
        Assert.Equal(["VN-TOTAL-2"], Ids(sale with { Total = sale.Total + new Money(1), Payments = [] }));
    });

    [Fact]
    public void Whatever_is_rung_up_rules_answer_and_do_not_throw() => Seeded.Run(2_000, random =>
    {
        Sale sale = SomeSales.Coffee() with
        {
            Total = AnyMoney(random),
            ReceiptDiscount = AnyMoney(random),
            PricesIncludeTax = random.Next(2) == 0,
            Cashier = AnyText(random),
            Lines = [.. Enumerable.Range(0, random.Next(0, 6)).Select(_ => new SaleLine
            {
                Name = AnyText(random),
                Unit = AnyText(random),
                Code = AnyText(random),
                Quantity = AnyDecimal(random),
                UnitPrice = AnyDecimal(random),
                Discount = AnyMoney(random),
                Rate = random.Next(2) == 0 ? TaxRate.Ten : TaxRate.Other(random.Next(10_000)),
                Amount = AnyMoney(random),
            })],
            Payments = [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => new Payment((PaymentMeans)random.Next(-1, 9), AnyMoney(random)))],
        };

        foreach (RuleFault fault in InvoiceRules.Judge(sale, (InvoiceKind)random.Next(1, 10)))
        {
            Assert.True(fault.RuleId.Length is > 0 and <= 40 && fault.Path.Length > 0 && fault.Expected.Length > 0 && fault.Found.Length > 0);
            _ = new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(fault.ToString());
        }
    });

    private static InvoiceDraft Drafted(Sale sale) => Assert.IsType<DraftResult.Drafted>(
        InvoiceDrafting.Draft(sale, SomeSales.Shop, InvoiceKind.Vat, SomeSales.Evening)).Draft;

    private static Sale First(Sale sale, Func<SaleLine, SaleLine> change) => sale with { Lines = sale.Lines.SetItem(0, change(sale.Lines[0])) };

    private static string[] Ids(Sale sale) => [.. InvoiceRules.Judge(sale, InvoiceKind.Vat).Select(fault => fault.RuleId)];

    private static string[] Ids(Invoice invoice) => [.. InvoiceRules.Judge(invoice).Select(fault => fault.RuleId)];

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static Money AnyMoney(Random random) => new(random.Next(4) switch
    {
        0 => random.NextInt64(long.MinValue, long.MaxValue),
        1 => random.Next(2) == 0 ? long.MinValue : long.MaxValue,
        2 => random.NextInt64(-1_000_000_000_000_000, 1_000_000_000_000_001),
        _ => random.Next(-10, 100_000),
    });

    private static decimal AnyDecimal(Random random) => random.Next(4) switch
    {
        0 => new decimal(random.Next(), random.Next(), random.Next(), random.Next(2) == 0, (byte)random.Next(29)),
        1 => random.Next(2) == 0 ? SixDecimals.Limit : -SixDecimals.Limit,
        2 => random.Next(-1_000_000, 1_000_000) / 1_000_000m,
        _ => random.Next(-10, 1_000),
    };

    private static string AnyText(Random random)
    {
        char[] text = new char[random.Next(0, random.Next(2) == 0 ? 20 : 600)];
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = random.Next(3) == 0 ? (char)random.Next(0x10000) : (char)random.Next(0x20, 0x7F);
        }

        return new(text);
    }
}
