using System.Text.Json.Nodes;
using Invoicing.Edge.Commands;
using Invoicing.Gateway;
using Invoicing.Gateway.Journal;
using Invoicing.Sales;
using Invoicing.Testing;

namespace Invoicing.Edge.Tests.Commands;

public sealed class BuyerCommandTests
{
    private static readonly RegisterId Register = new("SIM-0001");

    [Fact]
    public async Task A_sale_that_waits_gets_the_buyer_that_the_command_names()
    {
        await using RunningEdge edge = await Start();
        Task<IssuedInvoice> waiting = edge.Gateway.IssueAsync(TestSales.Make("SIM-0001", 1, 1));

        (int code, string output, string error) = await Run(
            edge, "--receipt", "000001", "--tax-code", "0312270160", "--name", "Công ty Sông Hồng", "--address", "12 phố Huế, Hà Nội");

        IssuedInvoice issued = await waiting.Soon();
        Assert.Equal((0, $"invoice {issued.Invoice.Code} (C26MAA 1) names the buyer", string.Empty), (code, output, error));
        Assert.Equal(-1, issued.Entry.Body.Span.IndexOf("0312270160"u8));
        Assert.Single(JournalExport.Read(edge.Journal), entry => entry.Position == issued.Entry.Position);
    }

    [Fact]
    public async Task A_statement_that_comes_first_is_noted_and_a_late_one_refused_with_the_way()
    {
        await using RunningEdge edge = await Start();

        Assert.Equal("noted for the register's next sale, for as long as its sales wait", (await Run(edge, "--person", "Lan")).Output);
        JsonNode noted = JsonNode.Parse((await Run(edge, "--person", "Mai", "--json")).Output)!;
        IssuedInvoice issued = await edge.Gateway.IssueAsync(TestSales.Make("SIM-0001", 1, 1)).Soon();
        (int code, _, string error) = await Run(edge, "--receipt", "000001", "--person", "Lan");

        Assert.Equal("noted", noted["outcome"]!.GetValue<string>());
        Assert.Equal(1, code);
        Assert.Contains($"issued already as {issued.Invoice.Code}; name the buyer in a replacement", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_buyer_at_fault_is_told_and_nothing_is_noted()
    {
        await using RunningEdge edge = await Start();

        Assert.Contains("VN-BUYER-2 at Buyer.TaxCode", (await Run(edge, "--tax-code", "12")).Error, StringComparison.Ordinal);
        Assert.Contains("nothing stated", (await Run(edge)).Error, StringComparison.Ordinal);
        Task<IssuedInvoice> waiting = edge.Gateway.IssueAsync(TestSales.Make("SIM-0001", 1, 1));
        Assert.False(waiting.IsCompleted);
        edge.Time.Advance(TimeSpan.FromMinutes(1));
        await waiting.Soon();
    }

    [Fact]
    public async Task A_sale_behind_others_that_wait_is_answered_for_in_time()
    {
        await using RunningEdge edge = await Start();
        Task<IssuedInvoice> first = edge.Gateway.IssueAsync(TestSales.Make("SIM-0001", 1, 1));
        Task<IssuedInvoice> second = edge.Gateway.IssueAsync(TestSales.Make("SIM-0001", 1, 2));

        Task<(int, string Output, string)> told = Run(edge, "--receipt", "000002", "--person", "Lan");
        await Waiting.Until(
            () =>
            {
                edge.Time.Advance(TimeSpan.FromMilliseconds(50)); // 5 s in all, long before the minute of the first sale is over
                return told.IsCompleted;
            },
            "answered");

        Assert.Equal("taken; the sale is recorded when those before it are", (await told).Output);
        Assert.False(first.IsCompleted);
        edge.Time.Advance(TimeSpan.FromMinutes(1));
        await first.Soon();
        await second.Soon();
    }

    [Fact]
    public async Task Without_a_hold_time_the_way_is_told()
    {
        await using RunningEdge edge = await RunningEdge.StartAsync();

        Assert.Contains("set a hold time", (await Run(edge, "--person", "Lan")).Error, StringComparison.Ordinal);
    }

    private static async Task<RunningEdge> Start()
    {
        RunningEdge edge = await RunningEdge.StartAsync(""", "buyer_hold": 60""");
        await edge.Gateway.StateRegisterIsNewAsync(Register, "in a test").Soon();
        await edge.Gateway.WelcomeAsync(new(Register, 1, 0, 0, 0), default).Soon();
        return edge;
    }

    private static Task<(int ExitCode, string Output, string Error)> Run(RunningEdge edge, params string[] arguments) =>
        RunningEdge.RunAsync(BuyerCommand.Create(), ["--config", edge.Config, "--register", "SIM-0001", .. arguments]);
}
