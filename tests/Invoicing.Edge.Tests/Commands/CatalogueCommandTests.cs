using System.Text.Json.Nodes;
using Invoicing.Edge.Commands;

namespace Invoicing.Edge.Tests.Commands;

public sealed class CatalogueCommandTests
{
    private const string Goods = "mã hàng;tên hàng;đvt;thuế suất;giá\n1;Cà phê;ly;8;29000\n2;\"Bánh; mì\";ổ;8%;35000\n";

    [Fact]
    public async Task A_list_is_imported_listed_shown_and_imported_again_without_effect()
    {
        await using RunningEdge edge = await RunningEdge.StartAsync();
        string file = edge.Write("goods.csv", Goods);

        (int code, string output, string error) = await Run("import", file, "--config", edge.Config);

        string hash = edge.Gateway.Status.Catalogue!.Value.ToString();
        Assert.Equal((0, $"catalogue {hash} of 2 items is in force", $"{file}: ignored columns: giá"), (code, output, error));
        Assert.StartsWith($"catalogue {hash} was in force already", (await Run("import", file, "--config", edge.Config)).Output, StringComparison.Ordinal);
        (_, string list, _) = await Run("list", "--journal", edge.Journal);
        Assert.StartsWith(hash, Assert.Single(list.Split('\n')), StringComparison.Ordinal);
        Assert.EndsWith("goods.csv", list, StringComparison.Ordinal);
        (_, string shown, _) = await Run("show", "now", "--journal", edge.Journal);
        Assert.Equal(
            "plu;barcode;department;words;name;unit;rate;nature;valid from\r\n1;;;;Cà phê;ly;8%;;\r\n2;;;;\"Bánh; mì\";ổ;8%;;", shown);
        Assert.Equal(shown, (await Run("show", hash, "--journal", edge.Journal)).Output);
        Assert.StartsWith(
            $"catalogue {hash} was in force already",
            (await Run("import", edge.Write("shown.csv", shown), "--config", edge.Config)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scripts_get_JSON()
    {
        await using RunningEdge edge = await RunningEdge.StartAsync();
        Assert.Equal("""{"catalogues":[]}""", (await Run("list", "--journal", edge.Journal, "--json")).Output);
        JsonNode imported = JsonNode.Parse((await Run("import", edge.Write("goods.csv", Goods), "--config", edge.Config, "--json")).Output)!;
        JsonNode listed = JsonNode.Parse((await Run("list", "--journal", edge.Journal, "--json")).Output)!["catalogues"]![0]!;
        JsonNode shown = JsonNode.Parse((await Run("show", "now", "--journal", edge.Journal, "--json")).Output)!;

        Assert.True(imported["imported"]!.GetValue<bool>());
        Assert.Equal(2, imported["items"]!.GetValue<int>());
        Assert.Equal(imported["hash"]!.GetValue<string>(), listed["hash"]!.GetValue<string>());
        Assert.Equal(("goods.csv", 2), (listed["source"]!.GetValue<string>(), listed["items"]!.GetValue<int>()));
        Assert.Equal(("Plu", "1", "8%"), (Text(shown, "by"), Text(shown, "key"), Text(shown, "rate")));
    }

    [Fact]
    public async Task A_list_at_fault_is_told_with_every_fault_and_changes_nothing()
    {
        await using RunningEdge edge = await RunningEdge.StartAsync();
        string file = edge.Write("goods.csv", "plu;name;rate\n1;a;9%\n2;b\n");

        (int code, _, string error) = await Run("import", file, "--config", edge.Config);

        Assert.Equal(1, code);
        Assert.Equal(2, error.Split(Environment.NewLine).Length);
        Assert.Contains($"{file}: line 2, column 'rate': expected", error, StringComparison.Ordinal);
        Assert.Contains($"{file}: line 3: expected 3 fields", error, StringComparison.Ordinal);
        Assert.Null(edge.Gateway.Status.Catalogue);
    }

    [Fact]
    public async Task What_is_not_there_is_told()
    {
        await using RunningEdge edge = await RunningEdge.StartAsync();

        Assert.Contains("that can be read, found none", (await Run("import", "nowhere.csv", "--config", edge.Config)).Error, StringComparison.Ordinal);
        Assert.Equal("no catalogue was imported", (await Run("list", "--journal", edge.Journal)).Output);
        Assert.Equal((1, "", "no catalogue was imported"), await Run("show", "now", "--journal", edge.Journal));
        Assert.Contains("expected the hash of a catalogue", (await Run("show", new('a', 64), "--journal", edge.Journal)).Error, StringComparison.Ordinal);
        Assert.Contains("expected 'now' or a hash", (await Run("show", "yesterday", "--journal", edge.Journal)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_not_running_is_told()
    {
        RunningEdge edge = await RunningEdge.StartAsync();
        string folder = Path.GetDirectoryName(edge.Config)!;
        await edge.DisposeAsync();
        Directory.CreateDirectory(folder);
        try
        {
            edge.Write("edge.json", """{ "journal": "journal.db", "bundle": "device.json" }""");
            (int code, _, string error) = await Run("import", edge.Write("goods.csv", Goods), "--config", edge.Config);
            Assert.Equal(1, code);
            Assert.Contains("the edge service is not running", error, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Text(JsonNode shown, string key) => shown["items"]![0]![key]!.GetValue<string>();

    private static Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments) =>
        RunningEdge.RunAsync(CatalogueCommand.Create(), arguments);
}
