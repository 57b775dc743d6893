using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Invoicing.EndToEnd.Tests.Processes;
using Invoicing.Testing;

namespace Invoicing.EndToEnd.Tests.Scenarios;

/// <summary>A cable between register and edge, made by socat, that is pulled and put back.</summary>
[Trait("Tier", "EndToEnd")]
public sealed class CutLineTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_register_in_python_written_from_the_specification_sells_a_hundred_goods_over_a_line_that_is_cut()
    {
        using Shop shop = await Shop.CreateAsync();
        await using ProgramRun authority = await shop.StartAuthorityAsync();
        await using ProgramRun edge = await shop.StartEdgeAsync(shop.Configure([$"serial:{shop.File("edge.tty")}"]));
        ProgramRun cable = await PlugAsync(shop);
        await using var register = ProgramRun.Start(
            "/usr/bin/python3",
            [
                RepositoryFolder.File("tests", "peers", "tlk", "register.py"), "--line", shop.File("register.tty"), "--serial", "PY-0001", "--extras",
                "--journal", shop.File("python.journal"), "--sales", "100", "--pace", "0.02", "--json",
            ]);
        await shop.UntilStatusAsync(status => status["head"]!.GetValue<long>() > 30, "some thirty sales in");
        await cable.KillAsync();
        cable = await PlugAsync(shop);

        Assert.Equal(0, await register.WaitAsync(TimeSpan.FromMinutes(2)));

        await cable.DisposeAsync();
        await shop.UntilAllIsAcknowledgedAsync();
        List<Reconciliation.Item> ledger = Reconciliation.Invoices(await Reconciliation.FeedAsync(shop));
        JsonNode summary = JsonNode.Parse(register.Output.Last())!;
        Assert.Equal(100, summary["acknowledged"]!.GetValue<int>());
        Assert.Equal(100, ledger.Count);
        Assert.Equal(100, ledger.Select(sale => sale.Key).Distinct().Count());
        Assert.Equal(100, ledger.Select(sale => sale.Code).Distinct().Count());
        await ProgramRun.ToEndAsync(ProgramRun.Ours("Invoicing.Edge"), ["verify", "--journal", shop.JournalFile]);
    }

    [Fact]
    public async Task A_line_pulled_in_mid_frame_again_and_again_loses_and_doubles_nothing()
    {
        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using Shop shop = await Shop.CreateAsync();
        const string Serial = "SIM-0001";
        const int Cuts = 15;
        await using ProgramRun authority = await shop.StartAuthorityAsync();
        await using ProgramRun edge = await shop.StartEdgeAsync(shop.Configure([$"serial:{shop.File("edge.tty")}"]));

        // Single bytes between the register's pseudo-terminal and the edge's: most cuts fall inside a frame.
        await using ProgramRun register = shop.StartRegister(Serial, 300, seed: 5, "10ms");
        await Waiting.Until(() => File.Exists(shop.Link(Serial)), "the register's line is there");
        int cuts = 0;
        while (!register.HasExited)
        {
            // The cut is made at a byte, not at a time: a fast machine is cut as often as a slow one. The last cable stays whole.
            string limit = cuts < Cuts ? $",readbytes={random.Next(1, 2000)}" : "";
            await using var cable = ProgramRun.Start(
                "socat", ["-b", "1", $"{shop.Link(Serial)},raw,echo=0{limit}", $"pty,raw,echo=0,link={shop.File("edge.tty")}"]);
            Task<int> cut = cable.WaitAsync(TimeSpan.FromMinutes(3));
            if (await Task.WhenAny(register.WaitAsync(TimeSpan.FromMinutes(3)), cut) == cut)
            {
                Assert.Equal(0, await cut);
                cuts++;
            }
        }

        Assert.Equal(0, await register.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(Cuts, cuts);
        await shop.UntilAllIsAcknowledgedAsync();
        await Reconciliation.AssertAsync(shop, [Serial], 300, shop.JournalFile);
    }

    private static async Task<ProgramRun> PlugAsync(Shop shop)
    {
        var cable = ProgramRun.Start(
            "socat", [$"pty,raw,echo=0,link={shop.File("register.tty")}", $"pty,raw,echo=0,link={shop.File("edge.tty")}"]);
        await Waiting.Until(() => File.Exists(shop.File("edge.tty")) && File.Exists(shop.File("register.tty")), "plugged");
        return cable;
    }
}
