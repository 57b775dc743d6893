using System.Text.Json.Nodes;
using Invoicing.EndToEnd.Tests.Processes;

namespace Invoicing.EndToEnd.Tests.Scenarios;

[Trait("Tier", "EndToEnd")]
public sealed class CatalogueTests
{
    [Fact]
    public async Task A_register_that_knows_codes_only_is_completed_by_the_shops_list_up_to_the_authority()
    {
        using Shop shop = await Shop.CreateAsync();
        string[] serials = ["SIM-0001", "SIM-0002"];
        await using ProgramRun authority = await shop.StartAuthorityAsync();
        string config = shop.Configure(serials.Select(serial => $"serial:{shop.Link(serial)}"));
        await using ProgramRun edge = await shop.StartEdgeAsync(config);
        IReadOnlyCollection<string> goods = await ProgramRun.ToEndAsync(ProgramRun.Ours("firmware-sim"), ["goods"]);
        await File.WriteAllLinesAsync(shop.File("goods.csv"), goods);
        IReadOnlyCollection<string> imported = await ProgramRun.ToEndAsync(
            ProgramRun.Ours("Invoicing.Edge"), ["catalogue", "import", shop.File("goods.csv"), "--config", config, "--json"]);
        string hash = JsonNode.Parse(imported.First(line => line.StartsWith('{')))!["hash"]!.GetValue<string>();

        await using ProgramRun codesOnly = shop.StartRegister(serials[0], 60, seed: 7, "flat", "all,departments,codes-only");
        await using ProgramRun named = shop.StartRegister(serials[1], 60, seed: 8, "flat", "all,departments");
        foreach (ProgramRun register in new[] { codesOnly, named })
        {
            Assert.Equal(0, await register.WaitAsync(TimeSpan.FromMinutes(1)));
            JsonNode summary = JsonNode.Parse(register.Output.Last())!;
            Assert.Equal((60, 0), (summary["issued"]!.GetValue<int>(), summary["held"]!.GetValue<int>()));
        }

        await shop.UntilAllIsAcknowledgedAsync();
        Assert.Equal(0, await edge.TerminateAsync());
        await Reconciliation.AssertAsync(shop, serials, 60, shop.JournalFile);
        IReadOnlyCollection<string> shown = await ProgramRun.ToEndAsync(
            ProgramRun.Ours("Invoicing.Edge"), ["catalogue", "show", hash, "--journal", shop.JournalFile]);
        Assert.Equal(goods.Count, shown.Count);
    }
}
