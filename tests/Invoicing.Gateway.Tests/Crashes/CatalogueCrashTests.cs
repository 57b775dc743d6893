using System.Text;
using Invoicing.Catalogues;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Hashing;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Crashes;

[Trait("Tier", "EndToEnd")]
public sealed class CatalogueCrashTests
{
    private const int Kills = 12;

    [Fact]
    public async Task Killed_anywhere_a_version_and_its_entry_are_both_there_or_neither()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        using TestShop shop = new();
        List<string> told = [];
        for (int i = 0; i < Kills; i++)
        {
            using var till = Till.StartAs("catalogues", shop, registers: 1);
            int least = random.Next(1, 20);
            await Waiting.Until(() => till.Told >= least || till.HasEnded, $"told {least} lines", TimeSpan.FromSeconds(60));
            told.AddRange(await till.KillAsync());
        }

        Sha256Hash? inForce;
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            inForce = gateway.Status.Catalogue;
        }

        IReadOnlyList<CatalogueVersion> versions = JournalExport.Catalogues(shop.JournalPath);
        (long Position, string Text)[] entries = [.. Imports(shop)];
        Assert.True(versions.Count > Kills, $"seed {seed}: {versions.Count} versions");
        Assert.Equal(
            versions.Select(version => (version.Position, $"catalogue {version.Hash} of 10 items imported from {version.Source}")), entries);
        Assert.Equal(versions[^1].Hash, inForce);
        Assert.All(
            told.Where(line => line.StartsWith("import", StringComparison.Ordinal)),
            line => Assert.Contains(versions, version => line.EndsWith(version.Hash.ToString(), StringComparison.Ordinal)));
        AssertInvoicesNameTheVersionBeforeThem(shop, versions, seed);
        Assert.True((await JournalAudit.RunAsync(shop.JournalPath).Soon(TimeSpan.FromSeconds(60))).IsSound);
    }

    private static void AssertInvoicesNameTheVersionBeforeThem(TestShop shop, IReadOnlyList<CatalogueVersion> versions, int seed)
    {
        int invoices = 0;
        foreach (SignedEntry entry in JournalExport.Read(shop.JournalPath).Where(entry => entry.Kind == EntryKind.Invoice))
        {
            Assert.Null(EntryFields.Read(entry.Body.Span, out EntryFields fields));
            Sha256Hash? named = InvoiceContents.Read(fields.Content(entry.Body.Span)).Catalogue;
            Assert.True(versions.Last(version => version.Position < entry.Position).Hash == named, $"seed {seed}, entry {entry.Position}");
            invoices++;
        }

        Assert.True(invoices > Kills, $"seed {seed}: {invoices} invoices");
    }

    private static IEnumerable<(long Position, string Text)> Imports(TestShop shop)
    {
        foreach (SignedEntry entry in JournalExport.Read(shop.JournalPath).Where(entry => entry.Kind == EntryKind.DeviceEvent))
        {
            int at = entry.Body.Span.IndexOf("catalogue "u8);
            if (at > 0)
            {
                yield return (entry.Position, Encoding.UTF8.GetString(entry.Body.Span[at..]));
            }
        }
    }
}
