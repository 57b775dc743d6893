using Invoicing.EndToEnd.Tests.Processes;
using Invoicing.Testing;

namespace Invoicing.EndToEnd.Tests.Scenarios;

[Trait("Tier", "EndToEnd")]
public sealed class ThreeProcessesTests
{
    [Fact]
    public async Task Registers_edge_and_authority_as_processes_deliver_every_sale_once()
    {
        using Shop shop = await Shop.CreateAsync();
        string[] serials = ["SIM-0001", "SIM-0002", "SIM-0003"];
        await using ProgramRun authority = await shop.StartAuthorityAsync();
        await using ProgramRun edge = await shop.StartEdgeAsync(shop.Configure(serials.Select(s => $"serial:{shop.Link(s)}")));
        foreach (ProgramRun register in serials.Select((serial, i) => shop.StartRegister(serial, 60, seed: 7 + i, "flat")).ToArray())
        {
            await using (register)
            {
                Assert.Equal(0, await register.WaitAsync(TimeSpan.FromMinutes(1)));
            }
        }

        await shop.UntilAllIsAcknowledgedAsync();
        Assert.Equal(0, await edge.TerminateAsync());

        await Reconciliation.AssertAsync(shop, serials, 60, shop.JournalFile);
        await SecondOpinionAsync(shop, invoices: 180);
        Assert.Equal(0, await authority.TerminateAsync());
    }

    [Fact]
    public async Task Sales_rung_up_while_the_authority_is_away_arrive_when_it_is_back()
    {
        using Shop shop = await Shop.CreateAsync();
        string config = shop.Configure([$"serial:{shop.Link("SIM-0001")}"]);
        await shop.MeetRegisterAsync(config, "SIM-0001");
        await using ProgramRun edge = await shop.StartEdgeAsync(config);

        await using (ProgramRun register = shop.StartRegister("SIM-0001", 40, seed: 3, "flat"))
        {
            Assert.Equal(0, await register.WaitAsync(TimeSpan.FromMinutes(1)));
        }

        await using ProgramRun authority = await shop.StartAuthorityAsync();
        await shop.UntilAllIsAcknowledgedAsync();
        await Reconciliation.AssertAsync(shop, ["SIM-0001"], 40, shop.JournalFile);
    }

    /// <summary>The verifier in Python, written from the protos alone, reads what the edge exports and agrees on every hash and signature.</summary>
    private static async Task SecondOpinionAsync(Shop shop, int invoices)
    {
        string export = shop.File("export.jsonl");
        await ProgramRun.ToEndAsync(ProgramRun.Ours("Invoicing.Edge"), ["export", "--journal", shop.JournalFile, "--out", export]);

        IReadOnlyCollection<string> agreed = await ProgramRun.ToEndAsync(
            "/usr/bin/python3", [RepositoryFolder.File("tests", "peers", "verifier", "verifier.py"), "export", export]);

        string[] lines = await File.ReadAllLinesAsync(export);
        Assert.Contains("\"watermark\"", lines[0], StringComparison.Ordinal);
        Assert.Equal(lines.Length - 1, agreed.Count);
        Assert.True(agreed.Count > invoices, $"expected more than {invoices} entries, found {agreed.Count}");
    }
}
