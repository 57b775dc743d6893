using System.Text;
using System.Text.Json.Nodes;
using Invoicing.EndToEnd.Tests.Processes;
using Invoicing.Testing;

namespace Invoicing.EndToEnd.Tests.Scenarios;

/// <summary>Tills that only print: a tap between them and their printers, and a line of plain text; the programs as processes.</summary>
[Trait("Tier", "EndToEnd")]
public sealed class CapturedTillTests(ITestOutputHelper output)
{
    private const string Till = "TILL-1";

    [Fact]
    public async Task A_gate_between_a_till_and_its_printer_on_TCP_prints_the_code_of_each_sale_and_journals_it_once()
    {
        const int Sales = 20;
        using Shop shop = await Shop.CreateAsync();
        await File.WriteAllTextAsync(shop.File("till.json"), TillTemplates.TwoLines);
        (int tillPort, int printerPort) = (Shop.FreePort(), Shop.FreePort());
        string config = shop.ConfigureRegisters([new()
        {
            ["line"] = $"tcp-listen:127.0.0.1:{tillPort}",
            ["protocol"] = "escpos",
            ["register"] = Till,
            ["mode"] = "gate",
            ["printer"] = $"tcp:127.0.0.1:{printerPort}",
            ["time_limit"] = "60s",
            ["columns"] = 0,
            ["template"] = "till.json",
        }]);
        await using ProgramRun authority = await shop.StartAuthorityAsync();
        await using ProgramRun printer = shop.StartTill("escpos-printer", $"tcp-listen:{printerPort}", "PRINTER", "--paper", shop.File("paper"));
        await using ProgramRun edge = await shop.StartEdgeAsync(config);
        await shop.ImportGoodsAsync(config);

        await using ProgramRun till = shop.StartTill(
            "escpos", $"tcp:127.0.0.1:{tillPort}", Till, "--sales", $"{Sales}", "--seed", "7", "--pace", "flat", "--status");
        Assert.Equal(0, await till.WaitAsync(TimeSpan.FromMinutes(2)));
        await shop.UntilStatusAsync(status => Register(status)["durable"]!.GetValue<long>() == Sales && status["lag"]!.GetValue<long>() == 0, "invoiced and acknowledged");
        List<(long Total, string Code)> journaled = await shop.JournaledAsync();
        List<long> rung = await shop.RungUpAsync(Till);
        await Waiting.Until(() => journaled.TrueForAll(sale => Paper(shop).Contains($"Ma CQT: {sale.Code}", StringComparison.Ordinal)), "every code is on the paper");

        Assert.Equal(Sales, rung.Count);
        Assert.Equal(rung, journaled.Select(sale => sale.Total));
        string paper = Paper(shop);
        Assert.Equal(Sales, paper.Split("Ma CQT: ").Length - 1);
        Assert.DoesNotContain("NOT INVOICED", paper, StringComparison.Ordinal);
        JsonNode register = Register(await StatusAsync(shop, config));
        Assert.Equal(("gate", Sales, null), (register["mode"]!.GetValue<string>(), register["counters"]!["sales"]!.GetValue<int>(), register["trouble"]));
        Assert.Equal(0, await edge.TerminateAsync());
        output.WriteLine($"{Sales} sales, {paper.Length} bytes of paper");
    }

