using Invoicing.Amounts;
using Invoicing.Catalogues;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Sqlite;
using Invoicing.Testing;
using Invoicing.Vietnam;

namespace Invoicing.Gateway.Tests.Recording;

/// <summary>The shop's catalogue in a gateway: imported, kept, in force, named.</summary>
public sealed class CatalogueTests
{
    private static readonly ShopCatalogue First = Make(TaxRate.Eight);
    private static readonly ShopCatalogue Second = Make(TaxRate.Five);

    [Fact]
    public async Task Without_a_catalogue_a_line_without_rate_is_held_and_with_one_it_is_issued()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        SaleHeldException held = await Assert.ThrowsAsync<SaleHeldException>(() => gateway.IssueAsync(Plain(1)).Soon());

        Assert.True(await gateway.ImportCatalogueAsync(First, "goods.csv").Soon());
        IssuedInvoice issued = await gateway.IssueAsync(Plain(2)).Soon();

        Assert.Contains("VN-RATE-3", held.Reason, StringComparison.Ordinal);
        Assert.Equal(("Cà phê", "ly", TaxRate.Eight), (issued.Invoice.Sale.Lines[0].Name, issued.Invoice.Sale.Lines[0].Unit, issued.Invoice.Sale.Lines[0].JudgedRate));
        Assert.Equal(First.Hash, issued.Invoice.Catalogue);
        Assert.Equal(First.Hash, Invoices(shop).Single().Catalogue);
        Assert.Equal(First.Hash, gateway.Status.Catalogue);
        Assert.True((await JournalAudit.RunAsync(shop.JournalPath).Soon()).IsSound);
    }

    [Fact]
    public async Task A_line_that_the_catalogue_does_not_cover_is_a_hole_with_every_fault()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await gateway.ImportCatalogueAsync(First, "goods.csv").Soon();
        Sale sale = Plain(1);
        sale = sale with { Lines = [sale.Lines[0] with { Code = "8" }, .. sale.Lines.Skip(1)], Cashier = new('x', 51) };

        SaleHeldException held = await Assert.ThrowsAsync<SaleHeldException>(() => gateway.IssueAsync(sale).Soon());

        Assert.Contains("VN-CATALOGUE-1 at Lines[0].Name", held.Reason, StringComparison.Ordinal);
        Assert.Contains("VN-CATALOGUE-1 at Lines[0].Rate", held.Reason, StringComparison.Ordinal);
        Assert.Contains("VN-CASHIER-1", held.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sale_that_came_whole_names_no_catalogue_and_another_rate_than_the_catalogues_holds_it()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await gateway.ImportCatalogueAsync(First, "goods.csv").Soon();

        IssuedInvoice whole = await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        Sale other = Plain(2);
        other = other with { Lines = [other.Lines[0] with { Name = "Cà phê", Unit = "ly", Rate = TaxRate.Ten }] };
        SaleHeldException held = await Assert.ThrowsAsync<SaleHeldException>(() => gateway.IssueAsync(other).Soon());

        Assert.Null(whole.Invoice.Catalogue);
        Assert.Contains("VN-CATALOGUE-2 at Lines[0].Rate: expected 8%", held.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_is_an_operators_entry_and_the_same_again_changes_nothing()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        Assert.True(await gateway.ImportCatalogueAsync(First, "goods.csv").Soon());
        long head = gateway.Status.HeadPosition;
        Assert.False(await gateway.ImportCatalogueAsync(ShopCatalogue.Read(First.Bytes.Span, CatalogueDrafting.Compose), "other.csv").Soon());

        Assert.Equal(head, gateway.Status.HeadPosition);
        SignedEntry entry = JournalExport.Read(shop.JournalPath).Last();
        Assert.Equal(EntryKind.DeviceEvent, entry.Kind);
        Assert.True(entry.Body.Span.IndexOf(System.Text.Encoding.UTF8.GetBytes($"catalogue {First.Hash} of 2 items imported from goods.csv")) > 0);
        CatalogueVersion stored = Assert.Single(JournalExport.Catalogues(shop.JournalPath));
        Assert.Equal((First.Hash, "goods.csv", 2, entry.Position), (stored.Hash, stored.Source, stored.Items, stored.Position));
    }

    [Fact]
    public async Task Every_version_is_kept_the_newest_import_is_in_force_and_an_older_one_can_come_back()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        foreach (ShopCatalogue catalogue in new[] { First, Second, First })
        {
            Assert.True(await gateway.ImportCatalogueAsync(catalogue, "goods.csv").Soon());
        }

        IssuedInvoice issued = await gateway.IssueAsync(Plain(1)).Soon();

        Assert.Equal([First.Hash, Second.Hash, First.Hash], JournalExport.Catalogues(shop.JournalPath).Select(version => version.Hash));
        Assert.Equal(First.Hash, issued.Invoice.Catalogue);
        Assert.Equal(Second.Items.AsEnumerable(), JournalExport.Catalogue(shop.JournalPath, Second.Hash)!.Value.Catalogue.Items);
        Assert.Equal(First.Hash, JournalExport.Catalogue(shop.JournalPath)!.Value.Version.Hash);
        Assert.Null(JournalExport.Catalogue(shop.JournalPath, Sha256Hash.Of([1])));
    }

    [Fact]
    public async Task After_a_restart_the_newest_version_is_in_force()
    {
        using TestShop shop = new();
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            await gateway.ImportCatalogueAsync(First, "a.csv").Soon();
            await gateway.ImportCatalogueAsync(Second, "b.csv").Soon();
        }

        await using InvoicingGateway again = await shop.OpenAsync();

        Assert.Equal(Second.Hash, again.Status.Catalogue);
        Assert.Equal(TaxRate.Five, (await again.IssueAsync(Plain(1)).Soon()).Invoice.Sale.Lines[0].Rate);
        Assert.False(await again.ImportCatalogueAsync(Second, "b.csv").Soon());
    }

    [Fact]
    public async Task A_sale_that_waited_while_a_catalogue_was_imported_is_completed_by_that_one()
    {
        using TestShop shop = new();
        using BlockingSigner signer = new();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { Signer = signer }).Soon();
        await gateway.ImportCatalogueAsync(First, "a.csv").Soon();
        signer.Block();
        Task<IssuedInvoice> before = gateway.IssueAsync(Plain(1));
        await signer.Reached.Soon();
        Task<bool> import = gateway.ImportCatalogueAsync(Second, "b.csv");
        Task<IssuedInvoice> after = gateway.IssueAsync(Plain(2)); // judged by the first version, which is all that is committed
        signer.Release();

        Assert.Equal(First.Hash, (await before.Soon()).Invoice.Catalogue);
        Assert.True(await import.Soon());
        Assert.Equal((Second.Hash, TaxRate.Five), ((await after.Soon()).Invoice.Catalogue!.Value, (await after.Soon()).Invoice.Sale.Lines[0].JudgedRate));
    }

    [Fact]
    public async Task A_sale_that_waited_over_midnight_gets_the_rate_of_the_new_day_or_is_held()
    {
        using TestShop shop = new();
        var time = new ManualTime(new(2026, 12, 31, 16, 59, 59, TimeSpan.Zero));
        using BlockingSigner signer = new();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { Time = time, Signer = signer }).Soon();
        await gateway.ImportCatalogueAsync(
            ShopCatalogue.Create([.. First.Items, First.Items[0] with { ValidFrom = new(2027, 1, 1), Rate = TaxRate.Ten }], CatalogueDrafting.Compose), "a.csv").Soon();
        Sale stated = Plain(3);
        stated = stated with { Lines = [stated.Lines[0] with { Rate = TaxRate.Eight }] };
        signer.Block();
        Task<IssuedInvoice> before = gateway.IssueAsync(Plain(1));
        await signer.Reached.Soon();
        Task<IssuedInvoice> after = gateway.IssueAsync(Plain(2));
        Task<IssuedInvoice> contrary = gateway.IssueAsync(stated);
        time.Advance(TimeSpan.FromSeconds(2));
        signer.Release();

        Assert.Equal(TaxRate.Eight, (await before.Soon()).Invoice.Sale.Lines[0].Rate);
        Assert.Equal(TaxRate.Ten, (await after.Soon()).Invoice.Sale.Lines[0].Rate);
        SaleHeldException held = await Assert.ThrowsAsync<SaleHeldException>(() => contrary.Soon());
        Assert.Contains("VN-CATALOGUE-2", held.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_nothing_is_recorded_nothing_is_imported()
    {
        using TestShop shop = new();
        using FailingSigner signer = new();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { Signer = signer }).Soon();
        signer.IsOut = true;

        await Assert.ThrowsAsync<NotRecordedException>(() => gateway.ImportCatalogueAsync(First, "a.csv").Soon());

        signer.IsOut = false;
        Assert.Null(gateway.Status.Catalogue);
        Assert.Empty(JournalExport.Catalogues(shop.JournalPath));
        Assert.True(await gateway.ImportCatalogueAsync(First, "a.csv").Soon());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task A_source_has_a_name(string source)
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => gateway.ImportCatalogueAsync(First, source).Soon());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => gateway.ImportCatalogueAsync(First, new string('x', 256)).Soon());
    }

    [Theory]
    [InlineData("DELETE FROM catalogue", "never removed")]
    [InlineData("UPDATE catalogue SET source = 'x'", "never changed")]
    public async Task The_schema_itself_keeps_every_version(string sql, string said)
    {
        using TestShop shop = new();
        await ImportAndClose(shop);
        using var file = SqliteFile.OpenWriter(shop.JournalPath);

        Assert.Contains(said, Assert.Throws<SqliteException>(() => file.Execute(sql)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_version_is_named_by_the_audit_and_at_the_start()
    {
        using TestShop shop = new();
        await ImportAndClose(shop);
        Journal.JournalTests.Damage(shop.JournalPath, "UPDATE catalogue SET content = CAST(replace(content, 'ly', 'kg') AS BLOB)");

        JournalAuditReport report = await JournalAudit.RunAsync(shop.JournalPath).Soon();
        JournalCorruptException fault = await Assert.ThrowsAsync<JournalCorruptException>(shop.OpenAsync);

        Assert.Equal("catalogue", Assert.Single(report.Faults).What);
        Assert.Equal("catalogue", fault.Fault.What);
    }

    private static async Task ImportAndClose(TestShop shop)
    {
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await gateway.ImportCatalogueAsync(First, "a.csv").Soon();
    }

    private static ShopCatalogue Make(TaxRate rate) => ShopCatalogue.Create(
        [
            new() { Key = new(CatalogueKeyKind.Plu, "7"), Name = "Cà phê", Unit = "ly", Rate = rate },
            new() { Key = new(CatalogueKeyKind.Words, "Trà"), Rate = rate },
        ],
        CatalogueDrafting.Compose);

    /// <summary>A sale of a register that knows nothing of its goods but a number.</summary>
    private static Sale Plain(ulong sequence) => new()
    {
        Key = TestShop.Key(sequence),
        ReceiptNumber = $"R{sequence}",
        Lines = [new() { Code = "7", Name = "", Quantity = 2, UnitPrice = 29_000, Rate = null, Amount = new(58_000) }],
        Total = new(58_000),
    };

    private static IEnumerable<Invoice> Invoices(TestShop shop) => JournalExport.Read(shop.JournalPath)
        .Where(entry => entry.Kind == EntryKind.Invoice)
        .Select(entry =>
        {
            Assert.Null(EntryFields.Read(entry.Body.Span, out EntryFields fields));
            return InvoiceContents.Read(fields.Content(entry.Body.Span));
        });
}
