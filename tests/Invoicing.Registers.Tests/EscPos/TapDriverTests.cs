using System.Text;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.EscPos.Tap;
using Invoicing.Registers.Tests.Tlk;
using Invoicing.Sales;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.EscPos;

public sealed class TapDriverTests
{
    private static readonly byte[] Receipt = JobScript.Receipt("17").Cut().Bytes;

    [Fact]
    public async Task Observed_bytes_pass_unchanged_both_ways_and_the_sale_is_recorded_beside()
    {
        await using TapBench bench = new(TapBench.Options(TapMode.Observe));
        byte[] job = JobScript.Receipt("17").Raster(72, 100, i => (byte)(i & 255)).Cut().Pulse().Bytes;
        foreach (byte[] part in job.Chunk(7))
        {
            await bench.SendAsync(part);
        }

        await bench.Printer.WriteAsync(new byte[] { 0x16, 0x12 }, TestContext.Current.CancellationToken);
        await Waiting.Until(() => bench.Recorder.Records.Count == 1 && bench.Printed.Length == job.Length && bench.Heard.Length == 2, "recorded and passed on");

        Assert.Equal(job, bench.Printed);
        Assert.Equal([0x16, 0x12], bench.Heard);
        RegisterRecord record = bench.Recorder.Records[0];
        Assert.Equal(new SaleKey(new("TAP-1"), 0xE5C, 1), record.Key);
        Assert.Equal((55_000L, "17", 2), (record.Sale!.Total.Dong, record.Sale.ReceiptNumber!, record.Sale.Lines.Length));
        Assert.Equal(record.Hash, record.Sale.RecordHash);
    }

    [Fact]
    public async Task A_disk_that_hangs_does_not_hold_the_paper_and_what_is_lost_is_counted()
    {
        TaskCompletionSource disk = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TapBench bench = new(TapBench.Options(TapMode.Observe), new() { BeforeKeep = () => disk.Task });
        int sent = 0;
        for (; sent < 2000 && bench.Counted(TapCounters.LostCapture) == 0; sent++)
        {
            byte[] job = JobScript.Receipt($"{sent}").Raster(72, 1000).Cut().Bytes;
            int printed = bench.Printed.Length + job.Length;
            await bench.SendAsync(job);
            await Waiting.Until(() => bench.Printed.Length == printed, "printed");
        }

        Assert.True(bench.Counted(TapCounters.LostCapture) > 0);
        disk.SetResult();
        await bench.SendAsync(JobScript.Receipt("last").Cut().Bytes);
        await Waiting.Until(() => bench.Recorder.Records.Any(record => record.Sale?.ReceiptNumber == "last") || bench.Book.Classes.Contains(CaptureClass.Torn), "told");
        Assert.True(bench.Recorder.Records.Count(record => record.Sale is not null) <= sent);
    }

    [Fact]
    public async Task A_gate_prints_the_receipt_with_its_code_before_the_cut()
    {
        await using TapBench bench = new(TapBench.Options(TapMode.Gate));
        await bench.SendAsync(Receipt);
        await Waiting.Until(() => bench.Printed.Length > Receipt.Length, "printed");

        Assert.Equal(Receipt[..^4], bench.Printed[..(Receipt.Length - 4)]);
        Assert.Equal(Receipt[^4..], bench.Printed[^4..]);
        Assert.Contains("Ma CQT: M1-26-ABCDE-00000000001\nKy hieu: C26MAA  So: 1\n", bench.Paper, StringComparison.Ordinal);
        Assert.Contains("https://tracuu.example/1", bench.Paper, StringComparison.Ordinal);
        Assert.Single(bench.Recorder.Records);
    }

