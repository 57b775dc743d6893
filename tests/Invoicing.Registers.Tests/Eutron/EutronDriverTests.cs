using Invoicing.Hashing;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Eutron;
using Invoicing.Registers.Eutron.Records;
using Invoicing.Sales;
using static Invoicing.Registers.Tests.Eutron.EutronBench;

namespace Invoicing.Registers.Tests.Eutron;

/// <summary>The driver with a played register on a line in memory and virtual time: what hardware does, and what must come of it.</summary>
public sealed class EutronDriverTests
{
    [Fact]
    public async Task Receipts_are_pulled_with_their_names_and_later_ones_follow()
    {
        await using EutronBench bench = new();
        bench.Log.Add(FlowBytes.Sale(1, Noon), FlowBytes.Sale(2, Noon.AddMinutes(1), 35_000, code: 2));
        bench.Start().Plug();
        await bench.Recorded(2);
        bench.Log.Add(FlowBytes.Sale(3, Noon.AddMinutes(2)));
        await bench.Recorded(3);

        Assert.Equal([1L, 2, 3], bench.Numbers());
        Assert.Equal(["Ca phe sua da", "Banh mi", "Ca phe sua da"], bench.Sold.Select(record => record.Sale!.Lines[0].Name));
        Assert.Equal(["000001", "000002", "000003"], bench.Sold.Select(record => record.Sale!.ReceiptNumber));
        Assert.All(bench.Recorder.Records, record => Assert.Equal(new RegisterId("EUTRON-7"), record.Key.Register));
        Assert.Single(bench.Recorder.Records.Select(record => record.Key.Epoch).Distinct());
        Assert.Equal((DriverPhase.Open, 3UL, null), (bench.Driver.Status.Phase, bench.Driver.Status.Durable, bench.Driver.Status.Trouble));
    }

