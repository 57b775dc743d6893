using Invoicing.Amounts;
using Invoicing.Catalogues;
using Invoicing.Chain;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Gateway.Tests.Crashes;

/// <summary>A till whose catalogue changes all the time, in a process of its own, until somebody ends it.</summary>
/// <remarks>
/// Writes a line as <see cref="TillProcess"/> does: of each import that it was told, with the number of the import for a sequence,
/// and of each sale.
/// </remarks>
internal static class CatalogueProcess
{
    public static async Task<int> RunAsync(string[] args)
    {
        var bundle = ClientBundle.Parse(await File.ReadAllTextAsync(args[1]), args[1]);
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(
            new() { JournalPath = args[0], Bundle = bundle, EveryRegisterIsNew = true });
        RegisterStanding standing = await gateway.WelcomeAsync(new(TestShop.Register, TestShop.Epoch, 0, 0, 0), default);
        Task imports = ImportAsync(gateway);
        for (ulong sequence = ((RegisterStanding.Open)standing).LastDurable + 1; ; sequence++)
        {
            if (imports.IsCompleted)
            {
                await imports;
            }

            Sale sale = TestShop.Sale(sequence);
            Sale bare = sale with { Lines = [.. sale.Lines.Select((line, i) => line with { Code = $"{i}", Name = string.Empty, Rate = null })] };
            IssuedInvoice issued = await gateway.IssueAsync(bare);
            Tell($"sale {sequence} {issued.Invoice.Code} 0 {issued.Invoice.Catalogue}");
        }
    }

    /// <summary>The version of a number: ten items, so that its row and its entry are not written at one stroke of the disk.</summary>
    public static ShopCatalogue Version(int number) => ShopCatalogue.Create(
        Enumerable.Range(0, 10).Select(i => new CatalogueItem
        {
            Key = new(CatalogueKeyKind.Plu, $"{i}"),
            Name = $"Hàng {i} bản {number}",
            Rate = TaxRate.Eight,
        }),
        CatalogueDrafting.Compose);

    private static async Task ImportAsync(InvoicingGateway gateway)
    {
        await gateway.ImportCatalogueAsync(Version(0), "version 0");
        for (int number = 1; ; number++)
        {
            ShopCatalogue version = Version(number);
            await gateway.ImportCatalogueAsync(version, $"version {number}");
            Tell($"import {number} - 0 {version.Hash}");
        }
    }

    private static void Tell(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}
