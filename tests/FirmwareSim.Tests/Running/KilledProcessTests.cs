using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FirmwareSim.Journal;
using FirmwareSim.Running;
using Invoicing.Testing;

namespace FirmwareSim.Tests.Running;

public sealed class KilledProcessTests : IDisposable
{
    private const int Kills = 25;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kill_9_at_random_moments_loses_and_doubles_nothing_that_was_rung_up()
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        TestGateway gateway = new();
        using CancellationTokenSource stop = new();
        Task serving = PtyHarness.ServeAsync(gateway, _folder.File("line"), stop.Token);
        Dictionary<ulong, string> seen = [];

        for (int kill = 0; kill < Kills; kill++)
        {
            int hellos = gateway.Hellos;
            using Process process = Start("--sales 1000000 --pace 1ms --fault drop-ack:20,dup:5");
            await Waiting.Until(() => gateway.Hellos > hellos && Boots() == kill + 1, "greeted by the register", TimeSpan.FromSeconds(30));
            await Task.Delay(random.Next(0, 150), TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).Soon();
            // A killed register leaves its link behind, and the number of its terminal may soon be somebody else's.
            File.Delete(_folder.File("line"));
            if (kill % 7 == 3)
            {
                gateway.Restart();
            }

            // What the journal said after an earlier kill it still says after this one.
            Dictionary<ulong, string> now = Journal();
            Assert.All(seen, item => Assert.Equal(item.Value, now.GetValueOrDefault(item.Key)));
            seen = now;
        }

        using Process last = Start($"--sales {seen.Count + 20} --pace flat --json");
        string output = await last.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).Soon(TimeSpan.FromSeconds(60));
        await last.WaitForExitAsync(TestContext.Current.CancellationToken).Soon();
        await stop.CancelAsync();
        await serving.Soon();

        JsonElement summary = JsonDocument.Parse(output.Trim().Split('\n')[^1]).RootElement;
        Assert.Equal(0, last.ExitCode);
        Assert.Equal(seen.Count + 20, summary.GetProperty("rung_up").GetInt64());
        Assert.Equal(Kills + 1, summary.GetProperty("boot").GetInt32());
        Assert.Equal(Journal().Count, summary.GetProperty("acknowledged").GetInt64());
        Assert.Equal(Journal().OrderBy(item => item.Key).Select(item => (item.Key, item.Value)), SimulatedRegisterTests.Held(gateway));
        Assert.Equal(
            gateway.Records.OrderBy(item => item.Key).Select(item => item.Value.Result),
            RegisterJournal.Read(_folder.File("journal")).Records.Select(record => record.Result));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_ends_it_cleanly_with_a_summary(string signal)
    {
        using Process process = Start("--sales 5 --pace flat --json");
        string journal = _folder.File("journal");
        await Waiting.Until(
            () => File.Exists(journal) && RegisterJournal.Read(journal).Counts.Sales == 5, "selling", TimeSpan.FromSeconds(30));

        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).Soon();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).Soon();

        Assert.Contains("\"rung_up\":5,", output, StringComparison.Ordinal);
        Assert.Contains("\"oldest_unacknowledged\":1", output, StringComparison.Ordinal);
        Assert.Equal(130, process.ExitCode);
        Assert.False(new FileInfo(_folder.File("line")).Exists);
    }

    [Fact]
    public async Task A_failed_fsync_ends_the_register_with_a_clear_error_and_the_sale_was_not_rung_up()
    {
        // strace counts calls per thread: four on the main thread to open the journal, then one per sale on the seller's.
        string program = typeof(SimulatedRegister).Assembly.Location;
        ProcessStartInfo start = new(
            "strace",
            $"-f -o /dev/null -e trace=fsync -e inject=fsync:error=EIO:when=5+ dotnet exec {program} run --line pty:{_folder.File("line")}"
            + $" --serial SIM-0001 --journal {_folder.File("journal")} --sales 1000 --pace flat --json")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).Soon(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).Soon();

        Assert.Equal(1, process.ExitCode);
        Assert.Contains($"fsync {_folder.File("journal")}: Input/output error", error, StringComparison.Ordinal);
        Assert.Equal("", await output.Soon());
        Assert.InRange(RegisterJournal.Read(_folder.File("journal")).Counts.Sales, 4, 5);
    }

    private long Boots() => File.Exists(_folder.File("journal")) ? RegisterJournal.Read(_folder.File("journal")).Boot : 0;

    private Dictionary<ulong, string> Journal() =>
        RegisterJournal.Read(_folder.File("journal")).Records.ToDictionary(record => record.Seq, record => Convert.ToHexString(record.Hash));

    private Process Start(string more)
    {
        string program = typeof(SimulatedRegister).Assembly.Location;
        ProcessStartInfo start = new(
            "dotnet",
            $"exec {program} run --line pty:{_folder.File("line")} --serial SIM-0001 --journal {_folder.File("journal")} --seed 7 {more}")
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        return Process.Start(start)!;
    }
}
