using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Invoicing.EndToEnd.Tests.Processes;
using Invoicing.Testing;

namespace Invoicing.EndToEnd.Tests.Scenarios;

/// <summary>Ports that cannot be used, as the shop's person meets them: the service's own status, and its own log.</summary>
[Trait("Tier", "EndToEnd")]
[SupportedOSPlatform("linux")]
public sealed class PortTroubleTests
{
    [Fact]
    public async Task A_port_without_permission_one_in_use_and_one_that_is_not_there_are_one_sentence_each_and_a_register_beside_them_sells()
    {
        using Shop shop = await Shop.CreateAsync();
        (string forbidden, string used, string absent) = (shop.File("forbidden.tty"), shop.File("used.tty"), shop.File("absent.tty"));
        await using ProgramRun first = await PlugAsync(forbidden);
        await using ProgramRun second = await PlugAsync(used);
        File.SetUnixFileMode(forbidden, UnixFileMode.None);
        await using var holder = ProgramRun.Start("flock", [used, "sh", "-c", "echo held; exec sleep 600"]);
        await holder.UntilSaysAsync("held");
        string config = shop.Configure([$"serial:{forbidden}", $"serial:{used}", $"serial:{absent}", $"serial:{shop.Link("SIM-0001")}"]);
        await using ProgramRun authority = await shop.StartAuthorityAsync();
        await using ProgramRun edge = StartWithoutPowers(config);
        await edge.UntilSaysAsync("edge ready");
        await using ProgramRun register = shop.StartRegister("SIM-0001", 20, seed: 3, "flat");
        Assert.Equal(0, await register.WaitAsync(TimeSpan.FromMinutes(1)));
        await shop.UntilStatusAsync(status => Troubles(status).Count == 3, "three ports are in trouble");

        string json = (await ProgramRun.ToEndAsync(ProgramRun.Ours("Invoicing.Edge"), ["status", "--config", config, "--json"])).Last();
        List<string> troubles = Troubles(JsonNode.Parse(json)!);
        string log = edge.Tail;

        Assert.StartsWith($"{forbidden} does not open: no permission; its mode lets nobody use it (mode 0, ", troubles[0], StringComparison.Ordinal);
        Assert.Contains("sudo chgrp dialout", troubles[0], StringComparison.Ordinal);
        Assert.StartsWith($"{used} does not open: in use by pid ", troubles[1], StringComparison.Ordinal);
        Assert.Equal($"{absent} does not open: there is no such device; is it plugged in and switched on?", troubles[2]);
        Assert.All(troubles, trouble => Assert.Single(log.Split('\n'), line => line.Contains(trouble, StringComparison.Ordinal)));
        Assert.DoesNotContain("   at ", log, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", log, StringComparison.Ordinal);
        await Reconciliation.AssertAsync(shop, ["SIM-0001"], 20, shop.JournalFile);
    }

    /// <summary>A program of the administrator may open anything; this one may not, as a service of its own user may not.</summary>
    private static ProgramRun StartWithoutPowers(string config)
    {
        string[] run = [ProgramRun.Ours("Invoicing.Edge"), "run", "--config", config];
        return Environment.IsPrivilegedProcess
            ? ProgramRun.Start("setpriv", ["--bounding-set=-dac_override,-dac_read_search", .. run], keepOutput: false)
            : ProgramRun.Start(run[0], run[1..], keepOutput: false);
    }

    private static async Task<ProgramRun> PlugAsync(string path)
    {
        var cable = ProgramRun.Start("socat", [$"pty,raw,echo=0,link={path}", "pty,raw,echo=0"]);
        await Waiting.Until(() => File.Exists(path), "plugged");
        return cable;
    }

    private static List<string> Troubles(JsonNode status) =>
        [.. status["registers"]!.AsArray().Take(3).Select(register => register!["trouble"]?.GetValue<string>()).OfType<string>()];
}
