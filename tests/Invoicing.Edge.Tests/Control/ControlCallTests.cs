using System.Text.Json.Nodes;
using Invoicing.Amounts;
using Invoicing.Chain;
using Invoicing.Edge.Control;
using Invoicing.Edge.Hosting;
using Invoicing.Edge.Settings;
using Invoicing.Hashing;
using Invoicing.Sales;
using Invoicing.Testing;
using Invoicing.Vietnam;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Edge.Tests.Control;

/// <summary>Corrections and held sales over the socket of a running edge.</summary>
public sealed class ControlCallTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Socket => _folder.File("edge.sock");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_invoice_is_replaced_for_a_company_and_goods_are_taken_back()
    {
        await using EdgeHost host = await StartAsync();
        await using ControlServer server = await ServeAsync(host);
        string first = (await host.Gateway.IssueAsync(TestSales.Make("SIM-0001", 7, 1), TestContext.Current.CancellationToken).Soon()).Invoice.Code.ToString();

        JsonObject replaced = await AskAsync("corrections", new JsonObject
        {
            ["code"] = first,
            ["by"] = "replacement",
            ["reason"] = "Khách lấy hóa đơn công ty",
            ["buyer"] = new JsonObject { ["name"] = "Công ty TNHH Hoa Sen", ["tax_code"] = "0312270160" },
        });
        JsonObject returned = await AskAsync("corrections", new JsonObject
        {
            ["code"] = replaced["code"]!.GetValue<string>(),
            ["by"] = "return",
            ["reason"] = "Khách trả hàng",
        });

        Assert.StartsWith("Thay thế cho hóa đơn Mẫu số 1 ký hiệu", replaced["sentence"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.StartsWith("Điều chỉnh cho hóa đơn Mẫu số 1 ký hiệu", returned["sentence"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(-replaced["total"]!.GetValue<long>(), returned["total"]!.GetValue<long>());
    }

    [Theory]
    [InlineData("cancel", "VN-CORRECT-8")]
    [InlineData("sideways", "expected replacement, return or notice, found 'sideways'")]
    public async Task What_the_law_does_not_know_is_refused_with_the_reason(string way, string told)
    {
        await using EdgeHost host = await StartAsync();
        await using ControlServer server = await ServeAsync(host);

        InvoicingException fault = await Assert.ThrowsAsync<InvoicingException>(() => AskAsync(
            "corrections", new JsonObject { ["code"] = "M1-26-A1B2C-00000000000", ["by"] = way, ["reason"] = "x" }));

        Assert.Contains(told, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_held_sale_is_listed_with_its_reason_and_resolved_by_the_right_sale()
    {
        await using EdgeHost host = await StartAsync();
        await using ControlServer server = await ServeAsync(host);
        Sale wrong = TestSales.Make("SIM-0001", 7, 1) with { Total = new Money(1), Payments = [] };
        await Assert.ThrowsAsync<Gateway.SaleHeldException>(() => host.Gateway.IssueAsync(wrong, TestContext.Current.CancellationToken).Soon());
        JsonNode held = Assert.Single((await ControlClient.AskAsync(Socket, "held", null, default).Soon())["held"]!.AsArray())!;
        string path = $"held/{held["position"]}";

        InvoicingException unread = await Assert.ThrowsAsync<InvoicingException>(() => ControlClient.AskAsync(Socket, path, string.Empty, default).Soon());
        JsonObject resolved = await ControlClient.AskAsync(Socket, path, """
            { "lines": [ { "name": "Cà phê", "quantity": 1, "unit_price": 20000, "rate": "8%", "amount": 20000 } ], "total": 20000 }
            """, default).Soon();

        Assert.Equal("VN-TOTAL-2", held["rule"]!.GetValue<string>());
        Assert.Contains("give the right one with --sale FILE", unread.Message, StringComparison.Ordinal);
        Assert.StartsWith("M1-", resolved["code"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty((await ControlClient.AskAsync(Socket, "held", null, default).Soon())["held"]!.AsArray());
    }

    [Theory]
    [InlineData("datecs", "cannot be read as a sale")]
    [InlineData("eutron", "is one of a register that speaks eutron, whose articles may have other names by now, so it is not judged again by itself")]
    [InlineData("tlk", "cannot be read as a sale")]
    public async Task A_held_record_that_is_not_read_again_says_why_and_what_to_do(string protocol, string why)
    {
        await File.WriteAllTextAsync(
            _folder.File("edge.json"),
            $$"""{ "journal": "journal.db", "bundle": "device.json", "control": "edge.sock", "registers": [ { "line": "tcp-listen:127.0.0.1:0", "protocol": "{{protocol}}", "register": "SIM-0001" } ] }""",
            TestContext.Current.CancellationToken);
        await using EdgeHost host = await StartAsync(() => EdgeSettings.Load(_folder.File("edge.json")));
        await using ControlServer server = await ServeAsync(host);
        byte[] bytes = [1, 2, 3];
        Sale wrong = TestSales.Make("SIM-0001", 7, 1) with { Total = new Money(1), Payments = [], RecordHash = Sha256Hash.Of(bytes) };
        await host.Gateway.RecordAsync(
            new() { Key = wrong.Key, Kind = RecordKind.Sale, Hash = Sha256Hash.Of(bytes), Bytes = bytes, Sale = wrong }, TestContext.Current.CancellationToken).Soon();
        JsonNode held = Assert.Single((await ControlClient.AskAsync(Socket, "held", null, default).Soon())["held"]!.AsArray())!;

        InvoicingException fault = await Assert.ThrowsAsync<InvoicingException>(() => ControlClient.AskAsync(Socket, $"held/{held["position"]}", string.Empty, default).Soon());

        Assert.StartsWith($"the record of entry {held["position"]} (SIM-0001, sequence 1) {why}", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith(": give the right one with --sale FILE", fault.Message, StringComparison.Ordinal);
    }

    private Task<JsonObject> AskAsync(string path, JsonObject request) =>
        ControlClient.AskAsync(Socket, path, request.ToJsonString(), TestContext.Current.CancellationToken).Soon();

    private async Task<ControlServer> ServeAsync(EdgeHost host)
    {
        await host.Gateway.StateRegisterIsNewAsync(new("SIM-0001"), "a test", TestContext.Current.CancellationToken).Soon();
        return await ControlServer.StartAsync(Socket, host, NullLoggerFactory.Instance, TestContext.Current.CancellationToken).Soon();
    }

    private async Task<EdgeHost> StartAsync(Func<EdgeSettings>? load = null)
    {
        using TestChain chain = new();
        string bundle = _folder.File("device.json");
        await File.WriteAllTextAsync(
            bundle, new ClientBundle("shop-1", "certificate", "key", "root", chain.Enrolment.Bytes).ToJson(), TestContext.Current.CancellationToken);
        EdgeSettings settings = load?.Invoke() ?? new EdgeSettings { Journal = _folder.File("journal.db"), Bundle = bundle, Control = Socket, Registers = [] };
        var time = new ManualTime(new(2026, 7, 1, 9, 0, 0, VietnamTime.Offset));
        return await EdgeHost.StartAsync(settings, NullLoggerFactory.Instance, time, TestContext.Current.CancellationToken).Soon();
    }
}
