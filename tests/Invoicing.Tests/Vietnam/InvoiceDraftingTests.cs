using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Tests.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Tests.Vietnam;

public sealed class InvoiceDraftingTests
{
    private static readonly DateTimeOffset Soon = SomeSales.Evening.AddSeconds(1);

    [Fact]
    public void A_sale_that_breaks_no_rule_becomes_a_draft_with_its_sums()
    {
        Sale sale = SomeSales.Coffee();

        InvoiceDraft draft = Drafted(InvoiceDrafting.Draft(sale, SomeSales.Shop, InvoiceKind.Vat, Soon));

        Assert.Same(sale, draft.Sale);
        Assert.Equal((SomeSales.Shop.TaxCode, InvoiceKind.Vat), (draft.SellerTaxCode, draft.Kind));
        Assert.Equal((new DateOnly(2026, 7, 1), DateSource.Register), (draft.IssuedOn, draft.DateSource));
        Assert.Null(draft.Recovered);

        // 58,000 / 1.08 = 53,703.7 and 42,000 / 1.1 = 38,181.8
        Assert.Equal(
            [new RateSum(TaxRate.Eight, new(53_704), new(4_296)), new RateSum(TaxRate.Ten, new(38_182), new(3_818))], draft.Taxes.Sums);
    }

    [Fact]
    public void A_sale_at_fault_is_held_with_every_fault_and_nothing_is_changed()
    {
        Sale sale = SomeSales.Coffee() with { Total = new(99_999), Cashier = "\u0007" };

        DraftResult.Faulty faulty = Assert.IsType<DraftResult.Faulty>(
            InvoiceDrafting.Draft(sale, SomeSales.Shop with { Name = "" }, InvoiceKind.Vat, Soon));

        Assert.Equal(["VN-SELLER-1", "VN-TEXT-1", "VN-PAYMENTS-2", "VN-TOTAL-2"], (string[])[.. faulty.Faults.Select(fault => fault.RuleId)]);
    }

    [Fact]
    public void The_clock_that_was_last_compared_dates_the_invoice()
    {
        Sale sale = SomeSales.Coffee() with { ClosedAt = new(2026, 12, 31, 23, 59, 59, VietnamTime.Offset) };
        DateTimeOffset recorded = sale.ClosedAt.Value.AddSeconds(5);

        InvoiceDraft believed = Drafted(InvoiceDrafting.Draft(sale, SomeSales.Shop, InvoiceKind.Vat, recorded, TimeSpan.FromSeconds(3)));
        InvoiceDraft doubted = Drafted(InvoiceDrafting.Draft(sale, SomeSales.Shop, InvoiceKind.Vat, recorded, TimeSpan.FromMinutes(3)));

        Assert.Equal((new DateOnly(2026, 12, 31), DateSource.Register), (believed.IssuedOn, believed.DateSource));
        Assert.Equal((new DateOnly(2027, 1, 1), DateSource.Device), (doubted.IssuedOn, doubted.DateSource));
    }

    [Fact]
    public void What_a_customer_holds_is_kept_with_its_kind_and_year()
    {
        PrintedInvoice held = new("M5-25-ZZZZZ-00000000315", "C25MYY", 315);
        Sale sale = SomeSales.Coffee() with { ClosedAt = null };

        InvoiceDraft draft = Drafted(InvoiceDrafting.Draft(sale, SomeSales.Shop, InvoiceKind.Vat, Soon, recovered: held));

        Assert.Equal(InvoiceKind.Other, draft.Kind);
        Invoice invoice = draft.Number(draft.Recovered!.Value);
        Assert.Equal(held, invoice.Printed);
        Assert.True(invoice.IsRecovered);
        Assert.Empty(InvoiceRules.Judge(invoice));
    }

    [Fact]
    public void What_a_customer_cannot_hold_is_a_fault_in_each_of_its_parts()
    {
        DraftResult.Faulty faulty = Assert.IsType<DraftResult.Faulty>(InvoiceDrafting.Draft(
            SomeSales.Coffee(), SomeSales.Shop, InvoiceKind.Vat, Soon, recovered: new("M5-25-ZZZZZ-0000000031", "C25TYY", -3)));

        Assert.Equal(
            [
                "VN-CODE-1 at Recovered.Code: expected a code such as M1-26-A1B2C-00001234567, found 'M5-25-ZZZZZ-0000000031'",
                "VN-SERIES-1 at Recovered.Series: expected a series with an authority code, such as C26MAA, found 'C25TYY'",
                "VN-NUMBER-1 at Recovered.Number: expected 1 to 99999999, found -3",
            ],
            (string[])[.. faulty.Faults.Select(fault => fault.ToString())]);
    }

    [Fact]
    public void The_lookup_text_is_short_plain_and_of_the_laws_own_words()
    {
        Invoice invoice = Drafted(InvoiceDrafting.Draft(SomeSales.Coffee(), SomeSales.Shop, InvoiceKind.Vat, Soon))
            .Number(new(AuthorityCode.Parse("M1-26-A1B2C-00001234567"), InvoiceSeries.Parse("C26MAA"), 1));

        Assert.Equal("MCCQT=M1-26-A1B2C-00001234567;MST=0107001729;TT=100000", LookupText.Of(invoice));
        string longest = LookupText.Of(invoice with
        {
            SellerTaxCode = TaxCode.Parse("0107001729-001"),
            Sale = invoice.Sale with { Total = InvoiceRules.MaxAmount },
        });
        Assert.Equal(67, longest.Length);
    }

    private static InvoiceDraft Drafted(DraftResult result) => Assert.IsType<DraftResult.Drafted>(result).Draft;
}
