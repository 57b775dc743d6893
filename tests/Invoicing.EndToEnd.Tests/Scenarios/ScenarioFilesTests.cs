using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FirmwareSim.Scenarios;
using Invoicing.EndToEnd.Tests.Processes;
using Invoicing.Testing;

namespace Invoicing.EndToEnd.Tests.Scenarios;

/// <summary>The scenarios of tests/scenarios, rung up by the simulator: register, link, edge and journal as processes.</summary>
[Trait("Tier", "EndToEnd")]
public sealed class ScenarioFilesTests
{
    private const string Serial = "SIM-0001";

    /// <summary>How many of them a register can ring up: one that falls out of the run is a fault.</summary>
    private const int Count = 39;

    private static readonly string Folder = RepositoryFolder.File("tests", "scenarios");

    [Fact]
    public async Task Scenarios_come_through_the_link_as_their_files_say()
    {
        ImmutableArray<ScenarioSale> sales = ScenarioFolder.Read(Folder);
        Assert.Equal(Count, sales.Length);
        using Shop shop = await Shop.CreateAsync();
        await using ProgramRun authority = await shop.StartAuthorityAsync();
        await using ProgramRun edge = await shop.StartEdgeAsync(shop.Configure([$"serial:{shop.Link(Serial)}"]));
        await using (var register = ProgramRun.Start(
            ProgramRun.Ours("firmware-sim"),
            [
                "run", "--line", $"pty:{shop.Link(Serial)}", "--serial", Serial, "--journal", shop.RegisterJournal(Serial),
                "--scenarios", Folder, "--pace", "flat", "--json",
            ]))
        {
            Assert.Equal(0, await register.WaitAsync(TimeSpan.FromMinutes(1)));
        }

        await shop.UntilAllIsAcknowledgedAsync();
        Assert.Equal(0, await edge.TerminateAsync());

        JsonNode[] expected = [.. sales.Select(sale => Expect(sale.Name))];
        Assert.Equal(
            sales.Zip(expected, (sale, expect) => $"{sale.Name}: {Told(expect)}"),
            sales.Zip(await RegisterAsync(shop), (sale, record) => $"{sale.Name}: {record}"));
        Assert.Equal(
            sales.Zip(expected).Where(pair => pair.Second["faults"] is null)
                .Select(pair => $"{pair.First.Total}: {Rates(pair.Second["rates"]!)}"),
            await JournalAsync(shop));
    }

    /// <summary>What the file expects. Without a catalogue, which is none of the till's, what it would complete is held.</summary>
    private static JsonNode Expect(string name)
    {
        JsonNode scenario = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, name + ".json")))!;
        bool lacks = scenario["catalogue"] is not null
            && !scenario["sale"]!["lines"]!.AsArray().All(line => line!["name"] is not null);
        return lacks ? JsonNode.Parse("""{ "faults": ["VN-NAME-1 at Lines[0].Name"] }""")! : scenario["expect"]!;
    }

    private static string Told(JsonNode expect) =>
        expect["faults"] is { } faults ? $"Held {Rule(faults[0]!.GetValue<string>())}" : "Issued";

    /// <summary>What the register holds as the results of its sales.</summary>
    private static async Task<IEnumerable<string>> RegisterAsync(Shop shop)
    {
        IReadOnlyCollection<string> lines = await ProgramRun.ToEndAsync(
            ProgramRun.Ours("firmware-sim"), ["journal", "--journal", shop.RegisterJournal(Serial), "--json"]);
        return lines.Select(line => JsonNode.Parse(line)!).Where(record => record["kind"]!.GetValue<string>() == "Sale")
            .Select(record => $"{record["outcome"]} {Rule(record["text"]?.GetValue<string>() ?? string.Empty)}".TrimEnd());
    }

    /// <summary>Total and sums by rate of the invoices that the edge recorded, in their order.</summary>
    private static async Task<IEnumerable<string>> JournalAsync(Shop shop)
    {
        IReadOnlyCollection<string> lines = await ProgramRun.ToEndAsync(
            ProgramRun.Ours("Invoicing.Edge"), ["export", "--journal", shop.JournalFile]);
        return lines.Select(line => JsonNode.Parse(line)!["invoice"]).OfType<JsonNode>()
            .Select(invoice => $"{invoice["total"]}: {Rates(invoice["taxes"]!)}");
    }

    private static string Rates(JsonNode rates) =>
        string.Join(", ", rates.AsArray().Select(rate => $"{rate!["rate"]} {rate["net"]} + {rate["tax"]}"));

    private static string Rule(string fault) => fault.Split(' ')[0];
}
