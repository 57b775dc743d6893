using System.Text.Json.Nodes;
using Invoicing.EndToEnd.Tests.Processes;

namespace Invoicing.EndToEnd.Tests.Scenarios;

[Trait("Tier", "EndToEnd")]
public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_ends_with_four_equal_counts_and_exit_code_0()
    {
        IReadOnlyCollection<string> output = await ProgramRun.ToEndAsync(
            ProgramRun.Ours("Invoicing.Demo"), ["--registers", "3", "--sales", "50", "--seed", "7", "--pace", "flat", "--json"]);

        JsonNode result = JsonNode.Parse(output.Last())!;
        Assert.All(new[] { "rung_up", "journaled", "ledger", "feed" }, key => Assert.Equal(150, result[key]!.GetValue<int>()));
        Assert.All(new[] { "duplicates", "missing" }, key => Assert.Equal(0, result[key]!.GetValue<int>()));
        Assert.True(result["p50_ms"]!.GetValue<double>() > 0);
        Assert.True(result["p99_ms"]!.GetValue<double>() >= result["p50_ms"]!.GetValue<double>());
    }

    [Fact]
    public async Task Ctrl_C_closes_the_tills_and_what_was_rung_up_is_reconciled()
    {
        await using var demo = ProgramRun.Start(ProgramRun.Ours("Invoicing.Demo"), ["--registers", "2", "--pace", "20ms"]);
        await demo.UntilSaysAsync("seen");

        Assert.Equal(0, await demo.TerminateAsync(TimeSpan.FromSeconds(60)));

        Assert.Contains("Every sale is everywhere, once.", demo.Tail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--registers", "0", "--registers: expected 1 to 64, found 0")]
    [InlineData("--pace", "soon", "--pace: expected 200ms, 2s or flat, found 'soon'")]
    public async Task Wrong_words_are_named(string option, string value, string says)
    {
        await using var demo = ProgramRun.Start(ProgramRun.Ours("Invoicing.Demo"), [option, value]);

        Assert.Equal(1, await demo.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains(says, demo.Tail, StringComparison.Ordinal);
    }
}
