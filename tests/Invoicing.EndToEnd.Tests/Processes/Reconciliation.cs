using System.Text.Json.Nodes;

namespace Invoicing.EndToEnd.Tests.Processes;

/// <summary>The checker of every end-to-end test: what registers rang up, what the journal holds, what the ledger serves; item by item.</summary>
public static class Reconciliation
{
    /// <summary>Both checkers find nothing wrong, and each sale rung up is one invoice in journal and ledger, with the code its register holds.</summary>
    /// <param name="shop">The shop, its programs stopped, the authority running.</param>
    /// <param name="serials">Its registers.</param>
    /// <param name="sales">Sales that each has rung up.</param>
    /// <param name="journals">The journals of its devices.</param>
    public static async Task AssertAsync(Shop shop, IReadOnlyList<string> serials, int sales, params string[] journals)
    {
        List<Item> rungUp = [];
        foreach (string serial in serials)
        {
            rungUp.AddRange(await RegisterAsync(shop, serial));
        }

        List<Item> journaled = [];
        foreach (string journal in journals)
        {
            await ProgramRun.ToEndAsync(ProgramRun.Ours("Invoicing.Edge"), ["verify", "--journal", journal]);
            journaled.AddRange(Invoices(await ProgramRun.ToEndAsync(
                ProgramRun.Ours("Invoicing.Edge"), ["export", "--journal", journal], limit: TimeSpan.FromMinutes(2))));
        }

        await shop.AuthorityAsync("verify", "--data", shop.AuthorityFolder, "--every-signature");
        List<Item> ledger = Invoices(await FeedAsync(shop));

        Assert.Equal(serials.Count * sales, rungUp.Count);
        AssertOnceEach("journal", rungUp, journaled);
        AssertOnceEach("ledger", rungUp, ledger);
    }

    /// <summary>Everything the ledger serves now, as the official's program prints it.</summary>
    public static async Task<IReadOnlyCollection<string>> FeedAsync(Shop shop)
    {
        IReadOnlyCollection<string> verify = await shop.AuthorityAsync("verify", "--data", shop.AuthorityFolder, "--json");
        long until = JsonNode.Parse(verify.Last())!["entries"]!.GetValue<long>();
        return await ProgramRun.ToEndAsync(
            ProgramRun.Ours("Invoicing.Authority"),
            ["feed", "--address", shop.AuthorityAddress, "--bundle", shop.File("follower.json"), "--until", $"{until}", "--json", "--verify"]);
    }

    /// <summary>What a register's own journal says of its sales.</summary>
    public static async Task<List<Item>> RegisterAsync(Shop shop, string serial)
    {
        IReadOnlyCollection<string> lines = await ProgramRun.ToEndAsync(
            ProgramRun.Ours("firmware-sim"), ["journal", "--journal", shop.RegisterJournal(serial), "--json"]);
        return [.. lines.Select(line => JsonNode.Parse(line)!).Where(r => r["kind"]!.GetValue<string>() == "Sale").Select(r => new Item(
            Key(serial, r["epoch"]!, r["sequence"]!), r["hash"]!.GetValue<string>().ToUpperInvariant(), r["total"]!.GetValue<long>(),
            r["code"]?.GetValue<string>()))];
    }

    /// <summary>The invoices among exported or followed entries.</summary>
    public static List<Item> Invoices(IEnumerable<string> lines) =>
    [
        .. lines.Select(line => JsonNode.Parse(line)!).Where(e => e["invoice"] is not null).Select(e => e["invoice"]!).Select(i => new Item(
            Key(i["register"]!.GetValue<string>(), i["epoch"]!, i["sequence"]!), i["record_hash"]!.GetValue<string>().ToUpperInvariant(),
            i["total"]!.GetValue<long>(), i["code"]!.GetValue<string>())),
    ];

    private static string Key(string serial, JsonNode epoch, JsonNode sequence) =>
        $"{serial}/{epoch.GetValue<string>().ToUpperInvariant()}/{sequence.GetValue<long>()}";

    private static void AssertOnceEach(string where, List<Item> rungUp, List<Item> found)
    {
        string[] doubled = [.. found.GroupBy(i => i.Key).Where(g => g.Count() > 1).Select(g => g.Key)];
        string[] missing = [.. rungUp.Select(i => i.Key).Except(found.Select(i => i.Key))];
        string[] strange = [.. found.Select(i => i.Key).Except(rungUp.Select(i => i.Key))];
        Assert.True(
            doubled.Length + missing.Length + strange.Length == 0,
            $"{where}: {doubled.Length} doubled ({doubled.FirstOrDefault()}), {missing.Length} missing ({missing.FirstOrDefault()}), "
            + $"{strange.Length} that no register rang up ({strange.FirstOrDefault()})");
        Assert.Equal(found.Count, found.Select(i => i.Code).Distinct().Count());
        var byKey = found.ToDictionary(i => i.Key);
        Assert.All(rungUp, sale =>
        {
            Item entry = byKey[sale.Key];
            Assert.Equal((sale.Hash, sale.Total), (entry.Hash, entry.Total));
            if (sale.Code is not null)
            {
                Assert.Equal(sale.Code, entry.Code);
            }
        });
    }

    /// <summary>One sale, as some party sees it.</summary>
    public sealed record Item(string Key, string Hash, long Total, string? Code);
}
