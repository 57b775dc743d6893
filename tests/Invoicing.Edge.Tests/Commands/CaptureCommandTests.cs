using System.Net.Sockets;
using Invoicing.Edge.Commands;
using Invoicing.Testing;

namespace Invoicing.Edge.Tests.Commands;

/// <summary>Recording a line of a running service, by the command.</summary>
public sealed class CaptureCommandTests
{
    [Fact]
    public async Task A_line_is_recorded_into_a_new_file()
    {
        using TcpListener register = new(System.Net.IPAddress.Loopback, 0);
        register.Start();
        int port = ((System.Net.IPEndPoint)register.LocalEndpoint).Port;
        await using RunningEdge edge = await RunningEdge.StartAsync($$""", "registers": [ { "line": "tcp:127.0.0.1:{{port}}" } ]""");
        using TcpClient call = await register.AcceptTcpClientAsync().Soon();
        string file = Path.ChangeExtension(edge.Config, ".recording");

        Task<(int ExitCode, string Output, string Error)> capture = RunningEdge.RunAsync(
            CaptureCommand.Create(), "--config", edge.Config, "--line", $"tcp 127.0.0.1:{port}", "--bytes", "5", "--out", file);
        await Waiting.Until(() => File.Exists(file) && edge.IsRecording, "recording");
        await call.GetStream().WriteAsync(new byte[] { 1, 2, 3, 4, 5 });
        (int code, string output, string error) = await capture.Soon();

        Assert.Equal((0, string.Empty), (code, error));
        Assert.StartsWith(file, output, StringComparison.Ordinal);
        string[] rows = await File.ReadAllLinesAsync(file);
        Assert.StartsWith("""{"recording":1,"protocol":"tlk","line":"tcp 127.0.0.1:""", rows[0], StringComparison.Ordinal);
        Assert.Contains("5 bytes were recorded", rows[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_is_not_there_is_named_with_those_that_are()
    {
        await using RunningEdge edge = await RunningEdge.StartAsync(""", "registers": [ { "line": "tcp-listen:127.0.0.1:0" } ]""");

        (int code, _, string error) = await RunningEdge.RunAsync(
            CaptureCommand.Create(), "--config", edge.Config, "--line", "nowhere", "--out", Path.ChangeExtension(edge.Config, ".recording"));

        Assert.NotEqual(0, code);
        Assert.Contains("found 'nowhere'; its lines are: ", error, StringComparison.Ordinal);
    }
}