    [Fact]
    public async Task The_register_s_pointer_passes_a_receipt_only_after_its_commit()
    {
        await using EutronBench bench = new();
        bench.Start().Plug();
        await bench.Until(() => bench.Driver.Status.Trouble is not null); // empty: no identity yet
        List<int> pointers = [];
        bench.Recorder.BeforeRecord = _ =>
        {
            pointers.Add(bench.Log.Pointer);
            return Task.CompletedTask;
        };
        bench.Log.Add(FlowBytes.Sale(1, Noon), FlowBytes.Sale(2, Noon));
        bench.Plug();
        await bench.Recorded(2);
        await bench.Quiet();

        Assert.Equal([3, 7], pointers); // END of each is held back
        Assert.Equal(8, bench.Log.Pointer);
        Assert.Equal([1L, 2], bench.Numbers());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task Bytes_may_come_in_any_pieces(int chunk)
    {
        await using EutronBench bench = new();
        bench.Log.Add(FlowBytes.Sale(1, Noon), FlowBytes.Sale(2, Noon));
        bench.Start().Plug(chunk: chunk);
        await bench.Recorded(2);
        Assert.Equal([1L, 2], bench.Numbers());
    }

    [Fact]
    public async Task A_lost_acceptance_brings_a_record_again_and_each_sale_once()
    {
        for (int lost = 0; lost < 30; lost++)
        {
            int which = lost;
            await using EutronBench bench = new();
            bench.Log.Add(FlowBytes.Sale(1, Noon), FlowBytes.Sale(2, Noon), FlowBytes.Sale(3, Noon));
            bench.Start().Plug().LosesAck = ack => ack == which;
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
            bench.Start().Plug().Damages = (frame, bytes) =>
            {
                if (frame == which)
                {
                    bytes[^2] ^= 0x10;
                }

                return bytes;
            };
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
        bench.Start().Plug().Damages = (_, bytes) =>
        {
            if (bytes.Length == 24 && hits++ == flipped)
            {
                bytes[16] += 1; // the amount's first digits
                bytes[10] -= 1; // and the department: the sum stays
            }

            return bytes;
        };
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
            await measure.Quiet();
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
    public async Task A_ring_that_ran_over_is_a_named_gap()
    {
        await using EutronBench bench = new();
        bench.Log.Add(FlowBytes.Sale(1, Noon));
        PlayedLine.Cable cable = Start(bench);
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

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task The_counter_goes_round_behind_999999(int first)
    {
        await using EutronBench bench = new();
        bench.Options = new() { FromBeginning = false };
        bench.Recorder.Standing = hello => FirstContact(bench, hello);
        bench.Log.Add(FlowBytes.Sale(999_998, Noon));
        PlayedLine.Cable cable = Start(bench);
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

    [Fact]
    public async Task A_name_that_changed_between_sale_and_pull_is_that_of_the_sale()
    {
        await using EutronBench bench = new();
        bench.Log.Add(FlowBytes.Sale(1, Noon));
        PlayedLine.Cable cable = Start(bench);
        await bench.Recorded(1);
        await bench.Quiet();
        cable.Pull();
        await bench.StopAsync();

        bench.Log.Add(FlowBytes.Sale(2, Noon)); // rung up as coffee
        bench.Log.Name(1, "Tra da");
        bench.Start().Plug();
        await bench.Recorded(2);
        await bench.Until(() => bench.Log.TablesTold >= 2, "names read again"); // at the first quiet moment
        bench.Log.Add(FlowBytes.Sale(3, Noon));
        await bench.Recorded(3);

        Assert.Equal(["Ca phe sua da", "Ca phe sua da", "Tra da"], bench.Sold.Select(record => record.Sale!.Lines[0].Name));
    }

    [Fact]
    public async Task An_article_that_is_not_known_and_a_changed_price_list_make_the_names_be_read_again()
    {
        await using EutronBench bench = new();
        bench.Log.Add(FlowBytes.Sale(1, Noon));
        bench.Start().Plug();
        await bench.Recorded(1);
        await bench.Quiet();
        bench.Log.Name(9, "Kem");
        bench.Log.Add(FlowBytes.Sale(2, Noon, code: 9));
        await bench.Recorded(2);
        await bench.Quiet();
        bench.Log.Name(9, "Kem dua");
        bench.Log.Add([FlowBytes.PriceList()], FlowBytes.Sale(3, Noon, code: 9), FlowBytes.Sale(4, Noon, code: 55), FlowBytes.Sale(5, Noon, code: 55));
        await bench.Recorded(5);

        Assert.Equal(["Ca phe sua da", "Kem", "Kem dua", "", ""], bench.Sold.Select(record => record.Sale!.Lines[0].Name));
        Assert.Equal([1L, 2, 3, 4, 5], bench.Numbers());
        Assert.InRange(bench.Log.TablesTold, 4, 5); // not once more for what the table does not have
    }

    [Fact]
    public async Task A_register_that_does_not_tell_its_table_sells_on_without_names()
    {
        await using EutronBench bench = new();
        bench.Log.TellsTables = false;
        bench.Log.Add(FlowBytes.Sale(1, Noon));
        bench.Start().Plug();
        await bench.Recorded(1);
        Assert.Equal(string.Empty, bench.Sold.Single().Sale!.Lines[0].Name);
        Assert.True(bench.Driver.Status.Counters["tables not told"] > 0);
    }

    [Fact]
    public async Task A_receipt_that_is_not_closed_yet_waits_and_is_taken_whole()
    {
        await using EutronBench bench = new();
        List<byte[]> second = FlowBytes.Sale(2, Noon);
        bench.Log.Add(FlowBytes.Sale(1, Noon), second[..2]);
        bench.Start().Plug();
        await bench.Recorded(1);
        await bench.Quiet();
        Assert.Single(bench.Recorder.Records);
        bench.Log.Add(second[2..]);
        await bench.Recorded(2);
        Assert.Equal(2, bench.Sold.Count());
    }

    [Fact]
    public async Task Power_lost_in_a_receipt_has_its_place_and_is_no_sale()
    {
        await using EutronBench bench = new();
        bench.Log.Add(FlowBytes.Sale(1, Noon), FlowBytes.Sale(2, Noon)[..2], FlowBytes.Sale(3, Noon));
        bench.Start().Plug();
        await bench.Recorded(3);
        Assert.Equal([RecordKind.Sale, RecordKind.PowerLoss, RecordKind.Sale], bench.Recorder.Records.Select(record => record.Kind));
        Assert.Equal([1L, 2, 3], bench.Numbers());
    }

    [Fact]
    public async Task Another_content_under_a_recorded_number_is_handed_over_once_for_the_recorder_to_keep()
    {
        await using EutronBench bench = new();
        bench.Log.Add(FlowBytes.Sale(1, Noon), FlowBytes.Sale(2, Noon));
        PlayedLine.Cable cable = Start(bench);
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

    [Fact]
    public async Task Another_register_on_the_line_is_told_apart()
    {
        await using EutronBench bench = new();
        bench.Options = new() { FromBeginning = true, Register = new("COUNTER-1") };
        bench.Log.Add(FlowBytes.Sale(1, Noon));
        PlayedLine.Cable cable = Start(bench);
        await bench.Recorded(1);
        cable.Pull();
        bench.Log.Number = 9;
        bench.Log.Add(FlowBytes.Sale(2, Noon));
        bench.Plug();
        await bench.Until(() => bench.Driver.Status.Trouble?.Contains("expected the register with ECR number 7, found 9", StringComparison.Ordinal) == true);
        Assert.Single(bench.Recorder.Records);
    }

    [Fact]
    public async Task What_was_rung_up_before_the_first_contact_is_one_gap_unless_asked_for()
    {
        await using EutronBench bench = new();
        bench.Options = new() { FromBeginning = false };
        bench.Recorder.Standing = hello => FirstContact(bench, hello);
        bench.Log.Add(FlowBytes.Sale(41, Noon), FlowBytes.Sale(42, Noon));
        bench.Start().Plug();
        await bench.Until(() => bench.Recorder.Gaps.Count == 1);
        bench.Log.Add(FlowBytes.Sale(43, Noon));
        await bench.Recorded(1);
        Assert.Equal([(1UL, 42UL)], bench.Recorder.Gaps);
        Assert.Equal([43L], bench.Numbers());
    }

    [Fact]
    public async Task A_new_register_is_read_from_its_first_receipt()
    {
        await using EutronBench bench = new();
        bench.Options = new() { FromBeginning = false, Register = new("COUNTER-1") };
        bench.Recorder.Standing = hello => FirstContact(bench, hello);
        bench.Start().Plug();
        await bench.Until(() => bench.Driver.Status.Phase == DriverPhase.Open);
        bench.Log.Add(FlowBytes.Sale(1, Noon));
        await bench.Recorded(1);
        Assert.Equal([1L], bench.Numbers());
        Assert.Empty(bench.Recorder.Gaps);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_tcp_dialect_brings_every_sale_once_and_waits_while_a_sale_is_open(bool numbersEmpty)
    {
        await using EutronBench bench = new();
        bench.Options = new() { FromBeginning = true, IsTcp = true };
        for (int receipt = 1; receipt <= 20; receipt++)
        {
            bench.Log.Add(FlowBytes.Sale(receipt, Noon.AddMinutes(receipt)));
        }

        bench.Start();
        PlayedLine.Cable first = bench.Line.Plug(new PlayedTcp(bench.Log, numbersEmpty), chunk: 7);
        await bench.Recorded(20);
        bench.Log.IsBusy = true;
        bench.Log.Add(FlowBytes.Sale(21, Noon));
        await bench.Until(() => bench.Driver.Status.Counters.GetValueOrDefault("busy") > 2);
        Assert.Null(bench.Driver.Status.Trouble);
        Assert.Equal(20, bench.Recorder.Records.Count);
        bench.Log.IsBusy = false;
        await bench.Recorded(21);
        first.Pull();
        bench.Log.Add(FlowBytes.Sale(22, Noon));
        bench.Line.Plug(new PlayedTcp(bench.Log, numbersEmpty));
        await bench.Recorded(22);

        Assert.Equal(Enumerable.Range(1, 22).Select(n => (long)n), bench.Numbers());
        Assert.Equal("Ca phe sua da", bench.Sold.Last().Sale!.Lines[0].Name);
        Assert.Empty(bench.Recorder.Gaps);
    }

    [Fact]
    public async Task The_tcp_dialect_cut_after_every_byte_leaves_every_sale_once()
    {
        for (int cut = 1; cut < 420; cut++)
        {
            await using EutronBench bench = new();
            bench.Options = new() { FromBeginning = true, IsTcp = true };
            bench.Log.Add(FlowBytes.Sale(1, Noon), FlowBytes.Sale(2, Noon));
            bench.Start();
            bench.Line.Plug(new PlayedTcp(bench.Log), cut);
            bench.Line.Plug(new PlayedTcp(bench.Log));
            await bench.Recorded(2);
            Assert.Equal([1L, 2], bench.Numbers());
        }
    }

    [Fact]
    public async Task A_silent_register_is_told_in_one_sentence()
    {
        await using EutronBench bench = new();
        bench.Start().Plug(cutAfter: int.MaxValue);
        bench.Line.Plug(new Deaf());
        await bench.Until(() => bench.Driver.Status.Trouble?.Contains("set 'register'", StringComparison.Ordinal) == true);
        await bench.Until(() => bench.Driver.Status.Trouble?.Contains("found silence", StringComparison.Ordinal) == true);
    }

    private static PlayedLine.Cable Start(EutronBench bench)
    {
        bench.Start();
        return bench.Line.Plug(new PlayedSerial(bench.Log));
    }

    private static RegisterStanding.Open? FirstContact(EutronBench bench, RegisterHello hello) =>
        bench.Recorder.Records.Count == 0 && bench.Recorder.Gaps.Count == 0
            ? new RegisterStanding.Open(0) { IsFirstContact = true }
            : null;

    private static ReceiptMark MarkOf(IEnumerable<byte[]> records)
    {
        ReceiptAssembler assembler = new();
        return ReceiptMark.Of(records.Select(record => assembler.Take(FlowRecord.Read(record))).OfType<LogReceipt>().Single());
    }

    private sealed class Deaf : PlayedRegister
    {
        internal override void Take(ReadOnlySpan<byte> bytes, List<byte> answer)
        {
            // It hears nothing and says nothing.
        }
    }
}
