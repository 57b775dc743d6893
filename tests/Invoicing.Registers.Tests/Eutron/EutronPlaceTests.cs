using Invoicing.Registers.Drivers;
using Invoicing.Sales;
using static Invoicing.Registers.Tests.Eutron.EutronBench;

namespace Invoicing.Registers.Tests.Eutron;

/// <summary>Where the driver goes on: whatever became of the register's pointer, of its memory, or of what was remembered of it.</summary>
public sealed class EutronPlaceTests
{
    [Fact]
    public async Task A_restart_reads_on_from_the_pointer()
    {
        await using EutronBench bench = await SoldAsync(3);
        await bench.StopAsync();
        bench.Log.Add(FlowBytes.Sale(4, At(4)));
        bench.Start().Plug();
        await bench.Recorded(4);
        Assert.Equal([1L, 2, 3, 4], bench.Numbers());
        Assert.False(bench.Driver.Status.Counters.ContainsKey("rewinds"));
    }

    [Fact]
    public async Task A_pointer_that_was_set_back_by_somebody_else_brings_nothing_twice()
    {
        await using EutronBench bench = await SoldAsync(3);
        long rewinds = bench.Driver.Status.Counters["rewinds"];
        bench.Log.Pointer = 0;
        bench.Log.Add(FlowBytes.Sale(4, At(4)));
        await bench.Recorded(4);
        await bench.Quiet();
        Assert.Equal([1L, 2, 3, 4], bench.Numbers());
        Assert.Single(Epochs(bench));
        Assert.Equal(rewinds, bench.Driver.Status.Counters["rewinds"]); // known by their marks, without a look at the whole log
    }

    [Fact]
    public async Task A_pointer_that_was_set_forward_by_somebody_else_loses_nothing()
    {
        await using EutronBench bench = await SoldAsync(3);
        await bench.StopAsync();
        bench.Log.Add(FlowBytes.Sale(4, At(4)), FlowBytes.Sale(5, At(5)));
        bench.Log.Pointer = bench.Log.Count;
        bench.Log.Add(FlowBytes.Sale(6, At(6)));
        bench.Start().Plug();
        await bench.Recorded(6);
        Assert.Equal([1L, 2, 3, 4, 5, 6], bench.Numbers());
        Assert.Empty(bench.Recorder.Gaps);
    }

    [Fact]
    public async Task A_pointer_in_the_middle_of_a_receipt_at_a_start_makes_the_log_be_read_from_its_head()
    {
        await using EutronBench bench = await SoldAsync(3);
        await bench.StopAsync();
        bench.Log.Add(FlowBytes.Sale(4, At(4)));
        bench.Log.Pointer = bench.Log.Count - 2;
        bench.Start().Plug();
        await bench.Recorded(4);
        Assert.Equal([1L, 2, 3, 4], bench.Numbers());
    }

    [Fact]
    public async Task A_lost_state_finds_its_place_by_what_the_recorder_knows()
    {
        await using EutronBench bench = await SoldAsync(3);
        await bench.StopAsync();
        bench.Captures = new();
        bench.Log.Add(FlowBytes.Sale(4, At(4)));
        bench.Start().Plug();
        await bench.Recorded(4);
        await bench.Quiet();
        Assert.Equal([1L, 2, 3, 4], bench.Numbers());
        Assert.Equal(0, bench.Recorder.Conflicts);
        Assert.Empty(bench.Recorder.Gaps);
    }

    [Fact]
    public async Task A_lost_state_finds_the_life_that_the_recorder_has()
    {
        await using EutronBench bench = await SoldAsync(3);
        bench.Log.Add(FlowBytes.Sale(1, At(24)), FlowBytes.Sale(2, At(25)));
        await bench.Recorded(5);
        await bench.Quiet();
        await bench.StopAsync();
        ulong first = bench.Recorder.Records.Single(record => record.Key.Sequence == 3).Key.Epoch;
        ulong second = Epochs(bench).Single(epoch => epoch != first);
        bench.Recorder.Standing = hello => hello.Epoch == first ? new RegisterStanding.Retired { CurrentEpoch = second } : null;
        bench.Captures = new();
        bench.Log.Add(FlowBytes.Sale(3, At(26)));
        bench.Start().Plug();
        await bench.Recorded(6);
        await bench.Quiet();
        Assert.Equal(6, bench.Recorder.Records.Count);
        Assert.Equal(second, bench.Sold.Single(record => record.Sale!.ClosedAt!.Value.Hour == At(26).Hour && record.Key.Sequence == 3 && record.Key.Epoch == second).Key.Epoch);
        Assert.Equal(0, bench.Recorder.Conflicts);
    }

