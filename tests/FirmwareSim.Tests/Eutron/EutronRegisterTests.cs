using FirmwareSim.Eutron;
using FirmwareSim.Failures;
using FirmwareSim.Tests.Tills;
using FirmwareSim.Tills;
using Invoicing.Testing;

namespace FirmwareSim.Tests.Eutron;

public sealed class EutronRegisterTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(90);

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public async Task The_log_gives_every_record_at_least_once_and_in_its_order(int faultsEvery)
    {
        await using TillBench bench = new();
        FaultPlan faults = faultsEvery == 0
            ? FaultPlan.None(Protocol.Eutron)
            : TillBench.Faults(Protocol.Eutron, faultsEvery, Fault.DoubleFlip, Fault.Swap, Fault.Twin, Fault.LogOverflow);
        TillOptions till = new() { Serial = "VN000007", SpecialPercent = 20, DayCloseEvery = 13, LastNumber = LogRecords.LastReceipt };
        await using TillRunner runner = new(bench.Options(it => new EutronFront(new EutronMemory(it, faults, SalesLog.DefaultCapacity)), faults, 20, till));
        Task running = runner.RunAsync(TestContext.Current.CancellationToken);
        EutronMaster master = new(bench);
        while (!running.IsCompleted)
        {
            await master.DumpAsync((byte)'F', 0).Soon(Long);
        }

        await running;
        IEnumerable<byte[]> expected = bench.Book().SelectMany(receipt => LogRecords.Begin(receipt, "VN000007").Concat(LogRecords.End(receipt)));
        List<string> given = [];
        foreach (byte[] record in master.Records.Where(record => record[0] != (byte)RecordType.EcrNumber))
        {
            // What was not acknowledged comes again, right after itself.
            string hex = Convert.ToHexString(record);
            if (given.Count == 0 || given[^1] != hex || faultsEvery == 0)
            {
                given.Add(hex);
            }
        }

        Assert.Equal(Deduplicated(expected.Select(Convert.ToHexString), faultsEvery > 0), given);
        if (faultsEvery > 0)
        {
            Assert.Empty(new[] { "lost-ack", "flip", "reboot", "unplug", "half-open", "split" }.Except(runner.Summary.Faults.Keys));
            Assert.True(master.BadChecks > 0);
        }
    }

    [Fact]
    public async Task A_ring_that_runs_over_loses_what_was_not_read_and_the_book_still_has_it()
    {
        await using TillBench bench = new();
        var faults = FaultPlan.None(Protocol.Eutron);
        await using TillRunner runner = new(bench.Options(it => new EutronFront(new EutronMemory(it, faults, 2048)), faults, 60, new TillOptions { Serial = "VN000007" }));
        Task running = runner.RunAsync(TestContext.Current.CancellationToken);
        await Waiting.Until(() => runner.Summary.Sales == 60, "sold");
        EutronMaster master = new(bench);
        while (!running.IsCompleted)
        {
            await master.DumpAsync((byte)'F', 0).Soon(Long);
        }

        await running;
        Assert.Equal(60, bench.Book().Count);
        string[] starts = [.. master.Records.Where(record => record[0] == (byte)RecordType.Register).Select(Convert.ToHexString)];
        Assert.InRange(starts.Length, 1, 40);
        Assert.Equal(Convert.ToHexString(LogRecords.Begin(bench.Book()[^1], "VN000007").First()), starts[^1]);
    }

    [Fact]
    public async Task A_rewind_gives_all_again_and_the_table_has_every_article()
    {
        await using TillBench bench = new();
        var faults = FaultPlan.None(Protocol.Eutron);
        TillRunOptions options = bench.Options(it => new EutronFront(new EutronMemory(it, faults, SalesLog.DefaultCapacity)), faults, 5, new TillOptions { Serial = "VN000007" });
        await using TillRunner runner = new(options with { Linger = true });
        using CancellationTokenSource stop = new();
        Task running = runner.RunAsync(stop.Token);
        await Waiting.Until(() => runner.Summary.Sales == 5, "sold");
        EutronMaster master = new(bench);
        Assert.True(await master.DumpAsync((byte)'F', 0).Soon(Long));
        string[] first = [.. master.Records.Select(Convert.ToHexString)];
        master.Records.Clear();

        Assert.True(await master.DumpAsync((byte)'F', 0xFFFF).Soon(Long));
        Assert.Equal(first, master.Records.Select(Convert.ToHexString));

        master.Records.Clear();
        Assert.True(await master.DumpAsync((byte)'D', 2).Soon(Long));
        Assert.Equal(new PluTable().Rows.Count, master.Records.Count);
        Assert.All(master.Records, row => Assert.Equal(PluRecords.Length, row.Length));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static IEnumerable<string> Deduplicated(IEnumerable<string> records, bool isWanted)
    {
        string? last = null;
        foreach (string record in records)
        {
            if (!isWanted || record != last)
            {
                yield return record;
            }

            last = record;
        }
    }
}
