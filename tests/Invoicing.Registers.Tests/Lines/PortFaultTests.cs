using System.Collections.Immutable;
using System.Runtime.Versioning;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Ports;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Lines;

/// <summary>What a person is told of a port that does not open.</summary>
[SupportedOSPlatform("linux")]
public sealed class PortFaultTests
{
    [Theory]
    [InlineData(0x21B0u, "dialout", false, "no permission; it belongs to group dialout: sudo usermod -aG dialout shop, then start this program anew")]
    [InlineData(
        0x21B0u, "uucp", true,
        "no permission, although user shop is in group uucp that owns it; a sandbox of the service forbids it (systemd: DeviceAllow, container: --device)")]
    [InlineData(
        0x2180u, "root", false,
        "no permission; only user root may use it (mode 600, group root): sudo chgrp dialout /dev/ttyUSB0 && sudo chmod 660 /dev/ttyUSB0, "
        + "and a udev rule that does so at each plugging")]
    [InlineData(
        0x2120u, "dialout", true,
        "no permission; its mode lets nobody use it (mode 440, group dialout): sudo chgrp dialout /dev/ttyUSB0 && sudo chmod 660 /dev/ttyUSB0, "
        + "and a udev rule that does so at each plugging")]
    public void No_permission_names_the_group_and_the_command_that_helps(uint mode, string group, bool isMember, string sentence) =>
        Assert.Equal(sentence, PortPermission.Sentence("/dev/ttyUSB0", "shop", mode, "root", group, isMember));

    [Fact]
    public void The_owner_of_a_real_file_is_found()
    {
        using TempFolder folder = new();
        string file = folder.File("port");
        File.WriteAllText(file, string.Empty);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        string sentence = PortPermission.Explain(file);

        Assert.StartsWith($"no permission; only user {Environment.UserName} may use it (mode 600, group ", sentence, StringComparison.Ordinal);

        // Ours, as we made it: the group is one of this process'.
        File.SetUnixFileMode(file, UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        Assert.Contains($"although user {Environment.UserName} is in group ", PortPermission.Explain(file), StringComparison.Ordinal);
        Assert.Contains("cannot be seen (No such file", PortPermission.Explain(folder.File("none")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_and_a_file_are_no_serial_ports()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder.File("file"), "text");

        Assert.EndsWith("does not open: it is a folder, not a serial port", Fault(folder.Path), StringComparison.Ordinal);
        Assert.EndsWith("does not open: it is not a serial port; expected one such as /dev/ttyUSB0", Fault(folder.File("file")), StringComparison.Ordinal);
        Assert.EndsWith("there is no such device; is it plugged in and switched on?", Fault(folder.File("none")), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_holds_which_port_is_found_for_many_at_once_by_open_file_and_by_lock_file()
    {
        using PseudoTerminal held = new();
        using PseudoTerminal free = new();
        using PseudoTerminal locked = new();
        using TempFolder locks = new();
        using var port = SerialPortHandle.Open(new() { Path = held.Path, LockFolder = null });
        File.WriteAllText(Path.Combine(locks.Path, "LCK.." + locked.Path["/dev/".Length..].Replace('/', '_')), "         1\n");
        ImmutableArray<ListedPort> listing = [.. new[] { held, free, locked }.Select(terminal => new ListedPort { Node = terminal.Path })];

        IReadOnlyDictionary<string, string> holders = PortWatch.Holders(listing, locks.Path);

        Assert.Equal(2, holders.Count);
        Assert.StartsWith($"pid {Environment.ProcessId} (", holders[held.Path], StringComparison.Ordinal);
        Assert.StartsWith("pid 1 (", holders[locked.Path], StringComparison.Ordinal);
        Assert.Single(PortWatch.Holders(listing, lockFolder: null));
    }

    private static string Fault(string path) =>
        Assert.Throws<LineUnavailableException>(() => SerialPortHandle.Open(new() { Path = path, LockFolder = null })).Message;
}