    [Fact]
    public async Task At_the_time_limit_the_gate_prints_plain_and_says_so_and_the_invoice_comes_later()
    {
        TaskCompletionSource recording = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TapBench bench = new(TapBench.Options(TapMode.Gate), null, new() { BeforeRecord = _ => recording.Task });
        await bench.SendAsync(Receipt);
        await Waiting.Until(() => bench.Book.Classes.Contains(CaptureClass.Sale), "judged");
        Assert.Empty(bench.Printed);

        bench.Time.Advance(TapOptions.DefaultTimeLimit);
        await Waiting.Until(() => bench.Printed.Length > Receipt.Length, "printed");
        Assert.Contains("NOT INVOICED", bench.Paper, StringComparison.Ordinal);
        Assert.Equal(1, bench.Counted(TapCounters.PrintedPlain));

        recording.SetResult();
        await Waiting.Until(() => bench.Counted(TapCounters.IssuedLate) == 1, "late");
        Assert.DoesNotContain("M1-26", bench.Paper, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_the_time_limit_a_gate_that_refuses_prints_a_slip_and_the_receipt_when_its_invoice_is_there()
    {
        TaskCompletionSource recording = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TapOptions options = TapBench.Options(TapMode.Gate) with { AtLimit = LimitChoice.Refuse };
        await using TapBench bench = new(options, null, new() { BeforeRecord = _ => recording.Task });
        await bench.SendAsync(Receipt);
        await Waiting.Until(() => bench.Book.Classes.Contains(CaptureClass.Sale), "judged");
        bench.Time.Advance(TapOptions.DefaultTimeLimit);
        await Waiting.Until(() => bench.Paper.Contains("NOT PRINTED", StringComparison.Ordinal), "refused");
        Assert.DoesNotContain("55.000", bench.Paper, StringComparison.Ordinal);

        recording.SetResult();
        await Waiting.Until(() => bench.Paper.Contains("M1-26-ABCDE-00000000001", StringComparison.Ordinal), "printed");
        Assert.Contains("55.000", bench.Paper, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Questions_and_the_drawer_do_not_wait_for_the_gate_and_are_not_said_twice()
    {
        TaskCompletionSource recording = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TapBench bench = new(TapBench.Options(TapMode.Gate), null, new() { BeforeRecord = _ => recording.Task });
        await Waiting.Until(() => bench.Tap.IsPrinterUp, "up");
        byte[] job = JobScript.Receipt("17").Raw(0x10, 4, 1).Line("x").Pulse().Cut().Bytes;
        await bench.SendAsync(job);
        await Waiting.Until(() => bench.Printed.Length == 8, "asked");
        Assert.Equal([0x10, 4, 1, 0x1B, (byte)'p', 0, 25, 250], bench.Printed);
        await bench.Printer.WriteAsync(new byte[] { 0x12 }, TestContext.Current.CancellationToken);
        await Waiting.Until(() => bench.Heard.Length == 1, "answered");

        recording.SetResult();
        await Waiting.Until(() => bench.Paper.Contains("M1-26", StringComparison.Ordinal), "printed");
        Assert.Equal(-1, bench.Printed.AsSpan(8).IndexOf([(byte)0x10, (byte)4]));
        Assert.Equal(-1, bench.Printed.AsSpan(8).IndexOf([(byte)0x1B, (byte)'p']));
        Assert.Equal(job, bench.Book.Kept[0].Bytes.ToArray());
    }

    [Fact]
    public async Task Jobs_print_in_their_order_and_what_is_no_sale_prints_as_it_is()
    {
        await using TapBench bench = new(TapBench.Options(TapMode.Gate));
        byte[] kitchen = new JobScript().Init().Lines("BẾP", "2 phở").Cut().Bytes;
        await bench.SendAsync([.. Receipt, .. kitchen, .. Receipt, .. JobScript.Receipt("18").Cut().Bytes]);
        await Waiting.Until(() => bench.Paper.Contains("00000000002", StringComparison.Ordinal), "printed");

        string paper = bench.Paper;
        Assert.Equal([CaptureClass.Sale, CaptureClass.Kitchen, CaptureClass.Reprint, CaptureClass.Sale], bench.Book.Classes);
        Assert.True(paper.IndexOf("00000000001", StringComparison.Ordinal) < paper.IndexOf("2 phở", StringComparison.Ordinal));
        Assert.True(paper.IndexOf("2 phở", StringComparison.Ordinal) < paper.IndexOf("00000000002", StringComparison.Ordinal));
        Assert.Contains(Encoding.UTF8.GetString(kitchen), paper, StringComparison.Ordinal);
        Assert.Equal(1, bench.Book.Kept[2].FirstSeen);
        Assert.Equal(2, bench.Recorder.Records.Count);
        Assert.DoesNotContain("NOT INVOICED", paper, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_whose_printing_was_cut_is_printed_again_as_a_whole_under_its_one_invoice()
    {
        await using TapBench bench = new(TapBench.Options(TapMode.Gate));
        await Waiting.Until(() => bench.Tap.IsPrinterUp, "up");
        await bench.Printer.PullAsync();
        await Waiting.Until(() => !bench.Tap.IsPrinterUp, "down");
        await bench.SendAsync(Receipt);
        await Waiting.Until(() => bench.Recorder.Records.Count == 1, "recorded");
        bench.PlugPrinter();
        await Waiting.Until(() => bench.Paper.Contains("M1-26-ABCDE-00000000001", StringComparison.Ordinal), "printed");
        Assert.Single(bench.Recorder.Records);
    }

    [Fact]
    public async Task A_virtual_printer_answers_and_what_is_printed_on_it_is_invoiced()
    {
        await using TapBench bench = new(TapBench.Options(TapMode.Virtual));
        await bench.SendAsync([0x10, 4, 1, 0x10, 4, 2, 0x10, 4, 3, 0x10, 4, 4, 0x1D, (byte)'r', 1, 0x1D, (byte)'a', 255, .. Receipt]);
        await Waiting.Until(() => bench.Recorder.Records.Count == 1, "recorded");
        await Waiting.Until(() => bench.Heard.Length == 9, "answered");

        Assert.Equal([0x12, 0x12, 0x12, 0x12, 0x00, 0x10, 0x00, 0x00, 0x00], bench.Heard);
        Assert.Equal("17", bench.Recorder.Records[0].Sale!.ReceiptNumber);
    }

    /// <summary>The line is cut after every byte of a receipt; the till then prints it again, whole. One sale, and the torn one is named.</summary>
    [Theory]
    [InlineData(TapMode.Observe)]
    [InlineData(TapMode.Gate)]
    [InlineData(TapMode.Virtual)]
    public async Task A_line_cut_after_every_byte_gives_one_sale_and_names_what_was_torn(TapMode mode)
    {
        byte[] receipt = new JobScript().Init().Lines("Số HĐ: 17", "--------", "Phở 30.000", "Tổng cộng 30.000").Cut().Bytes;
        for (int cut = 1; cut <= receipt.Length; cut++)
        {
            await using TapBench bench = new(TapBench.Options(mode));
            await bench.SendAsync(receipt[..cut]);
            bool isWhole = cut == receipt.Length;
            bool hasContent = cut > 2; // ESC @ leaves nothing on paper
            int sent = cut;
            await Waiting.Until(() => bench.Tap.TillBytes == sent, "read");
            await bench.Till.PullAsync();
            bench.PlugTill();
            await bench.SendAsync(receipt);
            await Waiting.Until(() => bench.Recorder.Records.Any(record => record.Sale is not null) && bench.Book.Classes.Count >= (hasContent ? 2 : 1)
                && !bench.Book.Classes.Contains(CaptureClass.Unjudged), $"recorded after {cut}");

            Assert.Single(bench.Recorder.Records, record => record.Sale is not null);
            Assert.Equal(isWhole ? [CaptureClass.Sale, CaptureClass.Reprint] : hasContent ? [CaptureClass.Torn, CaptureClass.Sale] : [CaptureClass.Sale], bench.Book.Classes);
            await Waiting.Until(() => bench.Recorder.Records.Count == (hasContent && !isWhole ? 2 : 1), "holes recorded");
        }
    }

    [Fact]
    public async Task What_was_kept_before_a_crash_is_recorded_after_it_once()
    {
        MemoryBook book = new();
        FakeRecorder recorder = new();
        TaskCompletionSource dead = new();
        recorder.BeforeRecord = record => record.Key.Sequence == 2 ? dead.Task : Task.CompletedTask;
        await using (TapBench before = new(TapBench.Options(TapMode.Observe), book, recorder))
        {
            await before.SendAsync([.. Receipt, .. JobScript.Receipt("18").Cut().Bytes, .. JobScript.Receipt("19").Cut().Bytes]);
            await Waiting.Until(() => book.Kept.Count == 3 && book.Classes.Count(c => c == CaptureClass.Sale) == 3, "kept");
            dead.SetException(new InvalidOperationException("the process ends here"));
            recorder.BeforeRecord = _ => Task.CompletedTask;
            before.Abandon();
        }

        await using TapBench after = new(TapBench.Options(TapMode.Observe), book, recorder);
        await Waiting.Until(() => recorder.Records.Count == 3, "recorded");
        Assert.Equal(["17", "18", "19"], recorder.Records.Select(record => record.Sale!.ReceiptNumber));
    }

    [Fact]
    public async Task Recording_that_is_not_possible_now_is_tried_again_while_prints_are_kept()
    {
        int refusals = 3;
        FakeRecorder recorder = new();
        recorder.BeforeRecord = _ => Interlocked.Decrement(ref refusals) >= 0 ? throw new InvoicingException("the disk is full", isTransient: true) : Task.CompletedTask;
        await using TapBench bench = new(TapBench.Options(TapMode.Observe), null, recorder);
        await bench.SendAsync([.. Receipt, .. JobScript.Receipt("18").Cut().Bytes]);
        await Waiting.Until(() => bench.Tap.Status.Trouble is not null && bench.Book.Kept.Count == 2, "waiting");
        Assert.Equal("recording waits: the disk is full; what was captured is kept", bench.Tap.Status.Trouble);
        await Waiting.Until(
            () =>
            {
                bench.Time.Advance(CapturedRecords.BusyPause);
                return recorder.Records.Count == 2;
            },
            "recorded");
        Assert.Null(bench.Tap.Status.Trouble);
    }

    [Fact]
    public async Task Three_unreadable_prints_in_a_row_are_an_alarm()
    {
        await using TapBench bench = new(TapBench.Options(TapMode.Observe));
        for (int i = 0; i < 3; i++)
        {
            await bench.SendAsync(new JobScript().Init().Raster(72, 50).Cut().Bytes);
        }

        await Waiting.Until(() => bench.Tap.Status.Trouble is not null, "alarmed");
        Assert.StartsWith("3 pieces in a row could not be read as receipts (the last: ImageOnly", bench.Tap.Status.Trouble!, StringComparison.Ordinal);
        await bench.SendAsync(Receipt);
        await Waiting.Until(() => bench.Tap.Status.Trouble is null, "quiet again");
        Assert.Equal((3, 1), (bench.Counted("pictures only"), bench.Counted("sales")));
    }

    [Fact]
    public async Task A_job_without_a_cut_ends_by_silence_only_where_the_printer_has_no_cutter()
    {
        byte[] job = JobScript.Receipt("17").Bytes;
        foreach (bool hasNoCutter in (bool[])[true, false])
        {
            await using TapBench bench = new(TapBench.Options(TapMode.Observe) with { JobsEndWithoutCut = hasNoCutter });
            await bench.SendAsync(job);
            await Waiting.Until(() => bench.Printed.Length == job.Length, "passed");
            await Waiting.Until(
                () =>
                {
                    bench.Time.Advance(TapOptions.DefaultIdleLimit);
                    return bench.Book.Classes.Count == 1 && !bench.Book.Classes.Contains(CaptureClass.Unjudged);
                },
                "judged");
            Assert.Equal([hasNoCutter ? CaptureClass.Sale : CaptureClass.Torn], bench.Book.Classes);
        }
    }

    [Fact]
    public async Task What_the_disk_took_and_could_not_judge_is_judged_later_and_recorded()
    {
        int refusals = 1;
        MemoryBook book = new()
        {
            BeforeJudge = () =>
            {
                if (Interlocked.Decrement(ref refusals) >= 0)
                {
                    throw new InvoicingException("the disk is full", isTransient: true);
                }
            },
        };
        await using TapBench bench = new(TapBench.Options(TapMode.Observe), book);
        await bench.SendAsync(Receipt);
        await Waiting.Until(
            () =>
            {
                bench.Time.Advance(CapturedRecords.BusyPause);
                return bench.Recorder.Records.Count == 1;
            },
            "recorded");
        Assert.Equal([CaptureClass.Sale], book.Classes);
        Assert.Equal(0, bench.Counted(TapCounters.NotKept));
    }

    [Fact]
    public async Task The_status_says_who_is_missing_what_may_be_lost_and_what_the_tap_can_do()
    {
        TapOptions refusing = TapBench.Options(TapMode.Gate) with { AtLimit = LimitChoice.Refuse, Template = null };
        await using TapBench gate = new(refusing);
        await Waiting.Until(() => gate.Tap.IsPrinterUp && gate.Tap.Status is { Phase: DriverPhase.Open, Trouble: null }, "open");
        DriverStatus status = gate.Tap.Status;
        Assert.Equal(DriverCapabilities.PushOnly | DriverCapabilities.HasNames | DriverCapabilities.CanBeToldBusy, status.Capabilities);
        Assert.Equal("it holds a receipt for 5 s at most; then a slip says so, and the receipt is printed when its invoice is there", status.Notes[0]);
        Assert.StartsWith("there is no template", status.Notes[1], StringComparison.Ordinal);

        await gate.Printer.PullAsync();
        await Waiting.Until(() => gate.Tap.Status.Trouble is not null, "told");
        Assert.StartsWith("expected a printer on ", gate.Tap.Status.Trouble, StringComparison.Ordinal);
        await gate.Till.PullAsync();
        await Waiting.Until(() => gate.Tap.Status.Phase == DriverPhase.Down, "down");
        Assert.StartsWith("expected a till on ", gate.Tap.Status.Trouble, StringComparison.Ordinal);

        await using TapBench observer = new(TapBench.Options(TapMode.Observe));
        Assert.Equal(DriverCapabilities.PushOnly | DriverCapabilities.HasNames, observer.Tap.Status.Capabilities);
        Assert.Equal("it looks on and nothing waits for it: one job can be lost if power fails between paper and disk", Assert.Single(observer.Tap.Status.Notes));
    }

    [Fact]
    public async Task Settings_that_cannot_work_are_told()
    {
        await using MemoryLine line = new();
        await using MemoryLine other = new() { IsTransparent = false };
        Assert.Contains("expected a printer's line", Fault((line, null), TapBench.Options(TapMode.Gate)), StringComparison.Ordinal);
        Assert.Contains("8 data bits", Fault((line, other), TapBench.Options(TapMode.Gate)), StringComparison.Ordinal);
        Assert.Contains("time limit of 0.5 to 60 s", Fault((line, line), TapBench.Options(TapMode.Gate) with { TimeLimit = TimeSpan.Zero }), StringComparison.Ordinal);

        static string Fault((MemoryLine Till, MemoryLine? Printer) lines, TapOptions options) => Assert.Throws<ArgumentException>(
            () => new TapDriver(lines, new FakeRecorder(), new MemoryBook(), options, TimeProvider.System, NullLogger<TapDriver>.Instance)).Message;
    }
}
