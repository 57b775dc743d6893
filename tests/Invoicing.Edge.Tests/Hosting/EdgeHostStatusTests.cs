using System.Text.Json.Nodes;
using Invoicing.Chain;
using Invoicing.Edge.Commands;
using Invoicing.Edge.Control;
using Invoicing.Edge.Hosting;
using Invoicing.Edge.Settings;
using Invoicing.Gateway;
using Invoicing.Sales;
using Invoicing.Testing;
using Invoicing.Vietnam;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Edge.Tests.Hosting;

/// <summary>A whole edge without an authority: what it records waits, and its status says until when that may go on, and what waits for a person.</summary>
public sealed class EdgeHostStatusTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Status_shows_the_deadline_of_what_waits_from_its_day_to_the_next()
    {
        var time = new ManualTime(new(2026, 7, 1, 9, 0, 0, VietnamTime.Offset));
        await using EdgeHost host = await StartAsync(time);
        Assert.Null(StatusJson.From(host)["deadline"]);
        Assert.True(StatusJson.From(host)["green"]!.GetValue<bool>());

        await host.Gateway.StateRegisterIsNewAsync(new("SIM-0001"), "a test", TestContext.Current.CancellationToken).Soon();
        Assert.Null(StatusJson.From(host)["deadline"]); // a statement is no invoice
        await host.Gateway.IssueAsync(TestSales.Make("SIM-0001", 7, 1), TestContext.Current.CancellationToken).Soon();
        Assert.Equal("ok 2026-07-01 2026-07-02T00:00:00+07:00 54000 True", Shown(host));

        time.StepWallClock(TimeSpan.FromHours(13));
        Assert.Equal("warning 2026-07-01 2026-07-02T00:00:00+07:00 7200 False", Shown(host));
        time.StepWallClock(TimeSpan.FromHours(2));
        Assert.Equal("missed 2026-07-01 2026-07-02T00:00:00+07:00 0 False", Shown(host));

        string text = StatusCommand.ForPeople(StatusJson.From(host));
        Assert.StartsWith("ATTENTION", text, StringComparison.Ordinal);
        Assert.Contains(
            "deadline  missed: invoices of 2026-07-01 due by 2026-07-02T00:00:00+07:00, 0 h 00 min ago; same-day, Decree 254/2026/NĐ-CP, Art. 16.3 (practice)",
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_held_sale_is_no_green_until_a_person_made_an_invoice_of_it()
    {
        await using EdgeHost host = await StartAsync(new ManualTime(new(2026, 7, 1, 9, 0, 0, VietnamTime.Offset)));
        await host.Gateway.StateRegisterIsNewAsync(new("SIM-0001"), "a test", TestContext.Current.CancellationToken).Soon();
        Sale sale = TestSales.Make("SIM-0001", 7, 1);
        await Assert.ThrowsAsync<SaleHeldException>(
            () => host.Gateway.IssueAsync(sale with { Total = new(5) }, TestContext.Current.CancellationToken).Soon());

        string text = StatusCommand.ForPeople(StatusJson.From(host));
        Assert.StartsWith("ATTENTION", text, StringComparison.Ordinal);
        Assert.Contains("held      1 sale is no invoice yet: 'held list' says why", text, StringComparison.Ordinal);

        await host.Gateway.ResolveHeldAsync(host.Gateway.Status.HeadPosition, sale, TestContext.Current.CancellationToken).Soon();
        text = StatusCommand.ForPeople(StatusJson.From(host));
        Assert.StartsWith("GREEN", text, StringComparison.Ordinal);
        Assert.DoesNotContain("held", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.DoesNotMatch(@"[—:\s]\s*$", line)); // a reason without a way out
    }

    private static string Shown(EdgeHost host)
    {
        JsonObject status = StatusJson.From(host);
        JsonNode deadline = status["deadline"]!;
        return $"{deadline["state"]} {deadline["issued_on"]} {deadline["due"]} {deadline["remaining_s"]} {status["green"]!.GetValue<bool>()}";
    }

    private async Task<EdgeHost> StartAsync(TimeProvider time)
    {
        using TestChain chain = new();
        string bundle = _folder.File("device.json");
        await File.WriteAllTextAsync(
            bundle, new ClientBundle("shop-1", "certificate", "key", "root", chain.Enrolment.Bytes).ToJson(), TestContext.Current.CancellationToken);
        var settings = new EdgeSettings
        {
            Journal = _folder.File("journal.db"),
            Bundle = bundle,
            Control = _folder.File("edge.sock"),
            Registers = [],
        };
        return await EdgeHost.StartAsync(settings, NullLoggerFactory.Instance, time, TestContext.Current.CancellationToken).Soon();
    }
}
