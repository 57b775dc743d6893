using System.Text.Json.Nodes;
using Invoicing.EndToEnd.Tests.Processes;

namespace Invoicing.EndToEnd.Tests.Scenarios;

/// <summary>Registers whose journal is asked, over TCP as behind a serial server; the programs as processes.</summary>
[Trait("Tier", "EndToEnd")]
public sealed class PulledRegisterTests
{
    private const string Serial = "DT123456";
    private const int Sales = 6;

    /// <summary>Without the shop's list of goods nobody knows their tax: what is rung up is held, as the register said it, until there is one.</summary>
    [Theory]
    [InlineData("datecs-x", "x")]
    [InlineData("datecs-isl", "isl")]
    public async Task What_a_Datecs_rang_up_before_its_goods_were_known_becomes_invoices_of_what_was_kept(string protocol, string variant)
    {
        using Shop shop = await Shop.CreateAsync();
        int port = Shop.FreePort();
        string config = shop.ConfigureRegisters([new() { ["line"] = $"tcp:127.0.0.1:{port}", ["protocol"] = "datecs", ["variant"] = variant, ["history"] = "all" }]);
        await using ProgramRun authority = await shop.StartAuthorityAsync();
        await using ProgramRun edge = await shop.StartEdgeAsync(config);
        await using ProgramRun till = shop.StartTill(protocol, $"tcp-listen:{port}", Serial, "--sales", $"{Sales}", "--seed", "7", "--pace", "flat", "--linger");
        await shop.UntilStatusAsync(status => status["held"]!.GetValue<long>() == Sales, "all are kept and held");
        await till.TerminateAsync(); // switched off for the night

        await shop.ImportGoodsAsync(config, "--printed-page", "cp1251");
        JsonArray held = JsonNode.Parse((await shop.EdgeAsync(0, "held", "list", "--config", config, "--json")).Single())!["held"]!.AsArray();
        Assert.Equal(Sales, held.Count);
        foreach (JsonNode? one in held)
        {
            await shop.EdgeAsync(0, "held", "resolve", $"{one!["position"]}", "--config", config);
        }

        await shop.UntilStatusAsync(status => status["held"]!.GetValue<long>() == 0 && status["lag"]!.GetValue<long>() == 0, "all are invoices and acknowledged");
        Assert.Equal(0, await edge.TerminateAsync());
        Assert.Equal(await shop.RungUpAsync(Serial), (await shop.JournaledAsync()).Select(sale => sale.Total));
    }

    [Fact]
    public async Task A_Eutron_on_its_TCP_port_is_invoiced_once_each()
    {
        using Shop shop = await Shop.CreateAsync();
        int port = Shop.FreePort();
        string config = shop.ConfigureRegisters([new() { ["line"] = $"tcp:127.0.0.1:{port}", ["protocol"] = "eutron", ["dialect"] = "tcp", ["history"] = "all" }]);
        await using ProgramRun authority = await shop.StartAuthorityAsync();
        await using ProgramRun edge = await shop.StartEdgeAsync(config);
        await shop.ImportGoodsAsync(config, "--printed-page", "cp1251", "--printed-columns", "25");
        await using ProgramRun till = shop.StartTill("eutron-tcp", $"tcp-listen:{port}", Serial, "--sales", $"{Sales}", "--seed", "7", "--pace", "flat", "--linger");
        await shop.UntilStatusAsync(status => status["registers"]![0]!["durable"]!.GetValue<long>() >= Sales && status["lag"]!.GetValue<long>() == 0, "recorded and acknowledged");
        Assert.Equal(0, await edge.TerminateAsync());
        Assert.Equal(await shop.RungUpAsync(Serial), (await shop.JournaledAsync()).Select(sale => sale.Total));
    }
}
