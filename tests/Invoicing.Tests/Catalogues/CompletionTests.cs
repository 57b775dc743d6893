using Invoicing.Amounts;
using Invoicing.Catalogues;
using Invoicing.Sales;
using static Invoicing.Tests.Catalogues.SomeItems;

namespace Invoicing.Tests.Catalogues;

/// <summary>What a catalogue makes of a sale's lines.</summary>
public sealed class CompletionTests
{
    private static readonly CatalogueItem ByPlu = Item(CatalogueKeyKind.Plu, "7", "theo PLU", TaxRate.Five, "cái");
    private static readonly CatalogueItem ByBarCode = Item(CatalogueKeyKind.BarCode, "7", "theo mã vạch", TaxRate.Eight, "hộp");
    private static readonly CatalogueItem ByWords = Item(CatalogueKeyKind.Words, "Cà phê", "theo tên", TaxRate.Ten, "ly");
    private static readonly CatalogueItem ByDepartment = Item(CatalogueKeyKind.Department, "3", "theo nhóm", TaxRate.NotSubject, "kg");

    public static TheoryData<string?, string, string?, string> Orders => new()
    {
        { "7", "cà phê", "3", "5%" },
        { "8", "cà phê", "3", "10%" },
        { null, "CÀ  PHÊ", "3", "10%" },
        { null, "Trà", "3", "KCT" },
        { "8", "Trà", "3", "KCT" },
        { null, "", "3", "KCT" },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public void The_code_comes_before_the_words_and_these_before_the_department(string? code, string name, string? department, string rate)
    {
        CatalogueCompletion completion = Catalogue(ByPlu, ByBarCode, ByWords, ByDepartment).Complete(Sale(Line(code, name, department)), Day);

        Assert.Empty(completion.Faults);
        Assert.Equal(rate, completion.Sale.Lines[0].Rate.ToString());
    }

    [Fact]
    public void A_code_is_a_PLU_first_and_a_bar_code_then()
    {
        Assert.Equal(TaxRate.Five, Only(Catalogue(ByBarCode, ByPlu), Line("7")).Rate);
        Assert.Equal(TaxRate.Eight, Only(Catalogue(ByBarCode), Line("7")).Rate);
    }

    [Fact]
    public void What_the_register_states_stays_and_what_it_leaves_empty_is_filled()
    {
        ShopCatalogue catalogue = Catalogue(ByPlu);

        SaleLine filled = Only(catalogue, Line("7"));
        SaleLine kept = Only(catalogue, Line("7", "Tên máy", rate: TaxRate.Five) with { Unit = "túi" });

        Assert.Equal(("theo PLU", "cái", TaxRate.Five), (filled.Name, filled.Unit, filled.JudgedRate));
        Assert.Equal(("Tên máy", "túi", TaxRate.Five), (kept.Name, kept.Unit, kept.JudgedRate));
        Assert.Equal((10_000m, new Money(10_000), "7"), (filled.UnitPrice, filled.Amount, filled.Code));
    }

    [Fact]
    public void A_sale_that_needed_nothing_is_the_same_object_and_names_no_catalogue()
    {
        Sale sale = Sale(Line("7", "Tên máy", rate: TaxRate.Five) with { Unit = "túi" }, Line("99", "khác", rate: TaxRate.Eight));

        CatalogueCompletion completion = Catalogue(ByPlu).Complete(sale, Day);

        Assert.Same(sale, completion.Sale);
        Assert.False(completion.IsCompleted);
        Assert.Empty(completion.Faults);
    }

    [Fact]
    public void Two_rates_that_differ_are_a_fault_and_neither_is_taken()
    {
        CatalogueCompletion completion = Catalogue(ByPlu).Complete(Sale(Line(name: "a", rate: TaxRate.Ten), Line("7", "a", rate: TaxRate.Eight)), Day);

        CatalogueFault fault = Assert.Single(completion.Faults);
        Assert.Equal(("VN-CATALOGUE-2", "Lines[1].Rate"), (fault.RuleId, fault.Path));
        Assert.Equal(("5%, as the shop's catalogue states for PLU 7", "8% from the register"), (fault.Expected, fault.Found));
    }

    [Fact]
    public void A_line_without_item_that_lacks_rate_or_name_is_a_fault_and_says_what_was_looked_for()
    {
        CatalogueCompletion completion = Catalogue(ByPlu).Complete(Sale(Line("8", "Phở", "4"), Line(rate: TaxRate.Five), Line("7")), Day);

        Assert.Equal(
            [
                ("VN-CATALOGUE-1", "Lines[0].Rate", "none, and no item for code '8', words 'Phở', department '4'"),
                ("VN-CATALOGUE-1", "Lines[1].Name", "none, and no item for a line without code, words and department"),
            ],
            completion.Faults.Select(fault => (fault.RuleId, fault.Path, fault.Found)));
        Assert.True(completion.IsCompleted);
    }

    [Fact]
    public void An_item_that_does_not_state_what_is_missing_is_a_fault()
    {
        ShopCatalogue catalogue = Catalogue(Item(CatalogueKeyKind.Department, "3", rate: TaxRate.Eight), Item(CatalogueKeyKind.Plu, "1", "Tên"));

        Assert.Equal("Lines[0].Name", Assert.Single(catalogue.Complete(Sale(Line(department: "3")), Day).Faults).Path);
        Assert.Equal("Lines[0].Rate", Assert.Single(catalogue.Complete(Sale(Line("1")), Day).Faults).Path);
    }

    [Fact]
    public void Of_several_items_the_newest_that_is_not_after_the_day_counts()
    {
        ShopCatalogue catalogue = Catalogue(
            ByDepartment,
            ByPlu with { ValidFrom = new(2026, 7, 1) },
            ByPlu with { ValidFrom = new(2027, 1, 1), Rate = TaxRate.Ten },
            ByPlu with { ValidFrom = new(2026, 9, 1), Rate = TaxRate.Eight });
        Sale sale = Sale(Line("7", department: "3"));

        Assert.Equal(
            ["KCT", "5%", "5%", "8%", "8%", "10%"],
            ((DateOnly[])[new(2026, 6, 30), new(2026, 7, 1), new(2026, 8, 31), new(2026, 9, 1), new(2026, 12, 31), new(2027, 1, 1)])
                .Select(day => catalogue.Complete(sale, day).Sale.Lines[0].Rate.ToString()));
    }

    [Fact]
    public void The_nature_that_an_item_states_is_the_lines_and_without_one_the_registers_stays()
    {
        ShopCatalogue catalogue = Catalogue(
            Item(CatalogueKeyKind.Plu, "1", "Tặng", nature: LineNature.Promotion), Item(CatalogueKeyKind.Plu, "2", "Hàng", TaxRate.Eight));
        SaleLine promotion = Line("2") with { Nature = LineNature.Promotion };

        Assert.Equal(LineNature.Promotion, Only(catalogue, Line("1")).Nature);
        Assert.Equal(LineNature.Promotion, Only(catalogue, promotion).Nature);
        Assert.Equal(LineNature.Goods, Only(catalogue, Line("2")).Nature);
    }

    [Fact]
    public void A_promotion_or_a_note_needs_no_rate_and_a_trade_discount_does()
    {
        ShopCatalogue catalogue = Catalogue(ByPlu);
        SaleLine note = Line(name: "Cảm ơn") with { Nature = LineNature.Note };
        SaleLine discount = Line(name: "Chiết khấu") with { Nature = LineNature.TradeDiscount };

        Assert.Empty(catalogue.Complete(Sale(note, note with { Nature = LineNature.Promotion }), Day).Faults);
        Assert.Equal("Lines[0].Rate", Assert.Single(catalogue.Complete(Sale(discount), Day).Faults).Path);
    }

    [Fact]
    public void An_invoice_without_VAT_takes_names_and_units_and_no_rates()
    {
        CatalogueCompletion completion = Catalogue(ByPlu).Complete(Sale(Line("7"), Line("7", rate: TaxRate.NotDeclared)), Day, isWithoutVat: true);

        Assert.Empty(completion.Faults);
        Assert.Equal((TaxRate?[])[null, TaxRate.NotDeclared], completion.Sale.Lines.Select(line => line.Rate));
        Assert.Equal("theo PLU", completion.Sale.Lines[0].Name);
    }

    [Theory]
    [InlineData("Ca\u0300 phe\u0302", true)]
    [InlineData("  CÀ\tPHÊ ", true)]
    [InlineData("cà\u00A0phê", true)]
    [InlineData("càphê", false)]
    [InlineData("ca phe", false)]
    [InlineData("cà phê\uD800", false)]
    public void Words_are_compared_in_composed_form_with_single_blanks_and_in_any_case(string words, bool same)
    {
        CatalogueCompletion completion = Catalogue(ByWords).Complete(Sale(Line(name: words)), Day);

        Assert.Equal(same, completion.Faults.IsEmpty);
    }

    [Fact]
    public void A_code_is_compared_as_it_is()
    {
        Assert.False(Catalogue(Item(CatalogueKeyKind.Plu, "a1", "x", TaxRate.Five)).Complete(Sale(Line("A1")), Day).Faults.IsEmpty);
    }

    private static SaleLine Only(ShopCatalogue catalogue, SaleLine line)
    {
        CatalogueCompletion completion = catalogue.Complete(Sale(line), Day);
        Assert.Empty(completion.Faults);
        return completion.Sale.Lines[0];
    }
}
