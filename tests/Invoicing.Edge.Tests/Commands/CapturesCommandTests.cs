using System.Text.Json.Nodes;
using Invoicing.Edge.Commands;
using Invoicing.Testing;

namespace Invoicing.Edge.Tests.Commands;

/// <summary>What a till printed, looked at, taught from and tested, all asked of the running service.</summary>
public sealed class CapturesCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly PrintingTill _till = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Captures_are_listed_newest_first_by_class_and_page()
    {
        await using RunningEdge edge = await StartAsync(PrintingTill.Template);
        await _till.PrintAsync(edge, 5, PrintingTill.Receipt("1"), PrintingTill.Receipt("2"), PrintingTill.Receipt("2"), "PHIẾU BẾP\n2 Cà phê sữa\n", PrintingTill.Receipt("3", total: 41_000));

        JsonNode all = await JsonAsync(edge, CapturesCommand.Create(), "list");
        JsonNode page = await JsonAsync(edge, CapturesCommand.Create(), "list", "--limit", "2", "--before", "4");
        JsonNode sales = await JsonAsync(edge, CapturesCommand.Create(), "list", "--class", "sale", "--register", PrintingTill.Name);
        (_, string text, _) = await RunAsync(edge, CapturesCommand.Create(), "list", "--limit", "2");

        Assert.Equal(
            ["5 totals-differ", "4 kitchen", "3 reprint", "2 sale", "1 sale"], all["captures"]!.AsArray().Select(piece => $"{piece!["number"]} {piece["class"]}"));
        Assert.Null(all["next"]);
        Assert.Equal([3, 2], page["captures"]!.AsArray().Select(piece => piece!["number"]!.GetValue<int>()));
        Assert.Equal(2, page["next"]!.GetValue<int>());
        Assert.Equal([2, 1], sales["captures"]!.AsArray().Select(piece => piece!["number"]!.GetValue<int>()));
        string[] lines = text.Split(Environment.NewLine);
        Assert.Contains("totals-differ", lines[0], StringComparison.Ordinal);
        Assert.Contains("40000", lines[0], StringComparison.Ordinal); // and why
        Assert.Equal("older ones: --before 4", lines[2]);
    }

    [Fact]
    public async Task The_status_says_how_a_tap_stands_what_it_took_prints_for_and_when_it_cannot_read_them()
    {
        await using RunningEdge edge = await StartAsync(PrintingTill.Template);
        await _till.PrintAsync(edge, 2, PrintingTill.Receipt("1"), "PHIẾU BẾP\n2 Cà phê sữa\n");
        (_, string well, _) = await RunAsync(edge, StatusCommand.Create());
        await _till.PrintAsync(edge, 5, PrintingTill.Receipt("2", total: 41_000), PrintingTill.Receipt("3", total: 41_000), PrintingTill.Receipt("4", total: 41_000));
        (_, string alarm, _) = await RunAsync(edge, StatusCommand.Create());
        JsonNode json = await JsonAsync(edge, StatusCommand.Create());

        Assert.StartsWith("GREEN", well, StringComparison.Ordinal); // though the till has hung up: it calls for each print
        Assert.Contains("register  TILL-1 on tcp listening on 127.0.0.1:", well, StringComparison.Ordinal);
        Assert.Contains("(escpos, virtual): None, durable up to 1", well, StringComparison.Ordinal);
        Assert.Contains("          it stands in for a printer: nothing comes on paper", well, StringComparison.Ordinal);
        Assert.Contains("          jobs 2, kitchen slips 1, sales 1", well, StringComparison.Ordinal);
        Assert.StartsWith("ATTENTION", alarm, StringComparison.Ordinal);
        Assert.Contains("          3 pieces in a row could not be read as receipts (the last: TotalsDiffer: ", alarm, StringComparison.Ordinal);
        Assert.Equal("virtual", json["registers"]![0]!["mode"]!.GetValue<string>());
        Assert.Equal(("Open", 90), (json["captures"]!["state"]!.GetValue<string>(), json["captures"]!["kept_days"]!.GetValue<int>()));
        Assert.True(json["captures"]!["bytes"]!.GetValue<long>() > 0);
    }

    [Fact]
    public async Task One_capture_is_shown_with_its_text_and_what_is_read_in_it()
    {
        await using RunningEdge edge = await StartAsync(PrintingTill.Template);
        await _till.PrintAsync(edge, 1, PrintingTill.Receipt("0007"));

        (int code, string text, _) = await RunAsync(edge, CapturesCommand.Create(), "show", "1");
        JsonNode json = await JsonAsync(edge, CapturesCommand.Create(), "show");
        (int none, _, string error) = await RunAsync(edge, CapturesCommand.Create(), "show", "99");

        Assert.Equal(0, code);
        Assert.Contains("  | CỬA HÀNG HOA SEN", text, StringComparison.Ordinal);
        Assert.Contains("Cà phê sữa: 2 x 20000 = 40000 ₫", text, StringComparison.Ordinal);
        Assert.Equal(("0007", 40_000), (json["reading"]!["number"]!.GetValue<string>(), json["reading"]!["total"]!.GetValue<long>()));
        Assert.Equal(1, none);
        Assert.StartsWith("expected a capture of TILL-1, found none with number 99", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_is_learned_from_captures_shown_and_tested()
    {
        await using RunningEdge edge = await StartAsync(template: null);
        await _till.PrintAsync(
            edge, 5, PrintingTill.Receipt("0001"), PrintingTill.Receipt("0002", "Trà đào", 1, price: "40.000"), "PHIẾU BẾP\n2 Cà phê sữa\n", PrintingTill.Receipt("0003"), PrintingTill.Receipt("0003"));
        string learned = Path.ChangeExtension(edge.Config, ".learned");
        string bad = edge.Write("bad.json", PrintingTill.Template.Replace("tổng cộng", "tổng thanh toán", StringComparison.Ordinal));

        (int code, string text, string error) = await RunAsync(edge, TemplateCommand.Create(), "learn", "--out", learned, "--captures", "1,2,4");
        (int again, _, string there) = await RunAsync(edge, TemplateCommand.Create(), "learn", "--out", learned);
        (int shown, string show, _) = await RunAsync(edge, TemplateCommand.Create(), "show", "2", "--template", learned);
        (int tested, string test, _) = await RunAsync(edge, TemplateCommand.Create(), "test", "--template", learned);
        (int failed, string fails, _) = await RunAsync(edge, TemplateCommand.Create(), "test", "--template", bad);
        (int missing, _, string without) = await RunAsync(edge, TemplateCommand.Create(), "test");

        Assert.Equal((0, string.Empty), (code, error));
        Assert.Contains("3 of 3 receipts add up", text, StringComparison.Ordinal);
        Assert.Equal(1, again);
        Assert.Contains("expected to make a new file", there, StringComparison.Ordinal);
        Assert.Equal(0, shown);
        Assert.Contains("Trà đào: 1 x 40000 = 40000 ₫", show, StringComparison.Ordinal);
        Assert.Equal(0, tested);
        Assert.Contains("3 add up, 0 do not, 2 are no sales", test, StringComparison.Ordinal);
        Assert.Contains("receipt 0003 was capture 4 first", test, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Unsound, failed);
        Assert.Contains("0 add up, 4 do not", fails, StringComparison.Ordinal);
        Assert.Equal(1, missing);
        Assert.Contains("TILL-1 has none in the configuration; make one with 'template learn'", without, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_is_shown_under_every_code_page_with_a_star_at_the_configured_one()
    {
        await using RunningEdge edge = await StartAsync(template: null);
        await _till.PrintAsync(edge, 1, PrintingTill.Receipt("0001"));

        (int code, string text, _) = await RunAsync(edge, CodePageCommand.Create());
        JsonNode json = await JsonAsync(edge, CodePageCommand.Create(), "1");

        Assert.Equal(0, code);
        Assert.StartsWith("* utf-8       0 without meaning", text, StringComparison.Ordinal);
        Assert.Contains("  | CỬA HÀNG HOA SEN", text, StringComparison.Ordinal);
        Assert.Contains("  tcvn3-1 ", text, StringComparison.Ordinal);
        Assert.Equal("utf-8", json["configured"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("list --register NOBODY", "expected a till that is captured, found 'NOBODY'; there are: TILL-1")]
    [InlineData("list --class strange", "expected one of unjudged, sale, reprint")]
    [InlineData("list --limit 501", "expected a limit of 1 to 500, found 501")]
    [InlineData("show --register NOBODY", "expected a till that is captured")]
    [InlineData("show", "expected a capture of TILL-1, found none yet; print a receipt")]
    public async Task What_cannot_be_had_is_one_sentence(string words, string sentence)
    {
        await using RunningEdge edge = await StartAsync(template: null);

        (int code, _, string error) = await RunAsync(edge, CapturesCommand.Create(), words.Split(' '));

        Assert.Equal(1, code);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
    }

    [Fact]
    public async Task A_print_that_was_not_read_becomes_an_invoice_by_the_right_template_and_its_reprint_does_not()
    {
        await using RunningEdge edge = await StartAsync(template: null);
        await _till.PrintAsync(edge, 3, PrintingTill.Receipt("0001"), PrintingTill.Receipt("0001"), PrintingTill.Receipt("0002", total: 50_000));
        await edge.UntilAsync(() => edge.Gateway.Status.Held == 3, "three are held");
        long[] held = [.. (await JsonAsync(edge, HeldCommand.Create(), "list"))["held"]!.AsArray().Select(one => one!["position"]!.GetValue<long>())];
        (int before, _, string noTemplate) = await RunAsync(edge, HeldCommand.Create(), "resolve", $"{held[0]}");

        edge.Write("till.json", PrintingTill.Template);
        edge.Write("goods.csv", "tên in;tên hàng;đvt;thuế suất\nCà phê sữa;Cà phê sữa đá;Ly;8%\n");
        await edge.RestartAsync(_till.Settings("till.json"));
        await RunAsync(edge, CatalogueCommand.Create(), "import", Path.Combine(Path.GetDirectoryName(edge.Config)!, "goods.csv"));
        (int resolved, string issued, string fault) = await RunAsync(edge, HeldCommand.Create(), "resolve", $"{held[0]}");
        (int twice, _, string reprint) = await RunAsync(edge, HeldCommand.Create(), "resolve", $"{held[1]}");
        (int wrong, _, string differs) = await RunAsync(edge, HeldCommand.Create(), "resolve", $"{held[2]}");
        await _till.PrintAsync(edge, 1, PrintingTill.Receipt("0001"));
        JsonNode newest = (await JsonAsync(edge, CapturesCommand.Create(), "list", "--limit", "1"))["captures"]![0]!;

        Assert.Equal(1, before);
        Assert.Contains("in which the template still finds no sale: expected a template for this till, found none", noTemplate, StringComparison.Ordinal);
        Assert.Equal((0, string.Empty), (resolved, fault));
        Assert.Contains("M1-26-", issued, StringComparison.Ordinal);
        Assert.Equal(1, twice);
        Assert.Contains("a print of receipt 0001, which is capture 1: it is not invoiced a second time", reprint, StringComparison.Ordinal);
        Assert.Equal(1, wrong);
        Assert.Contains("give the right sale with --sale FILE", differs, StringComparison.Ordinal);
        Assert.Equal(("reprint", 1), (newest["class"]!.GetValue<string>(), newest["first_seen"]!.GetValue<long>()));
        Assert.Equal(2, edge.Gateway.Status.Held);
        Assert.Empty(Invoicing.Gateway.Captures.CaptureStore.Verify(edge.Journal));
    }

    private async Task<RunningEdge> StartAsync(string? template)
    {
        string file = _folder.File("template.json");
        await File.WriteAllTextAsync(file, template ?? string.Empty);
        return await RunningEdge.StartAsync(_till.Settings(template is null ? null : file));
    }

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(RunningEdge edge, System.CommandLine.Command command, params string[] words) =>
        RunningEdge.RunAsync(command, [.. words, "--config", edge.Config]);

    private static async Task<JsonNode> JsonAsync(RunningEdge edge, System.CommandLine.Command command, params string[] words)
    {
        (int code, string output, string error) = await RunAsync(edge, command, [.. words, "--json"]);
        Assert.Equal((0, string.Empty), (code, error));
        return JsonNode.Parse(output)!;
    }
}
