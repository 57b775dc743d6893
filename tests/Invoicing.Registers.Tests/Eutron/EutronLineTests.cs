using Invoicing.Hashing;
using Invoicing.Registers.Drivers;
using static Invoicing.Registers.Tests.Eutron.EutronBench;

namespace Invoicing.Registers.Tests.Eutron;

/// <summary>What a bad serial line does to records, and what must come of it.</summary>
public sealed class EutronLineTests
{
    [Fact]
    public async Task A_lost_acceptance_brings_a_record_again_and_each_sale_once()
    {
        for (int lost = 0; lost < 30; lost++)
        {
            int which = lost;
            await using EutronBench bench = new();
            bench.Log.Add(FlowBytes.Sale(1, Noon), FlowBytes.Sale(2, Noon), FlowBytes.Sale(3, Noon));
            bench.Start().Plug(new PlayedSerial(bench.Log) { LosesAck = ack => ack == which });
            await bench.Recorded(3);
            await bench.Quiet();

            Assert.Equal([1L, 2, 3], bench.Numbers());
            Assert.Equal(
                Enumerable.Range(1, 3).Select(receipt => Sha256Hash.Of(FlowBytes.Sale(receipt, Noon).SelectMany(record => record).ToArray())),
                bench.Sold.Select(record => record.Hash));
            Assert.Empty(bench.Recorder.Gaps);
            Assert.Equal(0, bench.Recorder.Conflicts);
        }
    }

