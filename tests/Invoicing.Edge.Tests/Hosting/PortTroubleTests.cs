using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Invoicing.Edge.Commands;
using Invoicing.Edge.Control;
using Invoicing.Edge.Tests.Commands;
using Invoicing.Testing;

namespace Invoicing.Edge.Tests.Hosting;

/// <summary>What hangs on the line is not what was expected: one sentence in the status and one in the log, that says what to do, however often it is tried.</summary>
public sealed class PortTroubleTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LogLines _log = new();

    public void Dispose()
    {
        _folder.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_told_once()
    {
        string path = _folder.File("ttyUSB7");
        await using RunningEdge edge = await StartAsync($$"""{ "line": "serial:{{path}}" }""");

        await TellsOnceAsync(edge, $"{path} does not open: there is no such device; is it plugged in and switched on?", id: 1001);
    }

    [Fact]
    public async Task An_adapter_that_is_not_plugged_in_is_told_once()
    {
        await using RunningEdge edge = await StartAsync("""{ "line": "serial:usb:dead:beef:NOBODY" }""");

        await TellsOnceAsync(edge, "usb:dead:beef:NOBODY does not open: nothing that answers to usb:dead:beef:NOBODY is plugged in", id: 1001);
    }

    [Fact]
    public async Task A_file_that_is_no_port_is_told_once()
    {
        string path = _folder.File("file");
        await File.WriteAllTextAsync(path, "x");
        await using RunningEdge edge = await StartAsync($$"""{ "line": "serial:{{path}}" }""");

        await TellsOnceAsync(edge, $"{path} does not open: it is not a serial port; expected one such as /dev/ttyUSB0", id: 1001);
    }

    [Fact]
    public async Task A_port_in_use_is_told_once_with_who_has_it()
    {
        await using SerialCable cable = await SerialCable.PlugAsync(_folder.File("tty"));
        using Process other = Process.Start(new ProcessStartInfo("flock", [new FileInfo(cable.Path).ResolveLinkTarget(returnFinalTarget: true)!.FullName, "sleep", "600"]))!;
        try
        {
            // Until it has the lock: before that, the port could be had.
            await Waiting.Until(() => IsLocked(cable.Path), "the port is in use");
            await using RunningEdge edge = await StartAsync($$"""{ "line": "serial:{{cable.Path}}" }""");

            await TellsOnceAsync(edge, $"{cable.Path} does not open: in use by pid ", id: 1001);
        }
        finally
        {
            other.Kill(entireProcessTree: true);
            await other.WaitForExitAsync().Soon();
        }
    }

    [Fact]
    public async Task A_register_that_says_nothing_is_told_once()
    {
        await using SerialCable cable = await SerialCable.PlugAsync(_folder.File("tty"));
        await using RunningEdge edge = await StartAsync($$"""{ "line": "serial:{{cable.Path}}?speed=9600" }""");

        await TellsOnceAsync(
            edge,
            $"{cable.Path}: expected a register that speaks TLK/1 at 9600 bits per second, found silence for 30 s; look whether it is on, at its cable and at its speed",
            id: 2260);
    }

    [Fact]
    public async Task A_register_at_another_speed_is_told_once()
    {
        await using SerialCable cable = await SerialCable.PlugAsync(_folder.File("tty"));
        await using RunningEdge edge = await StartAsync($$"""{ "line": "serial:{{cable.Path}}?speed=9600" }""");

        // What 115,200 bits per second look like at 9,600: some bytes without a frame in them, now and then.
        await edge.UntilAsync(() => Line(edge)["phase"]!.GetValue<string>() == "None", "open");
        using CancellationTokenSource enough = new();
        Task babble = BabbleAsync(cable, enough.Token);
        await TellsOnceAsync(
            edge,
            $"{cable.Path}: expected a register that speaks TLK/1 at 9600 bits per second, found bytes that are none of it; look at its speed, its cable and 'protocol'",
            id: 2260,
            step: TimeSpan.FromMilliseconds(20));
        await enough.CancelAsync();
        await babble.Soon();
    }

    [Theory]
    [InlineData("datecs", "expected an answer to command 90, found silence; look whether the register is on, in its sales mode, and at the same speed")]
    [InlineData("eutron", "expected a register that answers to the log's request, found silence; look whether it is on, and at speed, parity and cable")]
    public async Task A_register_that_is_asked_and_does_not_answer_is_told_once(string protocol, string sentence)
    {
        await using SerialCable cable = await SerialCable.PlugAsync(_folder.File("tty"));
        await using RunningEdge edge = await StartAsync($$"""{ "line": "serial:{{cable.Path}}", "protocol": "{{protocol}}" }""");

        await TellsOnceAsync(edge, $"{cable.Path}: {sentence}", id: 1051);
    }

    [Fact]
    public async Task A_register_on_the_network_that_does_not_listen_is_told_once()
    {
        int port = FreePort();
        await using RunningEdge edge = await StartAsync($$"""{ "line": "tcp:127.0.0.1:{{port}}", "protocol": "datecs" }""");

        await TellsOnceAsync(
            edge, $"tcp 127.0.0.1:{port} does not open: it answers, but nothing listens on that port; is the register switched on, and the port right?", id: 1001);
    }

    [Fact]
    public async Task A_register_that_never_calls_is_told_once()
    {
        int port = FreePort();
        await using RunningEdge edge = await StartAsync($$"""{ "line": "tcp-listen:127.0.0.1:{{port}}" }""");

        await TellsOnceAsync(
            edge,
            $"tcp listening on 127.0.0.1:{port}: expected a register to call, found none for 30 s; look whether it is on, on the network, and calls this address",
            id: 2260);
    }

    [Fact]
    public async Task A_port_that_another_program_listens_on_is_told_once()
    {
        using TcpListener other = new(System.Net.IPAddress.Loopback, 0);
        other.Start();
        int port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;
        await using RunningEdge edge = await StartAsync(string.Create(
            CultureInfo.InvariantCulture, $$"""{ "line": "tcp-listen:127.0.0.1:{{port}}", "protocol": "escpos", "register": "T", "mode": "virtual" }"""));

        await TellsOnceAsync(
            edge, $"tcp listening on 127.0.0.1:{port} does not open: another program listens on that port; close it, or choose another port", id: 1001);
    }

    [Fact]
    public async Task A_printer_that_is_switched_off_is_told_once_by_the_tap_before_it()
    {
        (int till, int printer) = (FreePort(), FreePort());
        await using RunningEdge edge = await StartAsync(
            $$"""{ "line": "tcp-listen:127.0.0.1:{{till}}", "protocol": "escpos", "register": "T", "mode": "gate", "printer": "tcp:127.0.0.1:{{printer}}" }""");

        await TellsOnceAsync(edge, $"tcp 127.0.0.1:{printer} does not open: it answers, but nothing listens on that port", id: 1001);
    }

    /// <summary>Waits for the sentence, lets ten minutes of retries go by, and looks at status and log.</summary>
    private async Task TellsOnceAsync(RunningEdge edge, string sentence, int id, TimeSpan? step = null)
    {
        await edge.UntilAsync(() => Says(edge, sentence), $"'{sentence}'", step);
        DateTimeOffset until = edge.Time.GetUtcNow() + TimeSpan.FromMinutes(10);
        await edge.UntilAsync(() => edge.Time.GetUtcNow() >= until, "ten minutes later", TimeSpan.FromSeconds(5));

        // The clock runs ahead of the machine, so that a try may find its time over before it was made: another cause, that is told once as well.
        await edge.UntilAsync(() => Says(edge, sentence), $"'{sentence}' still");
        string status = StatusCommand.ForPeople(StatusJson.From(edge.Host));
        Assert.StartsWith("ATTENTION", status, StringComparison.Ordinal);
        LogLines.LogLine[] told = [.. _log.Warnings.Where(line => line.Id is 1001 or 1051 or 2260)];
        LogLines.LogLine one = Assert.Single(told, line => line.Text.Contains(sentence, StringComparison.Ordinal));
        Assert.Equal(id, one.Id);
        Assert.Equal(told.Select(line => line.Text).Distinct(), told.Select(line => line.Text));
        Assert.All(told, line => Assert.Null(line.Exception));
    }

    /// <summary>Whether the status has the sentence, as the one trouble of the line.</summary>
    private static bool Says(RunningEdge edge, string sentence) =>
        Line(edge)["trouble"]?.GetValue<string>().StartsWith(sentence, StringComparison.Ordinal) ?? false;

    private static async Task BabbleAsync(SerialCable cable, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await cable.WriteAsync(new byte[] { 0xF8, 0x80, 0x00, 0x1E, 0x66, 0x00, 0xFE });
            await Task.Delay(5, CancellationToken.None);
        }
    }

    private static bool IsLocked(string path)
    {
        using Process look = Process.Start(new ProcessStartInfo("flock", ["--nonblock", path, "true"]))!;
        look.WaitForExit();
        return look.ExitCode != 0;
    }

    private static int FreePort()
    {
        using TcpListener listener = new(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task<RunningEdge> StartAsync(string register) => RunningEdge.StartAsync($", \"registers\": [ {register} ]", _log);

    private static JsonNode Line(RunningEdge edge) => StatusJson.From(edge.Host)["registers"]![0]!;
}
