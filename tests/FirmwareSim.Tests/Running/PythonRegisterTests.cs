using System.Diagnostics;
using System.Text.Json;
using FirmwareSim.Lines;
using Invoicing.Testing;

namespace FirmwareSim.Tests.Running;

/// <summary>The register in Python (<c>tests/peers/tlk</c>) against this project's scripted gateway.</summary>
public sealed class PythonRegisterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Agrees_with_the_golden_vectors()
    {
        using Process process = Start($"--check-vectors {Vectors.Find("vectors/tlk/vectors.json")}");
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).Soon();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).Soon();
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("vectors agree", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sells_100_goods_with_the_line_cut_in_the_middle_and_a_kill_9()
    {
        TestGateway gateway = new() { Answers = new EveryNth(7).Next, MaxBody = 512 };
        Process process = Sell(40);
        await ServeUntilAsync(gateway, () => gateway.Durable >= 20);
        // The line was pulled: that terminal is gone, and another one is there. Then the register dies as well.
        await ServeUntilAsync(gateway, () => gateway.Durable >= 35);
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).Soon();
        process.Dispose();

        using Process again = Sell(100);
        Task serving = ServeUntilAsync(gateway, () => again.HasExited);
        string output = await again.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).Soon(TimeSpan.FromSeconds(60));
        await again.WaitForExitAsync(TestContext.Current.CancellationToken).Soon();
        await serving.Soon();

        JsonElement summary = JsonDocument.Parse(output).RootElement;
        Assert.Equal(0, again.ExitCode);
        Assert.Equal((100, 100, 100), (Count(summary, "rung_up"), Count(summary, "acknowledged"), Count(summary, "issued")));
        Assert.Equal(100UL, gateway.Durable);
        using Process list = Start($"--list --journal {_folder.File("journal")}");
        string lines = await list.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).Soon();
        Assert.Equal(
            SimulatedRegisterTests.Held(gateway),
            lines.Trim().Split('\n').Select(line => JsonDocument.Parse(line).RootElement)
                .Select(row => (row.GetProperty("sequence").GetUInt64(), row.Text("hash"))));
    }

    [Fact]
    public async Task Gives_an_empty_gateway_its_records_with_the_codes_that_customers_hold()
    {
        TestGateway gateway = new();
        using (Process first = Sell(30))
        {
            await ServeUntilAsync(gateway, () => first.HasExited);
            Assert.Equal(0, first.ExitCode);
        }

        var codes = gateway.Records.ToDictionary(item => item.Key, item => item.Value.Result);
        gateway.ForgetAfter(10);
        using Process again = Sell(35);
        await ServeUntilAsync(gateway, () => again.HasExited);

        Assert.Equal(0, again.ExitCode);
        Assert.Equal(Enumerable.Range(11, 20).Select(seq => (ulong)seq), gateway.RecoveredRecords.Select(record => record.Seq));
        Assert.All(codes, item => Assert.Equal(item.Value, gateway.Records[item.Key].Result));
        Assert.Equal(35, gateway.Records.Count);
    }

    private static int Count(JsonElement summary, string key) => summary.GetProperty(key).GetInt32();

    /// <summary>Is the gateway's end of a serial line until the condition holds; then the line is gone.</summary>
    private async Task ServeUntilAsync(TestGateway gateway, Func<bool> done)
    {
        using CancellationTokenSource stop = new();
        await using var line = PseudoTerminalLine.Create(_folder.File("line"));
        Task serving = ServeAsync(gateway, line, stop.Token);
        await Waiting.Until(done, "done", TimeSpan.FromSeconds(60));
        await stop.CancelAsync();
        await serving.Soon();
    }

    private static async Task ServeAsync(TestGateway gateway, PseudoTerminalLine line, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await gateway.ServeAsync(await line.OpenAsync(cancellationToken), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The test has seen enough.
        }
    }

    private Process Sell(int sales) =>
        Start($"--line {_folder.File("line")} --serial PY-0001 --journal {_folder.File("journal")} --sales {sales} --json");

    private static Process Start(string arguments) => Process.Start(
        new ProcessStartInfo("/usr/bin/python3", $"{Vectors.Find("peers/tlk/register.py")} {arguments}") { RedirectStandardOutput = true, UseShellExecute = false })!;
}
