#pragma warning disable CA2000 // A connection owns the port that it is made of.
using System.Runtime.Versioning;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Lines.Native;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.Lines;

/// <summary>The serial line over real pseudo-terminals.</summary>
[SupportedOSPlatform("linux")]
public sealed class SerialLineTests : IDisposable
{
    private readonly PseudoTerminal _terminal = new();
    private readonly TempFolder _locks = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _terminal.Dispose();
        _locks.Dispose();
    }

    [Fact]
    public async Task Bytes_pass_both_ways_unchanged_all_256_of_them()
    {
        await using SerialLine line = Line();
        await using ILineConnection connection = await line.ConnectAsync(Cancel).Soon();
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

        _terminal.Write(all);
        Assert.Equal(all, await Reading.ExactlyAsync(connection, all.Length));
        await connection.WriteAsync(all, Cancel).AsTask().Soon();
        Assert.Equal(all, await _terminal.ReadAsync(all.Length));
        Assert.True(line.IsTransparent);
    }

    [Theory]
    [InlineData(10_400)]
    [InlineData(5_787)]
    [InlineData(115_200)]
    [InlineData(3_000_000)]
    public async Task Any_speed_reads_back(int speed)
    {
        await using SerialLine line = Line(speed: speed);
        await using ILineConnection connection = await line.ConnectAsync(Cancel).Soon();

        Assert.Equal((uint)speed, _terminal.Settings().OutputSpeed);
        Assert.Equal((uint)speed, _terminal.Settings().InputSpeed);
    }

    [Fact]
    public void Every_combination_of_bits_parity_and_flow_has_its_flags()
    {
        // A pseudo-terminal forces 8 bits without parity, so the flags are looked at before the call.
        foreach (int bits in (int[])[5, 6, 7, 8])
        {
            foreach (SerialParity parity in Enum.GetValues<SerialParity>())
            {
                foreach (SerialFlow flow in Enum.GetValues<SerialFlow>())
                {
                    var raw = Termios2.Raw(new() { Path = "x", DataBits = bits, Parity = parity, Flow = flow, StopBits = bits % 2 + 1, Speed = 9600 });

                    Assert.Equal((uint)(bits - 5) << 4, raw.Control & 0x30);
                    Assert.Equal(bits % 2 == 1, (raw.Control & 0x40) != 0);
                    Assert.Equal(parity != SerialParity.None, (raw.Control & 0x100) != 0);
                    Assert.Equal(parity is SerialParity.Odd or SerialParity.Mark, (raw.Control & 0x200) != 0);
                    Assert.Equal(parity is SerialParity.Mark or SerialParity.Space, (raw.Control & 0x4000_0000) != 0);
                    Assert.Equal(flow == SerialFlow.RtsCts, (raw.Control & 0x8000_0000) != 0);
                    Assert.Equal(flow == SerialFlow.XonXoff, (raw.Input & 0x1400) == 0x1400);
                    Assert.Equal(0u, raw.Control & 0x400);
                    Assert.Equal(0x1000u, raw.Control & 0x100F);
                    Assert.Equal((0u, 0u), (raw.Output, raw.Local));
                }
            }
        }

        Assert.Equal(44, System.Runtime.CompilerServices.Unsafe.SizeOf<Termios2>());
    }

    [Fact]
    public async Task Flow_control_and_hang_up_on_close_are_set_on_the_device()
    {
        await using SerialLine line = Line(flow: SerialFlow.XonXoff);
        await using ILineConnection connection = await line.ConnectAsync(Cancel).Soon();
        Termios2 settings = _terminal.Settings();

        Assert.Equal(0x1400u, settings.Input & 0x1400);
        Assert.Equal(0u, settings.Control & 0x400);
        Assert.False(line.IsTransparent);
    }

    [Fact]
    public async Task Input_from_before_is_dropped_at_opening()
    {
        _terminal.Write("from before"u8);
        await using SerialLine line = Line();
        await using ILineConnection connection = await line.ConnectAsync(Cancel).Soon();

        _terminal.Write("new"u8);
        Assert.Equal("new"u8.ToArray(), await Reading.ExactlyAsync(connection, 3));
    }

    [Fact]
    public async Task A_second_user_is_told_who_has_the_port()
    {
        await using SerialLine line = Line();
        await using ILineConnection connection = await line.ConnectAsync(Cancel).Soon();
        SerialLineOptions second = new() { Path = _terminal.Path, LockFolder = null };

        LineUnavailableException fault = Assert.Throws<LineUnavailableException>(() => SerialPortHandle.Open(second));

        Assert.Contains($"in use by pid {Environment.ProcessId} (", fault.Message, StringComparison.Ordinal);
        Assert.Contains("this program", fault.Message, StringComparison.Ordinal);
        Assert.True(fault.IsTransient);
        Assert.Equal(_terminal.Path, fault.Line);
    }

    [Fact]
    public async Task A_closed_port_can_be_opened_again_at_once()
    {
        for (int i = 0; i < 20; i++)
        {
            SerialLineOptions options = new() { Path = _terminal.Path, LockFolder = _locks.Path };
            await using SerialConnection connection = new(_terminal.Path, SerialPortHandle.Open(options));
            Assert.Single(Directory.GetFiles(_locks.Path, "LCK..pts_*"));
        }

        Assert.Empty(Directory.GetFiles(_locks.Path));
    }

    [Fact]
    public void A_lock_file_whose_writer_was_killed_before_it_wrote_does_not_hold_the_port_for_ever()
    {
        SerialLineOptions options = new() { Path = _terminal.Path, LockFolder = _locks.Path };
        string file = Path.Combine(_locks.Path, "LCK.." + _terminal.Path["/dev/".Length..].Replace('/', '_'));
        File.WriteAllText(file, string.Empty);
        LineUnavailableException fault = Assert.Throws<LineUnavailableException>(() => SerialPortHandle.Open(options));
        Assert.Contains("names no process", fault.Message, StringComparison.Ordinal);

        File.SetLastWriteTimeUtc(file, TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromMinutes(1));
        using (SerialPortHandle.Open(options))
        {
            Assert.Contains($"{Environment.ProcessId}", File.ReadAllText(file), StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFiles(_locks.Path));
    }

    [Fact]
    public void A_lock_file_of_a_living_program_is_respected_and_one_of_a_dead_program_is_not()
    {
        SerialLineOptions options = new() { Path = _terminal.Path, LockFolder = _locks.Path };
        string file = Path.Combine(_locks.Path, "LCK.." + _terminal.Path["/dev/".Length..].Replace('/', '_'));
        File.WriteAllText(file, "         1\n");
        LineUnavailableException fault = Assert.Throws<LineUnavailableException>(() => SerialPortHandle.Open(options));
        Assert.Contains("in use by pid 1 (", fault.Message, StringComparison.Ordinal);
        Assert.Contains(file, fault.Message, StringComparison.Ordinal);

        File.WriteAllText(file, $"{int.MaxValue,10}\n");
        using (SerialPortHandle.Open(options))
        {
            Assert.Contains($"{Environment.ProcessId}", File.ReadAllText(file), StringComparison.Ordinal);
        }

        File.WriteAllText(file, $"{Environment.ProcessId,10}\n");
        SerialPortHandle.Open(options).Dispose();
        Assert.False(File.Exists(file));

        File.WriteAllText(file, "         1\n");
        File.SetLastWriteTime(file, new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Local));
        SerialPortHandle.Open(options).Dispose();

        File.WriteAllText(file, "nobody");
        Assert.Contains("names no process", Assert.Throws<LineUnavailableException>(() => SerialPortHandle.Open(options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/ttyNONE7", "there is no such device")]
    [InlineData("/dev/null", "it is not a serial port")]
    public void What_does_not_open_says_why(string path, string why)
    {
        LineUnavailableException fault = Assert.Throws<LineUnavailableException>(
            () => SerialPortHandle.Open(new() { Path = path, LockFolder = _locks.Path }));

        Assert.Empty(Directory.GetFiles(_locks.Path));
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pulled_cable_is_seen_at_once_by_a_waiting_reader_and_what_came_before_is_still_read()
    {
        await using SerialLine line = Line();
        await using ILineConnection connection = await line.ConnectAsync(Cancel).Soon();
        _terminal.Write("half a fra"u8);
        Assert.Equal("half a fra"u8.ToArray(), await Reading.ExactlyAsync(connection, 10));
        Task<int> reading = connection.ReadAsync(new byte[10], Cancel).AsTask();
        Assert.False(reading.IsCompleted);

        _terminal.Dispose();

        Assert.Equal(0, await reading.Soon());
        Assert.True(connection.Gone.IsCancellationRequested);
        LineGoneException fault = await Assert.ThrowsAsync<LineGoneException>(() => connection.WriteAsync(new byte[1], Cancel).AsTask());
        Assert.True(fault.IsTransient);
        AssertSeenAtOnce(fault);
    }

    [Fact]
    public async Task A_pulled_cable_is_seen_while_nobody_reads()
    {
        await using SerialLine line = Line();
        await using ILineConnection connection = await line.ConnectAsync(Cancel).Soon();
        TaskCompletionSource gone = new();
        await using CancellationTokenRegistration registration = connection.Gone.Register(gone.SetResult);

        _terminal.Dispose();

        await gone.Task.Soon();
        AssertSeenAtOnce(await Assert.ThrowsAsync<LineGoneException>(() => connection.WriteAsync(new byte[1], Cancel).AsTask()));
    }

    [Fact]
    public async Task A_writer_waits_while_the_other_end_does_not_read_and_a_pulled_cable_ends_the_wait()
    {
        await using SerialLine line = Line();
        await using ILineConnection connection = await line.ConnectAsync(Cancel).Soon();
        Task writing = connection.WriteAsync(new byte[200_000], Cancel).AsTask();
        byte[] first = await _terminal.ReadAsync(1000);
        Assert.Equal(1000, first.Length);
        await RoundsAsync(connection, 5);

        // One thread reads and writes: it has gone round since it wrote what fits, and still has the write in hand.
        await Assert.ThrowsAsync<InvalidOperationException>(() => connection.WriteAsync(new byte[1], Cancel).AsTask());
        Assert.False(writing.IsCompleted);

        _terminal.Dispose();

        AssertSeenAtOnce(await Assert.ThrowsAsync<LineGoneException>(() => writing.Soon()));
    }

    [Fact]
    public async Task A_slow_reader_gets_every_byte_of_a_long_write_in_order()
    {
        await using SerialLine line = Line();
        await using ILineConnection connection = await line.ConnectAsync(Cancel).Soon();
        byte[] sent = new byte[150_000];
        new Random(3).NextBytes(sent);
        Task writing = connection.WriteAsync(sent, Cancel).AsTask();

        byte[] got = await _terminal.ReadAsync(sent.Length);

        Assert.True(sent.AsSpan().SequenceEqual(got));
        await writing.Soon();
    }

    [Fact]
    public async Task A_cancelled_write_leaves_the_line_usable()
    {
        await using SerialLine line = Line();
        await using ILineConnection connection = await line.ConnectAsync(Cancel).Soon();
        using CancellationTokenSource stop = new();
        Task writing = connection.WriteAsync(new byte[200_000], stop.Token).AsTask();
        await _terminal.ReadAsync(1000);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.Soon());

        await Waiting.Until(() => _terminal.ReadSome().Length == 0, "drained");
        await connection.WriteAsync("after"u8.ToArray(), Cancel).AsTask().Soon();
        Assert.Equal("after"u8.ToArray(), await _terminal.ReadAsync(5));
    }

    [Fact]
    public async Task Input_that_nobody_reads_is_held_up_to_a_bound_and_then_the_sender_waits()
    {
        await using SerialLine line = Line();
        await using ILineConnection connection = await line.ConnectAsync(Cancel).Soon();
        byte[] sent = new byte[300_000];
        new Random(4).NextBytes(sent);
        int written = 0;
        await Waiting.Until(() => (written += WriteFrom(sent, written)) >= ByteQueue.LineInput, "the bound reached");

        // What goes out says that the line's thread has gone round; a line without a bound takes something in on each round.
        for (int idle = 0; idle < 20;)
        {
            await connection.WriteAsync("x"u8.ToArray(), Cancel).AsTask().Soon();
            await _terminal.ReadAsync(1);
            int some = WriteFrom(sent, written);
            written += some;
            idle = some == 0 ? idle + 1 : 0;
        }

        Assert.InRange(written, ByteQueue.LineInput, sent.Length - 1);

        Task<byte[]> reading = Reading.ExactlyAsync(connection, sent.Length);
        await Waiting.Until(
            () =>
            {
                int from = written;
                written = from + WriteFrom(sent, from);
                return written == sent.Length;
            },
            "all written");
        byte[] got = await reading.Soon();
        Assert.True(sent.AsSpan().SequenceEqual(got));
    }

    [Fact]
    public async Task A_cable_that_is_pulled_and_plugged_in_again_is_used_again_by_itself()
    {
        using TempFolder folder = new();
        (string near, string far) = (folder.File("near"), folder.File("far"));
        await using SerialLine line = new(
            new() { Path = near, LockFolder = null }, TimeProvider.System, NullLogger<SerialLine>.Instance);
        for (int round = 0; round < 3; round++)
        {
            ValueTask<ILineConnection> connecting = line.ConnectAsync(Cancel);
            using (await Socat.CableAsync(near, far))
            {
                await using ILineConnection connection = await connecting.AsTask().Soon();
                using var other = SerialPortHandle.Open(new() { Path = far, LockFolder = null });
                await connection.WriteAsync("over the cable"u8.ToArray(), Cancel).AsTask().Soon();
                await using SerialConnection register = new(far, other);
                Assert.Equal("over the cable"u8.ToArray(), await Reading.ExactlyAsync(register, 14));
            }
        }
    }

    [Fact]
    public void Options_that_are_wrong_name_the_key_what_was_expected_and_what_was_found()
    {
        Assert.Equal("Path: expected the path of a serial port, found nothing", new SerialLineOptions { Path = "" }.Fault());
        Assert.Equal("Speed: expected 50..12000000 bits per second, found 0", new SerialLineOptions { Path = "x", Speed = 0 }.Fault());
        Assert.Equal("DataBits: expected 5..8, found 9", new SerialLineOptions { Path = "x", DataBits = 9 }.Fault());
        Assert.Equal("StopBits: expected 1 or 2, found 3", new SerialLineOptions { Path = "x", StopBits = 3 }.Fault());
        Assert.Equal("Parity: expected None, Even, Odd, Mark or Space, found 9", new SerialLineOptions { Path = "x", Parity = (SerialParity)9 }.Fault());
        Assert.Equal("Flow: expected None, RtsCts or XonXoff, found 9", new SerialLineOptions { Path = "x", Flow = (SerialFlow)9 }.Fault());
        Assert.Equal("Settle: expected 0..5 s, found 00:01:00", new SerialLineOptions { Path = "x", Settle = TimeSpan.FromMinutes(1) }.Fault());
        Assert.Null(new SerialLineOptions { Path = "x" }.Fault());
        Assert.Throws<ArgumentException>(() => new SerialLine(new() { Path = "" }, TimeProvider.System, NullLogger<SerialLine>.Instance));
    }

    /// <summary>The system's hang-up was what told, not the look for the device node that comes every 2 s.</summary>
    private static void AssertSeenAtOnce(LineGoneException fault) =>
        Assert.DoesNotContain("device node", fault.Message, StringComparison.Ordinal);

    /// <summary>Sends bytes in one by one: each that is read has taken the line's thread round once.</summary>
    private async Task RoundsAsync(ILineConnection connection, int rounds)
    {
        for (byte i = 0; i < rounds; i++)
        {
            _terminal.Write([i]);
            Assert.Equal([i], await Reading.ExactlyAsync(connection, 1));
        }
    }

    private int WriteFrom(byte[] bytes, int start) => _terminal.WriteSome(bytes.AsSpan(start));

    private SerialLine Line(int speed = 115_200, SerialFlow flow = SerialFlow.None) => new(
        new() { Path = _terminal.Path, Speed = speed, Flow = flow, LockFolder = null }, TimeProvider.System, NullLogger<SerialLine>.Instance);
}
