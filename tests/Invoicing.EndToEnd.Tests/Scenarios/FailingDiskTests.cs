using Invoicing.EndToEnd.Tests.Processes;

namespace Invoicing.EndToEnd.Tests.Scenarios;

[Trait("Tier", "EndToEnd")]
public sealed class FailingDiskTests
{
    [Fact]
    public async Task With_the_journals_fsync_failing_no_register_is_answered_and_the_edge_ends_with_a_clear_error()
    {
        using Shop shop = await Shop.CreateAsync();
        const string Serial = "SIM-0001";
        string config = shop.Configure([$"serial:{shop.Link(Serial)}"]);
        await using ProgramRun authority = await shop.StartAuthorityAsync();
        await using ProgramRun edge = await shop.StartEdgeAsync(config);
        await using (ProgramRun before = shop.StartRegister(Serial, 5, seed: 1, "flat"))
        {
            Assert.Equal(0, await before.WaitAsync(TimeSpan.FromSeconds(60)));
        }

        // From here on every flush of the edge fails, as with a dying disk.
        await using var strace = ProgramRun.Start(
            "strace", ["-f", "-p", $"{edge.Id}", "-o", shop.File("strace.log"), "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO"]);
        await strace.UntilSaysAsync("attached");
        await using ProgramRun register = shop.StartRegister(Serial, 6, seed: 1, "flat");

        Assert.Equal(70, await edge.WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.Contains("recording ended", edge.Tail, StringComparison.Ordinal);
        Assert.Contains("check the disk", edge.Tail, StringComparison.Ordinal);
        Assert.False(register.HasExited, "the register was answered although nothing was on the disk");
        Assert.Contains("EIO", File.ReadAllText(shop.File("strace.log")), StringComparison.Ordinal);

        await using ProgramRun again = await shop.StartEdgeAsync(config);
        Assert.Equal(0, await register.WaitAsync(TimeSpan.FromSeconds(60)));
        await shop.UntilAllIsAcknowledgedAsync();
        await Reconciliation.AssertAsync(shop, [Serial], 6, shop.JournalFile);
    }
}
