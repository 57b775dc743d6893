using System.Text;
using FirmwareSim.Lines;
using FirmwareSim.Tests.Running;
using Invoicing.Testing;

namespace FirmwareSim.Tests.Lines;

public sealed class PseudoTerminalLineTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("line");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Opens_when_the_other_side_opens_and_passes_every_byte_both_ways()
    {
        await using var line = PseudoTerminalLine.Create(Path);
        Task<Stream> opening = line.OpenAsync(TestContext.Current.CancellationToken);
        Assert.False(opening.IsCompleted);

        using DeviceFile gateway = PtyHarness.Open(Path);
        await using Stream register = await opening.Soon();
        await using DeviceStream other = new(gateway);
        byte[] all = [.. Enumerable.Range(0, 256).Select(b => (byte)b)];

        await register.WriteAsync(all, TestContext.Current.CancellationToken).AsTask().Soon();
        Assert.Equal(all, await ReadAsync(other, 256));
        await other.WriteAsync(all, TestContext.Current.CancellationToken).AsTask().Soon();
        Assert.Equal(all, await ReadAsync(register, 256));
    }

    [Fact]
    public async Task Stays_usable_when_the_other_side_closes_and_opens_again()
    {
        await using var line = PseudoTerminalLine.Create(Path);
        for (int round = 0; round < 20; round++)
        {
            Task<Stream> opening = line.OpenAsync(TestContext.Current.CancellationToken);
            DeviceFile gateway = PtyHarness.Open(Path);
            await using Stream register = await opening.Soon();
            await using (DeviceStream other = new(gateway))
            {
                await register.WriteAsync(Encoding.ASCII.GetBytes($"round {round:D2}"), TestContext.Current.CancellationToken);
                Assert.Equal($"round {round:D2}", Encoding.ASCII.GetString(await ReadAsync(other, 8)));
            }

            gateway.Dispose();
            Assert.Equal(0, await register.ReadAsync(new byte[16], TestContext.Current.CancellationToken).Soon());
        }
    }

    [Fact]
    public async Task A_write_that_waits_for_room_ends_when_the_other_side_goes()
    {
        await using var line = PseudoTerminalLine.Create(Path);
        DeviceFile gateway = PtyHarness.Open(Path);
        await using Stream register = await line.OpenAsync(TestContext.Current.CancellationToken).Soon();

        Task writing = register.WriteAsync(new byte[1_000_000], TestContext.Current.CancellationToken).AsTask();
        await Task.Yield();
        Assert.False(writing.IsCompleted);
        gateway.Dispose();

        await Assert.ThrowsAsync<IOException>(() => writing.Soon());
    }

    [Fact]
    public async Task A_restarted_register_puts_its_new_terminal_in_the_place_of_the_old_one()
    {
        var killed = PseudoTerminalLine.Create(Path);
        await using var line = PseudoTerminalLine.Create(Path);

        Assert.Equal(line.SlavePath, new FileInfo(Path).LinkTarget);
        await killed.DisposeAsync();
        Assert.Equal(line.SlavePath, new FileInfo(Path).LinkTarget);
    }

    [Fact]
    public async Task The_link_is_gone_after_a_clean_end()
    {
        var line = PseudoTerminalLine.Create(Path);
        await line.DisposeAsync();
        Assert.Null(new FileInfo(Path).LinkTarget);
    }

    [Fact]
    public void Something_else_at_the_path_is_not_overwritten()
    {
        File.WriteAllText(Path, "mine");
        IOException e = Assert.Throws<IOException>(() => PseudoTerminalLine.Create(Path));
        Assert.Contains("symbolic link", e.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path));
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int count)
    {
        byte[] bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken).AsTask().Soon();
        return bytes;
    }
}
