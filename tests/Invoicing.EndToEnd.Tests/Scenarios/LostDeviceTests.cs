using Invoicing.EndToEnd.Tests.Processes;

namespace Invoicing.EndToEnd.Tests.Scenarios;

[Trait("Tier", "EndToEnd")]
public sealed class LostDeviceTests
{
    private const string Serial = "SIM-0001";

    [Fact]
    public async Task A_device_replaced_by_an_empty_one_issues_no_sale_twice_and_keeps_the_codes_that_customers_hold()
    {
        using Shop shop = await Shop.CreateAsync();
        string config = shop.Configure([$"serial:{shop.Link(Serial)}"]);
        await using (ProgramRun authority = await shop.StartAuthorityAsync())
        {
            await using ProgramRun edge = await shop.StartEdgeAsync(config);
            await SellAsync(shop, 10);
            await shop.UntilAllIsAcknowledgedAsync();
            await authority.KillAsync();

            // Ten customers more walk out with codes that no authority has seen; then the device is gone for good.
            await SellAsync(shop, 20);
            await edge.KillAsync();
        }

        List<Reconciliation.Item> held = await Reconciliation.RegisterAsync(shop, Serial);
        Assert.All(held, sale => Assert.NotNull(sale.Code));

        await shop.EnrolAsync("shop-1b", "device-b.json");
        string replacement = shop.Configure([$"serial:{shop.Link(Serial)}"], "device-b.json", "journal-b.db", "edge-b.json");
        await using ProgramRun back = await shop.StartAuthorityAsync();
        await using ProgramRun empty = await shop.StartEdgeAsync(replacement);
        await SellAsync(shop, 25);
        await shop.UntilAllIsAcknowledgedAsync("edge-b.json");

        await shop.AuthorityAsync("verify", "--data", shop.AuthorityFolder, "--every-signature");
        List<Reconciliation.Item> ledger = Reconciliation.Invoices(await Reconciliation.FeedAsync(shop));
        Assert.Equal(25, ledger.Count);
        Assert.Equal(25, ledger.Select(sale => sale.Key).Distinct().Count());
        Assert.Equal(25, ledger.Select(sale => sale.Code).Distinct().Count());
        var byKey = ledger.ToDictionary(sale => sale.Key);
        Assert.All(held, sale => Assert.Equal(sale.Code, byKey[sale.Key].Code));
        Assert.All(await Reconciliation.RegisterAsync(shop, Serial), sale => Assert.Equal(sale.Code, byKey[sale.Key].Code));
    }

    [Fact]
    public async Task An_empty_device_that_cannot_ask_the_authority_lets_a_register_with_history_wait()
    {
        using Shop shop = await Shop.CreateAsync();
        string config = shop.Configure([$"serial:{shop.Link(Serial)}"]);
        await using ProgramRun edge = await shop.StartEdgeAsync(config);
        await using ProgramRun register = shop.StartRegister(Serial, 3, seed: 1, "flat");

        await shop.UntilStatusAsync(status => status["sending"]!.GetValue<string>() == "BackingOff", "without an authority");
        Assert.All(await Reconciliation.RegisterAsync(shop, Serial), sale => Assert.Null(sale.Code));
        Assert.False(register.HasExited, "the register was welcomed although nobody knew its history");

        await using ProgramRun authority = await shop.StartAuthorityAsync();
        Assert.Equal(0, await register.WaitAsync(TimeSpan.FromMinutes(2)));
        Assert.Equal(3, (await Reconciliation.RegisterAsync(shop, Serial)).Count(sale => sale.Code is not null));
    }

    private static async Task SellAsync(Shop shop, int inAll)
    {
        await using ProgramRun register = shop.StartRegister(Serial, inAll, seed: 1, "flat");
        Assert.Equal(0, await register.WaitAsync(TimeSpan.FromMinutes(1)));
    }
}
