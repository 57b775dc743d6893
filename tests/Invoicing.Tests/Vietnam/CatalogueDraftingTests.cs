using Invoicing.Amounts;
using Invoicing.Catalogues;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Tests.Sales;
using Invoicing.Vietnam;
using static Invoicing.Tests.Catalogues.SomeItems;

namespace Invoicing.Tests.Vietnam;

public sealed class CatalogueDraftingTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 31, 16, 0, 0, TimeSpan.Zero); // 23:00 in Vietnam
    private static readonly ShopCatalogue InForce = Catalogue(
        Item(CatalogueKeyKind.Plu, "7", "Cà phê", TaxRate.Eight, "ly"),
        Item(CatalogueKeyKind.Plu, "7", "Cà phê", TaxRate.Ten, "ly", from: new(2027, 1, 1)));

    [Fact]
    public void A_completed_sale_names_its_catalogue_and_is_taxed_by_it()
    {
        DraftResult.Drafted drafted = Assert.IsType<DraftResult.Drafted>(Draft(Sale(Line("7")), InForce));

        Assert.Equal(InForce.Hash, drafted.Draft.Catalogue);
        Assert.Equal(TaxRate.Eight, Assert.Single(drafted.Draft.Taxes.Sums).Rate);
        Assert.Equal("Cà phê", drafted.Draft.Sale.Lines[0].Name);
    }

    [Fact]
    public void The_date_of_issue_decides_which_rate_counts()
    {
        DraftResult.Drafted drafted = Assert.IsType<DraftResult.Drafted>(
            CatalogueDrafting.Draft(Sale(Line("7")), InForce, SomeSales.Shop, InvoiceKind.Vat, Now.AddHours(1)));

        Assert.Equal(TaxRate.Ten, Assert.Single(drafted.Draft.Taxes.Sums).Rate);
    }

    [Fact]
    public void A_complete_sale_names_no_catalogue_and_without_one_all_is_as_before()
    {
        Sale sale = Sale(Line("9", "Trà", rate: TaxRate.Eight));

        Assert.Null(Assert.IsType<DraftResult.Drafted>(Draft(sale, InForce)).Draft.Catalogue);
        Assert.Null(Assert.IsType<DraftResult.Drafted>(Draft(sale, null)).Draft.Catalogue);
        Assert.Equal("VN-RATE-3", Assert.Single(Assert.IsType<DraftResult.Faulty>(Draft(Sale(Line("7", "Trà")), null)).Faults).RuleId);
    }

    [Fact]
    public void All_faults_are_told_at_once_and_none_twice()
    {
        Sale sale = Sale(Line("8"), Line("7", rate: TaxRate.Five), Line("7") with { Unit = new('x', 51) }) with { Cashier = new('x', 51) };

        DraftResult.Faulty faulty = Assert.IsType<DraftResult.Faulty>(Draft(sale, InForce));

        Assert.Equal(
            ["VN-CATALOGUE-1 Lines[0].Name", "VN-CATALOGUE-1 Lines[0].Rate", "VN-CATALOGUE-2 Lines[1].Rate", "VN-CASHIER-1 Cashier", "VN-UNIT-1 Lines[2].Unit"],
            faulty.Faults.Select(fault => $"{fault.RuleId} {fault.Path}"));
    }

    [Fact]
    public void A_sales_invoice_takes_no_rate_from_a_catalogue()
    {
        DraftResult.Drafted drafted = Assert.IsType<DraftResult.Drafted>(
            CatalogueDrafting.Draft(Sale(Line("7")), InForce, SomeSales.Shop, InvoiceKind.Sales, Now));

        Assert.Equal(TaxRate.NotDeclared, drafted.Draft.Sale.Lines[0].Rate);
        Assert.Equal(InForce.Hash, drafted.Draft.Catalogue);
    }

    private static DraftResult Draft(Sale sale, ShopCatalogue? catalogue) =>
        CatalogueDrafting.Draft(sale, catalogue, SomeSales.Shop, InvoiceKind.Vat, Now);
}
