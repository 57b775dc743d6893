using System.Diagnostics;
using System.Text.Json.Nodes;
using Invoicing.EndToEnd.Tests.Processes;

namespace Invoicing.EndToEnd.Tests.Scenarios;

/// <summary>From an activation code to invoices at the authority, by the real programs: who is let in, who is put out, and who is granted more.</summary>
[Trait("Tier", "EndToEnd")]
public sealed class EnrolmentTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Two_commands_at_the_till_and_one_at_the_authority_lead_to_a_first_accepted_sale()
    {
        using Shop shop = await Shop.CreateAsync();
        await using ProgramRun authority = await shop.StartAuthorityAsync();
        string code = await InviteAsync(shop, "till-1");
        string config = shop.File("till/edge.json");
        Directory.CreateDirectory(shop.File("till"));

        long start = Stopwatch.GetTimestamp();
        await shop.EdgeAsync(0, "enrol", "--config", config, "--authority", shop.AuthorityAddress, "--line", $"serial:{shop.Link("SIM-0001")}", code);
        await using ProgramRun edge = await shop.StartEdgeAsync(config);
        await shop.UntilStatusAsync(status => status["sending"]!.GetValue<string>() == "Streaming", "green", "till/edge.json");
        TimeSpan green = Stopwatch.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper!.WriteLine($"from activation to green: {green.TotalSeconds:0.0} s");

        await using ProgramRun register = shop.StartRegister("SIM-0001", 5, seed: 7, "flat");
        Assert.Equal(0, await register.WaitAsync(Patience));
        await shop.UntilAllIsAcknowledgedAsync("till/edge.json");
        Assert.Equal(0, await edge.TerminateAsync());
        await Reconciliation.AssertAsync(shop, ["SIM-0001"], 5, shop.File("till/journal.db"));
        IReadOnlyCollection<string> acts = await shop.AuthorityAsync("acts", "verify", "--data", shop.AuthorityFolder);
        Assert.NotEmpty(acts);
    }

    [Fact]
    public async Task A_till_whose_codes_run_low_is_granted_more_over_its_stream_and_goes_on_selling()
    {
        const int Sales = 150;
        using Shop shop = await Shop.CreateAsync();
        await using ProgramRun authority = await shop.StartAuthorityAsync();
        string config = await EnrolledAsync(shop, "till-1", "--codes", "40", "--numbers", "40");
        await using ProgramRun edge = await shop.StartEdgeAsync(config);
        await using ProgramRun register = shop.StartRegister("SIM-0001", Sales, seed: 7, "flat");
        Assert.Equal(0, await register.WaitAsync(Patience));
        await shop.UntilAllIsAcknowledgedAsync("till/edge.json");
        Assert.Equal(0, await edge.TerminateAsync());

        await Reconciliation.AssertAsync(shop, ["SIM-0001"], Sales, shop.File("till/journal.db"));
        await shop.EdgeAsync(0, "verify", "--journal", shop.File("till/journal.db"));
        Assert.Equal(0, await authority.TerminateAsync());
        await shop.AuthorityAsync("verify", "--data", shop.AuthorityFolder, "--every-signature");
    }

    [Fact]
    public async Task A_till_that_is_suspended_records_on_and_sends_again_when_it_is_let_in_again()
    {
        using Shop shop = await Shop.CreateAsync();
        await using ProgramRun authority = await shop.StartAuthorityAsync();
        string config = await EnrolledAsync(shop, "till-1");
        await using ProgramRun edge = await shop.StartEdgeAsync(config);
        await using (ProgramRun first = shop.StartRegister("SIM-0001", 5, seed: 7, "flat"))
        {
            Assert.Equal(0, await first.WaitAsync(Patience));
        }

        await shop.AuthorityAsync("devices", "suspend", "till-1", "--data", shop.AuthorityFolder, "--reason", "under review");
        await shop.UntilStatusAsync(
            status => status["sending_reason"]?.GetValue<string>().Contains("under review", StringComparison.Ordinal) == true, "told why", "till/edge.json");
        await using (ProgramRun second = shop.StartRegister("SIM-0001", 10, seed: 7, "flat"))
        {
            Assert.Equal(0, await second.WaitAsync(Patience)); // recorded, though nothing is sent
        }

        await shop.AuthorityAsync("devices", "resume", "till-1", "--data", shop.AuthorityFolder, "--reason", "all is well");
        await shop.UntilAllIsAcknowledgedAsync("till/edge.json");
        Assert.Equal(0, await edge.TerminateAsync());
        await Reconciliation.AssertAsync(shop, ["SIM-0001"], 10, shop.File("till/journal.db"));
    }

    private static async Task<string> InviteAsync(Shop shop, string name, params string[] more)
    {
        IReadOnlyCollection<string> answer = await shop.AuthorityAsync(
        [
            "devices", "invite", "--data", shop.AuthorityFolder, "--name", name, "--tax-code", "0107001729", "--seller-name", "Cửa hàng Bình Minh",
            "--address", "12 phố Huế, Hà Nội", "--block", "A1B2C", "--json", .. more,
        ]);
        return JsonNode.Parse(answer.Last())!["code"]!.GetValue<string>();
    }

    private static async Task<string> EnrolledAsync(Shop shop, string name, params string[] more)
    {
        string code = await InviteAsync(shop, name, more);
        Directory.CreateDirectory(shop.File("till"));
        string config = shop.File("till/edge.json");
        await shop.EdgeAsync(0, "enrol", "--config", config, "--authority", shop.AuthorityAddress, "--line", $"serial:{shop.Link("SIM-0001")}", code);
        return config;
    }
}