    [Fact]
    public async Task A_tap_that_looks_on_over_serial_lines_is_taught_by_what_it_captured_and_invoices_that_and_what_comes()
    {
        using Shop shop = await Shop.CreateAsync();
        JsonObject register = new()
        {
            ["line"] = $"serial:{shop.Link(Till)}",
            ["protocol"] = "escpos",
            ["register"] = Till,
            ["mode"] = "observe",
            ["printer"] = $"serial:{shop.Link("PRINTER")}",
            ["columns"] = 0,
        };
        string config = shop.ConfigureRegisters([register]);
        await using ProgramRun authority = await shop.StartAuthorityAsync();
        await using ProgramRun printer = shop.StartTill("escpos-printer", $"pty:{shop.Link("PRINTER")}", "PRINTER", "--paper", shop.File("paper"));
        await Waiting.Until(() => File.Exists(shop.Link("PRINTER")), "the printer's line is there");
        await using (ProgramRun edge = await shop.StartEdgeAsync(config))
        {
            await shop.ImportGoodsAsync(config);
            await SellAsync(shop, 12, seed: 7);
            await shop.UntilStatusAsync(
                status => status["held"]!.GetValue<long>() == 12 && Register(status)["durable"]!.GetValue<long>() == 12, "twelve prints are kept and held");
            await LearnAsync(shop, config);
            JsonNode before = await StatusAsync(shop, config);
            Assert.Contains("one job can be lost if power fails between paper and disk", Register(before)["notes"]![0]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Contains("TILL-1.tty does not open: there is no such device", Register(before)["trouble"]!.GetValue<string>(), StringComparison.Ordinal);
            await edge.UntilSaysAsync("TILL-1: 3 pieces in a row could not be read as receipts");
            Assert.False(before["green"]!.GetValue<bool>());
            Assert.Equal(0, await edge.TerminateAsync());
        }

        await File.WriteAllTextAsync(shop.File("till.json"), TillTemplates.TwoLines);
        register["template"] = "till.json";
        config = shop.ConfigureRegisters([(JsonObject)register.DeepClone()]);
        await using (ProgramRun edge = await shop.StartEdgeAsync(config))
        {
            JsonArray held = JsonNode.Parse((await shop.EdgeAsync(0, "held", "list", "--config", config, "--json")).Single())!["held"]!.AsArray();
            foreach (JsonNode? one in held)
            {
                await shop.EdgeAsync(0, "held", "resolve", $"{one!["position"]}", "--config", config);
            }

            await SellAsync(shop, 18, seed: 7);
            await shop.UntilStatusAsync(status => Register(status)["durable"]!.GetValue<long>() == 18 && status["lag"]!.GetValue<long>() == 0, "eighteen are recorded");
            Assert.Equal(0, (await StatusAsync(shop, config))["held"]!.GetValue<long>());
            Assert.Equal(0, await edge.TerminateAsync());
        }

        List<long> rung = await shop.RungUpAsync(Till);
        Assert.Equal(18, rung.Count);
        Assert.Equal(rung, (await shop.JournaledAsync()).Select(sale => sale.Total));
        Assert.DoesNotContain("CQT", Paper(shop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receipts_in_plain_lines_over_a_serial_line_are_invoiced_once_each()
    {
        const int Sales = 20;
        using Shop shop = await Shop.CreateAsync();
        await File.WriteAllTextAsync(shop.File("till.json"), TillTemplates.TwoLines);
        string config = shop.ConfigureRegisters([new()
        {
            ["line"] = $"serial:{shop.Link(Till)}",
            ["protocol"] = "line-text",
            ["register"] = Till,
            ["start"] = "^\\s*cửa hàng mười$",
            ["end"] = "^\\s*cảm ơn quý khách",
            ["code_page"] = "cp1258",
            ["template"] = "till.json",
        }]);
        int port = Shop.FreePort();
        await using ProgramRun authority = await shop.StartAuthorityAsync();
        await using ProgramRun edge = await shop.StartEdgeAsync(config);
        await shop.ImportGoodsAsync(config);
        await using ProgramRun till = shop.StartTill(
            "line-text", $"tcp-listen:{port}", Till, "--sales", $"{Sales}", "--seed", "7", "--pace", "flat", "--charset", "cp1258");
        await till.UntilSaysAsync($"{Till}: line");

        // The cable reaches the till once the edge has opened its end: what is said before is said to nobody.
        await using var cable = ProgramRun.Start("socat", [$"pty,raw,echo=0,link={shop.Link(Till)},wait-slave", $"tcp:127.0.0.1:{port}"]);
        Assert.Equal(0, await till.WaitAsync(TimeSpan.FromMinutes(2)));
        await shop.UntilStatusAsync(status => Register(status)["durable"]!.GetValue<long>() == Sales && status["lag"]!.GetValue<long>() == 0, "recorded and acknowledged");

        List<long> rung = await shop.RungUpAsync(Till);
        Assert.Equal(Sales, rung.Count);
        Assert.Equal(rung, (await shop.JournaledAsync()).Select(sale => sale.Total));
        await shop.EdgeAsync(0, "template", "test", "--config", config);
        JsonNode pages = JsonNode.Parse((await shop.EdgeAsync(0, "codepage", "--config", config, "--json")).Single())!;
        Assert.Equal("cp1258", pages["configured"]!.GetValue<string>());
        Assert.Contains(pages["code_pages"]!.AsArray(), page => page!["configured"]!.GetValue<bool>() && page["undefined"]!.GetValue<int>() == 0);
    }

    /// <summary>Lists, learns, tests: all on what the running edge keeps.</summary>
    private async Task LearnAsync(Shop shop, string config)
    {
        JsonNode list = JsonNode.Parse((await shop.EdgeAsync(0, "captures", "list", "--config", config, "--class", "not-read", "--limit", "5", "--json")).Single())!;
        Assert.Equal([12, 11, 10, 9, 8], list["captures"]!.AsArray().Select(piece => piece!["number"]!.GetValue<int>()));
        Assert.Equal(8, list["next"]!.GetValue<int>());
        IReadOnlyCollection<string> shown = await shop.EdgeAsync(0, "captures", "show", "3", "--config", config);
        Assert.Contains(shown, line => line.Contains("CỬA HÀNG MƯỜI", StringComparison.Ordinal));
        Assert.Contains(shown, line => line.Contains("expected a template for this till, found none", StringComparison.Ordinal));

        IReadOnlyCollection<string> learned = await shop.EdgeAsync(0, "template", "learn", "--config", config, "--out", shop.File("learned.json"));
        output.WriteLine(string.Join(Environment.NewLine, learned.TakeLast(2)));
        JsonNode read = JsonNode.Parse((await shop.EdgeAsync(0, "template", "show", "--config", config, "--template", shop.File("learned.json"), "--json")).Single())!;
        Assert.NotNull(read["reading"]!["number"]);

        await File.WriteAllTextAsync(shop.File("written.json"), TillTemplates.TwoLines);
        JsonNode test = JsonNode.Parse((await shop.EdgeAsync(0, "template", "test", "--config", config, "--template", shop.File("written.json"), "--json")).Single())!;
        Assert.Equal((12, 0), (test["add_up"]!.GetValue<int>(), test["misread"]!.GetValue<int>()));
    }

    /// <summary>A till on its pseudo-terminal sells until its book has so many sales; it asks its printer before each, so nothing is printed while the edge is not there.</summary>
    private static async Task SellAsync(Shop shop, int until, int seed)
    {
        await using ProgramRun till = shop.StartTill(
            "escpos", $"pty:{shop.Link(Till)}", Till, "--sales", $"{until}", "--seed", $"{seed}", "--pace", "flat", "--status");
        Assert.Equal(0, await till.WaitAsync(TimeSpan.FromMinutes(2)));
    }

    private static async Task<JsonNode> StatusAsync(Shop shop, string config) =>
        JsonNode.Parse((await shop.EdgeAsync(0, "status", "--config", config, "--json")).Single())!;

    private static JsonNode Register(JsonNode status) => status["registers"]![0]!;

    /// <summary>What the printer got, as bytes that stand for themselves.</summary>
    private static string Paper(Shop shop)
    {
        using FileStream file = new(shop.File("paper"), FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(file, Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
