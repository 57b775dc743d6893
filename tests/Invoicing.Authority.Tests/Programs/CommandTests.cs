using System.Text.Json;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Programs;

public sealed class CommandTests
{
    [Fact]
    public async Task A_folder_is_made_a_device_and_a_follower_let_in_and_both_are_listed()
    {
        using var temp = new TempFolder();
        string data = temp.File("authority");
        Assert.Equal(0, (await AuthorityProcess.CallAsync("ca", "--data", data, "--host", "authority.example")).Code);
        (int code, string output, string errors) = await AuthorityProcess.CallAsync(
            "devices", "add", "--data", data, "--name", "shop-1", "--tax-code", "0107001729", "--seller-name", "Một Ly", "--address", "Hà Nội",
            "--block", "A1B2C", "--series", "C26MAA", "--out", temp.File("device.json"), "--json");
        Assert.True(code == 0, errors);
        using var added = JsonDocument.Parse(output);
        Assert.Equal("shop-1", added.RootElement[0].GetProperty("name").GetString());
        Assert.Equal(0, (await AuthorityProcess.CallAsync("followers", "add", "--data", data, "--name", "official-1", "--out", temp.File("f.json"))).Code);

        var bundle = ClientBundle.Parse(await File.ReadAllTextAsync(temp.File("device.json"), TestContext.Current.CancellationToken), "device.json");
        Assert.Equal("0107001729", EnrolmentGrant.Read(bundle.Enrolment).Seller.TaxCode.ToString());
        using var listed = JsonDocument.Parse((await AuthorityProcess.CallAsync("devices", "list", "--data", data, "--json")).Output);
        Assert.Equal(added.RootElement[0].GetProperty("certificate").GetString(), listed.RootElement[0].GetProperty("certificate").GetString());
        Assert.Contains("official-1", (await AuthorityProcess.CallAsync("followers", "list", "--data", data)).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"listen\": \"here\"}", "key 'listen': expected an address and a port such as 127.0.0.1:5443, found 'here'")]
    [InlineData("{\"listen\": 5}", "key 'listen': expected a text, found 5")]
    [InlineData("{\"log_level\": \"loud\"}", "key 'log_level': expected Trace, Debug, Information, Warning, Error, Critical or None, found 'loud'")]
    [InlineData("{\"segment_size\": 5}", "key 'segment_size': expected a whole number from 1000 to 1000000, found 5")]
    [InlineData("{\"port\": 5}", "key 'port': expected one of the keys listen, log_level, data, door, segment_size, found a key that is not known")]
    [InlineData("[]", "expected an object { … }, found []")]
    [InlineData("{", "expected JSON, found other text")]
    public async Task A_configuration_error_names_key_expected_and_found(string text, string error)
    {
        using var temp = new TempFolder();
        await File.WriteAllTextAsync(temp.File("c.json"), text, TestContext.Current.CancellationToken);
        InvoicingException refusal = Assert.ThrowsAny<InvoicingException>(() => Commands.AuthorityConfiguration.Read(temp.File("c.json")));
        Assert.Contains(error, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feed_follows_verifies_and_ends_and_every_fault_has_its_exit_code()
    {
        await using AuthorityHost host = await AuthorityHost.StartAsync();
        using var temp = new TempFolder();
        ClientBundle device = await host.AddDeviceAsync();
        using SampleChain chain = new SampleChain(EnrolmentGrant.Read(device.Enrolment)).With(invoices: 4);
        using var client = new IntakeClient(host.Connect(device));
        await client.HelloAsync(chain);
        await client.SendAsync(chain.Entries);
        await client.AnswerForAsync(5, device);
        string follower = temp.File("follower.json");
        await File.WriteAllTextAsync(follower, host.AddFollower().ToJson(), TestContext.Current.CancellationToken);
        string other = temp.File("device.json");
        await File.WriteAllTextAsync(other, device.ToJson(), TestContext.Current.CancellationToken);
        string address = host.Server.Address.ToString();

        (int code, string output, string errors) = await AuthorityProcess.CallAsync(
            "feed", "--address", address, "--bundle", follower, "--until", "5", "--json", "--verify");
        Assert.True(code == 0, errors);
        List<JsonElement> lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
        Assert.Equal(5, lines.Count);
        Assert.All(lines.Zip(chain.Entries), p => Assert.Equal(p.Second.Hash.ToString(), p.First.GetProperty("hash").GetString()));
        Assert.Equal(2, lines[2].GetProperty("invoice").GetProperty("number").GetInt32());

        Assert.Equal(AuthorityExit.Peer, (await AuthorityProcess.CallAsync("feed", "--address", address, "--bundle", other)).Code);
        Assert.Equal(AuthorityExit.Usage, (await AuthorityProcess.CallAsync("feed", "--address", "here", "--bundle", follower)).Code);
        Assert.Equal(AuthorityExit.Usage, (await AuthorityProcess.CallAsync("verify", "--data", temp.File("nothing"))).Code);
        Assert.Equal(AuthorityExit.Usage, (await AuthorityProcess.CallAsync("nonsense")).Code);
    }
}
