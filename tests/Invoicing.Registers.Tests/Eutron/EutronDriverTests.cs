using Invoicing.Registers.Drivers;
using Invoicing.Sales;
using static Invoicing.Registers.Tests.Eutron.EutronBench;

namespace Invoicing.Registers.Tests.Eutron;

/// <summary>The driver with a played register on a line in memory and virtual time: what it pulls, when, and of whom.</summary>
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
    public async Task Another_register_on_the_line_is_told_apart()
    {
        await using EutronBench bench = new();
        bench.Options = new() { FromBeginning = true, Register = new("COUNTER-1") };
        bench.Log.Add(FlowBytes.Sale(1, Noon));
        PlayedLine.Cable cable = bench.StartPlugged();
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
        bench.Recorder.Standing = hello => bench.FirstContact(hello);
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
        bench.Recorder.Standing = hello => bench.FirstContact(hello);
        bench.Start().Plug();
        await bench.Until(() => bench.Driver.Status.Phase == DriverPhase.Open);
        bench.Log.Add(FlowBytes.Sale(1, Noon));
        await bench.Recorded(1);
        Assert.Equal([1L], bench.Numbers());
        Assert.Empty(bench.Recorder.Gaps);
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

    private sealed class Deaf : PlayedRegister
    {
        internal override void Take(ReadOnlySpan<byte> bytes, List<byte> answer)
        {
            // It hears nothing and says nothing.
        }
    }
}