    [Fact]
    public async Task A_damaged_frame_is_refused_and_comes_again()
    {
        for (int damaged = 0; damaged < 30; damaged++)
        {
            int which = damaged;
            await using EutronBench bench = new();
            bench.Log.Add(FlowBytes.Sale(1, Noon), FlowBytes.Sale(2, Noon));
            bench.Start().Plug(new PlayedSerial(bench.Log)
            {
                Damages = (frame, bytes) =>
                {
                    if (frame == which)
                    {
                        bytes[^2] ^= 0x10;
                    }

                    return bytes;
                },
            });
            await bench.Recorded(2);
            Assert.Equal([1L, 2], bench.Numbers());
            Assert.Equal(2, bench.Sold.Count());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Two_flips_that_keep_the_sum_are_found_by_the_total_and_read_again(int flipped)
    {
        await using EutronBench bench = new();
        bench.Log.Add(FlowBytes.Sale(1, Noon), FlowBytes.Sale(2, Noon));
        int hits = 0;
        bench.Start().Plug(new PlayedSerial(bench.Log)
        {
            Damages = (_, bytes) =>
            {
                if (bytes.Length == 24 && hits++ == flipped)
                {
                    bytes[16] += 1; // the amount's first digits
                    bytes[10] -= 1; // and the department: the sum stays
                }

                return bytes;
            },
        });
        await bench.Recorded(2);
        Assert.Equal([20_000L, 20_000L], bench.Sold.Select(record => record.Sale!.Total.Dong));
    }

    [Fact]
    public async Task The_line_cut_after_every_byte_of_a_dump_leaves_every_sale_once()
    {
        PlayedLine.Cable whole;
        await using (EutronBench measure = new())
        {
            measure.Log.Add(FlowBytes.Sale(1, Noon), FlowBytes.Sale(2, Noon));
            measure.Start();
            whole = measure.Line.Plug(new PlayedSerial(measure.Log));
            await measure.Recorded(2);
            await measure.Quiet(looks: 2);
        }

        int length = whole.Through;
        Assert.InRange(length, 300, 3_000);
        for (int cut = 1; cut < length; cut++)
        {
            await using EutronBench bench = new();
            bench.Log.Add(FlowBytes.Sale(1, Noon), FlowBytes.Sale(2, Noon));
            bench.Start().Plug(cutAfter: cut);
            bench.Plug();
            await bench.Recorded(2);
            Assert.Equal([1L, 2], bench.Numbers());
            Assert.Equal(2, bench.Sold.Count());
            Assert.Empty(bench.Recorder.Gaps);
        }
    }

    [Fact]
    public async Task Another_content_under_a_recorded_number_is_handed_over_once_for_the_recorder_to_keep()
    {
        await using EutronBench bench = new();
        bench.Log.Add(FlowBytes.Sale(1, Noon), FlowBytes.Sale(2, Noon));
        PlayedLine.Cable cable = bench.StartPlugged();
        await bench.Recorded(2);
        await bench.Quiet();
        cable.Pull();
        bench.Log.Replace(5, FlowBytes.Plu(1, 1_000, 19_000));
        bench.Log.Replace(7, FlowBytes.End(2, 19_000, Noon));
        bench.Log.Add(FlowBytes.Sale(4, Noon)); // number 3 is missing, so the log is read from its head
        bench.Plug();
        await bench.Until(() => bench.Recorder.Conflicts == 1);
        await bench.Recorded(3);
        await bench.Quiet();
        Assert.Equal(1, bench.Recorder.Conflicts);
        Assert.Equal([1L, 2, 4], bench.Numbers());
    }

    /// <summary>
    /// Two bytes of one record change together, so that the frame's sum stays, and what they say shows in no total. When the log is read again
    /// from its head the receipt is known all the same: nothing is recorded twice, and the line goes on.
    /// </summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public async Task A_receipt_that_was_read_otherwise_before_is_known_again(int receipt, bool isItsBeginning)
    {
        await using EutronBench bench = new();
        bench.Log.Add(Receipt(1), Receipt(2), Receipt(3));
        bench.Start().Plug(new PlayedSerial(bench.Log) { Damages = isItsBeginning ? Unseen(Receipt(receipt)[0], 13, 12) : Unseen(Receipt(receipt)[1], 9, 8) });
        await bench.Recorded(3);
        await bench.Quiet();
        bench.Log.Add(Receipt(5)); // number 4 is missing, so the log is read from its head
        await bench.Recorded(4);
        await bench.Quiet();

        Assert.Equal([1L, 2, 3, 5], bench.Numbers());
        Assert.NotEqual(Sha256Hash.Of(Receipt(receipt).SelectMany(record => record).ToArray()), bench.Sold.Single(record => record.Key.Sequence == (ulong)receipt).Hash);
        Assert.Equal((0, 1), (bench.Recorder.Conflicts, bench.Recorder.Records.Select(record => record.Key.Epoch).Distinct().Count()));
        Assert.Equal([(4UL, 4UL)], bench.Recorder.Gaps);
    }

    /// <summary>The last one has another total now, and an older one was read with another time: only the first of these is for the recorder to keep.</summary>
    [Fact]
    public async Task A_changed_receipt_is_handed_over_whatever_was_read_otherwise_before_it()
    {
        await using EutronBench bench = new();
        bench.Log.Add(Receipt(1), Receipt(2), Receipt(3));
        bench.Start().Plug(new PlayedSerial(bench.Log) { Damages = Unseen(Receipt(1)[0], 13, 12) });
        await bench.Recorded(3);
        await bench.Quiet();
        bench.Log.Replace(9, FlowBytes.Plu(1, 1_000, 19_000));
        bench.Log.Replace(11, FlowBytes.End(3, 19_000, At(13)));
        bench.Log.Add(Receipt(5));
        await bench.Until(() => bench.Recorder.Conflicts == 1);
        await bench.Recorded(4);
        Assert.Equal([1L, 2, 3, 5], bench.Numbers());
    }

    /// <summary>A counter and a clock that were set back together: two receipts have the same number and time, and both are sales.</summary>
    [Theory]
    [InlineData(2000)]
    [InlineData(2026)]
    public async Task Number_and_time_of_a_known_receipt_are_those_of_a_new_one_behind_the_last(int year)
    {
        DateTime first = new(year, 1, 1, 0, 0, 30, DateTimeKind.Unspecified);
        await using EutronBench bench = new();
        bench.Log.Add(FlowBytes.Sale(1, first, 11_000), FlowBytes.Sale(2, first.AddMinutes(1), 12_000), FlowBytes.Sale(3, first.AddMinutes(2), 13_000));
        bench.Start().Plug();
        await bench.Recorded(3);
        await bench.Quiet();
        bench.Log.Add(FlowBytes.Sale(1, first, 21_000), FlowBytes.Sale(2, first.AddMinutes(1), 22_000));
        await bench.Recorded(5);
        Assert.Equal([11_000L, 12_000, 13_000, 21_000, 22_000], bench.Sold.Select(record => record.Sale!.Total.Dong).Order());
    }

    /// <summary>A clock that lost its battery begins at 2000 again and again: where nothing else is left in the log, its times prove nothing.</summary>
    [Fact]
    public async Task Number_and_time_of_a_clock_that_was_never_set_make_no_receipt_a_known_one()
    {
        DateTime never = new(2000, 1, 1, 0, 0, 30, DateTimeKind.Unspecified);
        await using EutronBench bench = new();
        bench.Log.Add(FlowBytes.Sale(1, never, 11_000), FlowBytes.Sale(2, never.AddMinutes(1), 12_000));
        bench.Start().Plug();
        await bench.Recorded(2);
        await bench.Quiet();
        bench.Log.Drop(8);
        bench.Log.Add(FlowBytes.Sale(1, never, 21_000));
        await bench.Until(() => bench.Driver.Status.Phase == DriverPhase.Stopped, "a person is asked");
        bench.Behind.Release();
        await bench.Recorded(3);
        Assert.Equal([11_000L, 12_000, 21_000], bench.Sold.Select(record => record.Sale!.Total.Dong).Order());
    }

    private static DateTime At(int minutes) => Noon.AddMinutes(minutes);

    /// <summary>A receipt that differs in amount and time from every other one.</summary>
    private static List<byte[]> Receipt(int number) => FlowBytes.Sale(number, At(10 + number), 20_000 + number);

    /// <summary>
    /// One byte of a record goes up and another down at its second reading, the one that is recorded: the first is that of a register that is met.
    /// </summary>
    private static Func<int, byte[], byte[]> Unseen(byte[] record, int up, int down)
    {
        const int Before = 2; // length and filler
        int readings = 0;
        return (_, frame) =>
        {
            if (frame.AsSpan(Before..^1).SequenceEqual(record) && ++readings == 2)
            {
                frame[Before + up]++;
                frame[Before + down]--;
            }

            return frame;
        };
    }
}
