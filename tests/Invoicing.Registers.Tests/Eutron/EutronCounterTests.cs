using Invoicing.Registers.Eutron;
using Invoicing.Registers.Eutron.Records;
using Invoicing.Sales;
using static Invoicing.Registers.Tests.Eutron.EutronBench;

namespace Invoicing.Registers.Tests.Eutron;

/// <summary>Receipt numbers that go round, are set back, or are missing because the ring ran over.</summary>
public sealed class EutronCounterTests
{
    [Fact]
    public async Task A_ring_that_ran_over_is_a_named_gap()
    {
        await using EutronBench bench = new();
        bench.Log.Add(FlowBytes.Sale(1, Noon));
        PlayedLine.Cable cable = bench.StartPlugged();
        await bench.Recorded(1);
        cable.Pull();
        for (int receipt = 2; receipt <= 9; receipt++)
        {
            bench.Log.Add(FlowBytes.Sale(receipt, Noon));
        }

        bench.Log.Drop((4 * 6) + 1); // 1 to 6, and the beginning of 7
        bench.Plug();
        await bench.Recorded(3);

        Assert.Equal([(2UL, 7UL)], bench.Recorder.Gaps);
        Assert.Equal([1L, 8, 9], bench.Numbers());
        Assert.True(bench.Driver.Status.Counters["records outside of a receipt"] > 0);
    }

    /// <summary>The ring drops whatever was not read, also the rest of the receipt that is being read: it had an END, and is no power loss.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public async Task A_receipt_whose_rest_the_ring_dropped_is_a_named_gap(int next)
    {
        await using EutronBench bench = new();
        bench.Log.Add(FlowBytes.Sale(1, Noon), FlowBytes.Sale(2, Noon)[..2]);
        bench.Start().Plug();
        await bench.Recorded(1);
        await bench.Quiet();
        bench.Log.Add(FlowBytes.Sale(2, Noon)[2..], FlowBytes.Sale(3, Noon), FlowBytes.Sale(4, Noon), FlowBytes.Sale(5, Noon));
        bench.Log.Drop(4 * (next - 1));
        await bench.Until(() => bench.Recorder.Records.Any(record => record.Key.Sequence == 5), "the last one");

        Assert.Equal([(2UL, (ulong)next - 1)], bench.Recorder.Gaps);
        Assert.All(bench.Recorder.Records, record => Assert.Equal(RecordKind.Sale, record.Kind));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task The_counter_goes_round_behind_999999(int first)
    {
        await using EutronBench bench = new();
        bench.Options = new() { FromBeginning = false };
        bench.Recorder.Standing = hello => bench.FirstContact(hello);
        bench.Log.Add(FlowBytes.Sale(999_998, Noon));
        PlayedLine.Cable cable = bench.StartPlugged();
        await bench.Until(() => bench.Driver.Status.Durable == 999_998);
        int[] numbers = [999_999, first, first + 1, first + 2];
        bench.Log.Add(numbers.SelectMany((number, i) => FlowBytes.Sale(number, Noon.AddMinutes(i), 1_000 * (i + 1))).ToArray());
        await bench.Recorded(4);

        Assert.Equal([999_999L, 1_000_000, 1_000_001, 1_000_002], bench.Numbers());
        Assert.Single(bench.Recorder.Gaps); // what was before the first contact
        Assert.Single(bench.Recorder.Records.Select(record => record.Key.Epoch).Distinct());

        // A restart finds its place again.
        await bench.StopAsync();
        cable.Pull();
        bench.Log.Add(FlowBytes.Sale(first + 3, Noon.AddMinutes(9)));
        bench.Start().Plug();
        await bench.Recorded(5);
        Assert.Equal(1_000_003, bench.Numbers()[^1]);
        Assert.Single(bench.Recorder.Gaps);
    }

    [Fact]
    public async Task A_counter_that_was_set_back_begins_a_new_life_and_a_restart_goes_on_in_it()
    {
        await using EutronBench bench = new();
        bench.Log.Add(FlowBytes.Sale(1, Noon), FlowBytes.Sale(2, Noon), FlowBytes.Sale(3, Noon));
        bench.Log.Add(FlowBytes.Sale(1, Noon.AddDays(1), 11_000), FlowBytes.Sale(2, Noon.AddDays(1), 12_000));
        bench.Start().Plug();
        await bench.Recorded(5);
        ulong[] epochs = [.. bench.Recorder.Records.Select(record => record.Key.Epoch).Distinct()];
        Assert.Equal(2, epochs.Length);
        Assert.Equal(
            [11_000L, 12_000L],
            bench.Sold.Where(record => record.Key.Epoch == EutronConversation.EpochOf(new("EUTRON-7"), MarkOf(FlowBytes.Sale(1, Noon.AddDays(1), 11_000)))).Select(record => record.Sale!.Total.Dong));

        await bench.StopAsync();
        bench.Log.Drop(4 * 4); // also the first receipt of the new life is no longer in the ring
        bench.Log.Add(FlowBytes.Sale(3, Noon.AddDays(1), 13_000));
        bench.Start().Plug();
        await bench.Recorded(6);
        await bench.Quiet();

        Assert.Equal(6, bench.Recorder.Records.Count);
        Assert.Equal(2, bench.Recorder.Records.Select(record => record.Key.Epoch).Distinct().Count());
        Assert.Empty(bench.Recorder.Gaps);
    }

    [Fact]
    public async Task A_crash_right_behind_the_new_life_s_first_receipt_finds_back_to_it()
    {
        await using EutronBench bench = new();
        bench.Log.Add(FlowBytes.Sale(1, Noon), FlowBytes.Sale(2, Noon), FlowBytes.Sale(3, Noon));
        bench.Log.Add(FlowBytes.Sale(1, Noon.AddDays(1), 11_000), FlowBytes.Sale(2, Noon.AddDays(1), 12_000));
        bench.Recorder.BeforeRecord = record =>
            record.Sale!.Total.Dong == 12_000 ? throw new InvalidOperationException("the power went") : Task.CompletedTask;
        bench.Start().Plug();
        await Assert.ThrowsAsync<InvalidOperationException>(() => bench.Until(() => false)); // the driver died
        await bench.StopAsync();

        bench.Recorder.BeforeRecord = static _ => Task.CompletedTask;
        bench.Log.Drop(4 * 4);
        bench.Start().Plug();
        await bench.Recorded(5);
        Assert.Equal(2, bench.Recorder.Records.Select(record => record.Key.Epoch).Distinct().Count());
        Assert.Empty(bench.Recorder.Gaps);
    }

    [Fact]
    public async Task A_day_of_one_receipt_each_is_a_new_life_each()
    {
        await using EutronBench bench = new();
        bench.Log.Add(FlowBytes.Sale(1, Noon), FlowBytes.Sale(1, Noon.AddDays(1)), FlowBytes.Sale(1, Noon.AddDays(2)));
        bench.Start().Plug();
        await bench.Recorded(3);
        Assert.Equal(3, bench.Recorder.Records.Select(record => record.Key.Epoch).Distinct().Count());
    }

    private static ReceiptMark MarkOf(IEnumerable<byte[]> records)
    {
        ReceiptAssembler assembler = new();
        return ReceiptMark.Of(records.Select(record => assembler.Take(FlowRecord.Read(record))).OfType<LogReceipt>().Single());
    }
}
