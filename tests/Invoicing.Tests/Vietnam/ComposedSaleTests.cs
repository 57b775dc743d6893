using Invoicing.Amounts;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Tests.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Tests.Vietnam;

/// <summary>Where a sale becomes an invoice its texts are put into composed form, and then counted.</summary>
public sealed class ComposedSaleTests
{
    private const string Decomposed = "e\u0302\u0301";

    [Fact]
    public void Every_text_of_a_sale_is_composed_before_it_is_judged()
    {
        Sale sale = SomeSales.Coffee() with
        {
            RecordHash = Sha256Hash.Of("as sent"u8),
            ReceiptNumber = Decomposed,
            Cashier = Decomposed,
            Buyer = new Buyer { Name = Decomposed, Address = Decomposed, Person = Decomposed, CustomerCode = Decomposed },
            Lines =
            [
                SomeSales.Line(Decomposed, 1, 100_000, TaxRate.Eight, unit: Decomposed) with
                {
                    Code = Decomposed,
                    Department = Decomposed,
                    Nature = LineNature.Special,
                    Special = new(SpecialGoodsType.Vehicle, Decomposed, Decomposed),
                },
            ],
            Payments = [],
        };

        Sale composed = Drafted(sale).Sale;

        SaleLine line = Assert.Single(composed.Lines);
        string?[] texts =
        [
            composed.ReceiptNumber, composed.Cashier, composed.Buyer!.Name, composed.Buyer.Address, composed.Buyer.Person, composed.Buyer.CustomerCode,
            line.Name, line.Unit, line.Code, line.Department, line.Special!.Identity, line.Special.Engine,
        ];
        Assert.All(texts, text => Assert.Equal("ế", text));
        Assert.Equal(sale.RecordHash, composed.RecordHash);
        Assert.Equal(Decomposed, sale.Lines[0].Name);
    }

    /// <summary>The law counts a letter with its marks as one character: 500 of them fit, 501 do not, and nothing is ever cut.</summary>
    [Fact]
    public void Decomposed_text_is_counted_after_composition()
    {
        string most = string.Concat(Enumerable.Repeat(Decomposed, 500));

        Assert.Equal(new string('ế', 500), Drafted(Named(most)).Sale.Lines[0].Name);
        Assert.Equal(
            [$"VN-NAME-1 at Lines[0].Name: expected 1 to 500 characters that are not all blank, found 501 characters, '{new string('ế', 60)}…'"],
            Faults(Named(most + Decomposed)));
        Assert.Equal(
            ["VN-CASHIER-1"],
            Faults(SomeSales.Coffee() with { Cashier = string.Concat(Enumerable.Repeat("o\u031B\u0300", 51)) }).Select(fault => fault[..12]));
    }

    [Fact]
    public void What_composes_to_nothing_Vietnamese_is_held()
    {
        Assert.Equal(
            ["VN-TEXT-2 at Lines[0].Name: expected text in composed form, found 'Jalapen\\u0303o'"], Faults(Named("Jalapen\u0303o")));
        Assert.Empty(Faults(Named("Jalapeño")));
        Assert.Equal(["VN-TEXT-2 at Cashier: expected text in composed form, found '\\u0301'"], Faults(SomeSales.Coffee() with { Cashier = "\u0301" }));
    }

    [Fact]
    public void An_invoice_that_somebody_else_made_must_be_composed()
    {
        Invoice right = Drafted(SomeSales.Coffee()).Number(new(AuthorityCode.Parse("M1-26-A1B2C-00000000001"), InvoiceSeries.Parse("C26MAA"), 1));

        Assert.Equal(
            ["VN-TEXT-2 at Lines[0].Name: expected text in composed form, found 'e\\u0302\\u0301'"],
            InvoiceRules.Judge(right with { Sale = right.Sale with { Lines = right.Sale.Lines.SetItem(0, right.Sale.Lines[0] with { Name = Decomposed }) } })
                .Select(fault => fault.ToString()));
    }

    [Fact]
    public void A_seller_may_be_written_decomposed()
    {
        Seller seller = SomeSales.Shop with
        {
            Name = "Co\u031B\u0300 Đỏ",
            Address = string.Concat(Enumerable.Repeat(Decomposed, 400)),
            PlaceName = Decomposed,
            PlaceAddress = Decomposed,
        };

        Assert.IsType<DraftResult.Drafted>(InvoiceDrafting.Draft(SomeSales.Coffee(), seller, InvoiceKind.Vat, SomeSales.Evening));
        Assert.Equal("Cờ Đỏ", SaleText.Composed(seller).Name);
        Assert.Equal(
            "VN-SELLER-1",
            Assert.Single(Assert.IsType<DraftResult.Faulty>(InvoiceDrafting.Draft(
                SomeSales.Coffee(), seller with { Address = seller.Address + "x" }, InvoiceKind.Vat, SomeSales.Evening)).Faults).RuleId);
    }

    private static Sale Named(string name) => SomeSales.Coffee() with
    {
        Lines = SomeSales.Coffee().Lines.SetItem(0, SomeSales.Coffee().Lines[0] with { Name = name }),
    };

    private static string[] Faults(Sale sale) => InvoiceDrafting.Draft(sale, SomeSales.Shop, InvoiceKind.Vat, SomeSales.Evening) switch
    {
        DraftResult.Faulty faulty => [.. faulty.Faults.Select(fault => fault.ToString())],
        _ => [],
    };

    private static InvoiceDraft Drafted(Sale sale) => Assert.IsType<DraftResult.Drafted>(
        InvoiceDrafting.Draft(sale, SomeSales.Shop, InvoiceKind.Vat, SomeSales.Evening)).Draft;
}