    [Fact]
    public async Task A_lost_state_whose_place_is_not_in_the_log_stops_the_line_and_then_names_what_is_not_known()
    {
        await using EutronBench bench = await SoldAsync(3);
        await bench.StopAsync();
        bench.Captures = new();
        bench.Log.Add(FlowBytes.Sale(4, At(4)), FlowBytes.Sale(5, At(5)));
        bench.Log.Drop(3 * 4);
        bench.Start().Plug();
        await Stopped(bench);
        Assert.Equal(3, bench.Recorder.Records.Count);

        bench.Log.Add(FlowBytes.Sale(6, At(6)));
        bench.Behind.Release();
        await bench.Recorded(4);
        await bench.Quiet();
        Assert.Equal([(1UL, 5UL)], bench.Recorder.Gaps);
        Assert.Equal([1L, 2, 3, 6], bench.Numbers());
        Assert.Equal(2, Epochs(bench).Length);
    }

    [Fact]
    public async Task An_old_memory_that_was_put_back_stops_the_line_and_then_its_new_receipts_come_once()
    {
        await using EutronBench bench = await SoldAsync(5);
        List<byte[]> old = [.. Enumerable.Range(1, 3).SelectMany(number => FlowBytes.Sale(number, At(number)))];
        bench.Log.Swap(old);
        bench.Log.Add(FlowBytes.Sale(4, At(30)), FlowBytes.Sale(5, At(31)));
        await Stopped(bench);
        Assert.Equal(5, bench.Recorder.Records.Count);

        bench.Behind.Release();
        await bench.Recorded(7);
        await bench.Quiet();
        Assert.Equal(7, bench.Recorder.Records.Count);
        Assert.Equal(2, Epochs(bench).Length);
        Assert.Equal(0, bench.Recorder.Conflicts);
    }

    [Fact]
    public async Task A_twin_of_the_same_number_stops_the_line_and_nothing_of_either_is_recorded_twice()
    {
        await using EutronBench bench = await SoldAsync(5);
        List<byte[]> first = bench.Log.Swap([.. Enumerable.Range(1, 3).SelectMany(number => FlowBytes.Sale(number, At(60 + number), 44_000))]);
        bench.Log.Pointer = 0;
        await Stopped(bench);
        Assert.Equal(5, bench.Recorder.Records.Count);

        bench.Log.Swap(first);
        bench.Log.Add(FlowBytes.Sale(6, At(6)));
        bench.Behind.Release();
        await bench.Recorded(6);
        await bench.Quiet();
        Assert.Equal([1L, 2, 3, 4, 5, 6], bench.Numbers());
        Assert.Single(Epochs(bench));
    }

    [Fact]
    public async Task The_index_reaches_over_all_receipts_of_the_ring_and_over_a_restart()
    {
        await using EutronBench bench = new();
        const int Many = 900;
        for (int number = 1; number <= Many; number++)
        {
            bench.Log.Add(FlowBytes.Sale(number % 300 + 1, At(number)));
        }

        bench.Start().Plug();
        await bench.Recorded(Many);
        await bench.Quiet();
        int epochs = Epochs(bench).Length;
        await bench.StopAsync();
        bench.Log.Pointer = 0;
        bench.Start().Plug();
        await bench.Quiet();
        Assert.Equal(Many, bench.Recorder.Records.Count);
        Assert.Equal(epochs, Epochs(bench).Length);
        Assert.Equal(0, bench.Recorder.Conflicts);
    }

    [Fact]
    public async Task A_register_with_the_maker_s_default_number_is_refused()
    {
        await using EutronBench bench = new();
        bench.Log.Number = 0;
        bench.Log.Add(FlowBytes.Sale(1, Noon));
        bench.Start().Plug();
        await bench.Until(() => bench.Driver.Status.Trouble?.Contains("found 0, the maker's default", StringComparison.Ordinal) == true);
        Assert.Empty(bench.Recorder.Records);
    }

    [Fact]
    public async Task Numbers_that_left_no_receipt_are_a_gap_that_says_so()
    {
        await using EutronBench bench = await SoldAsync(3);
        bench.Log.Add(FlowBytes.Sale(5, At(5)));
        await bench.Recorded(4);
        Assert.Equal([(4UL, 4UL)], bench.Recorder.Gaps);
        Assert.Contains("without a break", bench.Behind.GapReasons[^1], StringComparison.Ordinal);
    }

    private static DateTime At(int minutes) => Noon.AddMinutes(minutes);

    private static ulong[] Epochs(EutronBench bench) => [.. bench.Recorder.Records.Select(record => record.Key.Epoch).Distinct()];

    private static async Task<EutronBench> SoldAsync(int receipts)
    {
        EutronBench bench = new();
        for (int number = 1; number <= receipts; number++)
        {
            bench.Log.Add(FlowBytes.Sale(number, At(number)));
        }

        bench.Start().Plug();
        await bench.Recorded(receipts);
        await bench.Quiet();
        return bench;
    }

    /// <summary>Waits until the line is stopped, and some minutes more.</summary>
    private static async Task Stopped(EutronBench bench)
    {
        await bench.Until(() => bench.Driver.Status.Phase == DriverPhase.Stopped, "stopped");
        int looks = 0;
        await bench.Until(() => ++looks > 200);
        Assert.Equal(DriverPhase.Stopped, bench.Driver.Status.Phase);
    }
}
