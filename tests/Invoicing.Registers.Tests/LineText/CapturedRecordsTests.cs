using System.Text;
using Invoicing.Amounts;
using Invoicing.Hashing;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Tests.Tlk;
using Invoicing.Sales;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.LineText;

/// <summary>A text "S5 …" is the sale with number 5, "K…" a kitchen slip, "?…" cannot be read.</summary>
public sealed class CapturedRecordsTests
{
    private readonly MemoryCaptureBook _book = new(new("PRN-1"), 77);
    private readonly FakeRecorder _recorder = new();
    private readonly ManualTime _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sale_is_kept_judged_and_recorded_and_its_outcome_told()
    {
        CapturedRecords records = New();
        await using Running running = new(records);

        TakenCapture taken = await Take(records, "S1");

        Assert.Equal((CaptureClass.Sale, 1UL), (taken.Piece.Class, taken.Piece.RecordSequence!.Value));
        Assert.IsType<RecordOutcome.Issued>(await taken.Outcome.Soon());
        RegisterRecord record = Assert.Single(_recorder.Records);
        Assert.Equal((new SaleKey(new("PRN-1"), 77, 1), Sha256Hash.Of("S1"u8)), (record.Key, record.Hash));
        Assert.Equal(new CaptureProgress(DriverPhase.Open, 1, null), await Progress(records, 1));
    }

    [Fact]
    public async Task What_is_no_sale_has_no_record_and_no_wait()
    {
        CapturedRecords records = New();
        await using Running running = new(records);

        TakenCapture slip = await Take(records, "K");
        await (await Take(records, "S1")).Outcome.Soon();
        TakenCapture again = await Take(records, "S1");

        Assert.Null(await slip.Outcome.Soon());
        Assert.Equal((CaptureClass.Reprint, 2L), (again.Piece.Class, again.Piece.FirstSeen!.Value));
        Assert.Null(await again.Outcome.Soon());
        Assert.Single(_recorder.Records);
        Assert.Equal(1, records.Counters.Snapshot()["kitchen slips"]);
        Assert.Equal(1, records.Counters.Snapshot()["reprints"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task After_a_crash_at_any_point_each_sale_is_one_record(int crash)
    {
        CapturedRecords records = New();
        if (crash == 0)
        {
            _book.BeforeJudge = static () => throw new IOException("the power went");
            await Assert.ThrowsAsync<IOException>(() => Take(records, "S1")); // kept, not judged
            _book.BeforeJudge = static () => { };
        }
        else if (crash == 1)
        {
            await Take(records, "S1"); // judged, nobody offers it
        }
        else
        {
            await using Running first = new(records);
            await (await Take(records, "S1")).Outcome.Soon(); // recorded
        }

        CapturedRecords after = New();
        await using Running running = new(after);
        await (await Take(after, "S2")).Outcome.Soon();

        Assert.Equal([1UL, 2UL], _recorder.Records.Select(record => record.Key.Sequence));
        Assert.Equal([Sha256Hash.Of("S1"u8), Sha256Hash.Of("S2"u8)], _recorder.Records.Select(record => record.Hash));
        Assert.Equal(0, _recorder.Conflicts);
    }

    [Fact]
    public async Task While_recording_is_not_possible_pieces_are_kept_and_judged_and_then_recorded_in_order()
    {
        int refused = 0;
        _recorder.BeforeRecord = _ => ++refused <= 3 ? throw new InvoicingException("the clock is not plausible", isTransient: true) : Task.CompletedTask;
        CapturedRecords records = New();
        await using Running running = new(records);

        TakenCapture first = await Take(records, "S1");
        TakenCapture slip = await Take(records, "K");
        TakenCapture second = await Take(records, "S2");
        await Waiting.Until(() => records.Progress.Trouble is not null, "told");
        Assert.Equal("recording waits: the clock is not plausible; what was captured is kept", records.Progress.Trouble);
        Assert.Equal(CaptureClass.Kitchen, slip.Piece.Class);
        await Waiting.Until(() => Passed(second.Outcome), "recorded");

        Assert.IsType<RecordOutcome.Issued>(await first.Outcome.Soon());
        Assert.Equal([1UL, 2UL], _recorder.Records.Select(record => record.Key.Sequence));
        Assert.Null((await Progress(records, 2)).Trouble);
    }

    [Fact]
    public async Task What_retention_took_before_it_was_recorded_is_named_as_a_gap()
    {
        CapturedRecords before = New();
        for (int i = 1; i <= 4; i++)
        {
            await Take(before, $"S{i}");
        }

        _book.Delete(1);
        _book.Delete(2);
        CapturedRecords records = New();
        await using Running running = new(records);
        await Progress(records, 4);

        Assert.Equal([(1UL, 2UL)], _recorder.Gaps);
        Assert.Equal([3UL, 4UL], _recorder.Records.Select(record => record.Key.Sequence));
    }

    [Fact]
    public async Task A_stopped_register_waits_for_a_person_and_goes_on_after_the_release()
    {
        bool isStopped = true;
        _recorder.Standing = _ => isStopped ? new RegisterStanding.Stopped("other content") : null;
        CapturedRecords records = New();
        await using Running running = new(records);
        TakenCapture taken = await Take(records, "S1");
        await Waiting.Until(() => records.Progress.Phase == DriverPhase.Stopped, "stopped");
        Assert.Contains("registers release", records.Progress.Trouble, StringComparison.Ordinal);

        isStopped = false;
        await Waiting.Until(() => Passed(taken.Outcome), "recorded");
        Assert.IsType<RecordOutcome.Issued>(await taken.Outcome.Soon());
    }

    [Fact]
    public async Task Another_content_under_a_recorded_place_is_a_conflict_that_is_told_once()
    {
        SaleKey key = new(new("PRN-1"), 77, 1);
        RegisterRecord other = Read(new(1, default, true, CaptureClass.Sale, "") { Bytes = "S9"u8.ToArray() }).Record(key);
        await _recorder.RecordAsync(other, Cancel);
        _recorder.Standing = hello => _recorder.Conflicts == 0 ? new RegisterStanding.Open(0) : null;
        CapturedRecords records = New();
        await using Running running = new(records);

        TakenCapture taken = await Take(records, "S1");

        Assert.IsType<RecordOutcome.Conflict>(await taken.Outcome.Soon());
        Assert.IsType<RecordOutcome.Issued>(await (await Take(records, "S2")).Outcome.Soon());
        Assert.Equal(1, _recorder.Conflicts);
    }

    [Fact]
    public async Task A_conflict_that_nobody_stops_the_line_for_is_not_offered_in_a_circle()
    {
        SaleKey key = new(new("PRN-1"), 77, 1);
        RegisterRecord other = Read(new(1, default, true, CaptureClass.Sale, "") { Bytes = "S9"u8.ToArray() }).Record(key);
        await _recorder.RecordAsync(other, Cancel);
        int asked = 0;
        _recorder.Standing = _ => Interlocked.Increment(ref asked) < 100 ? new RegisterStanding.Open(0) : new RegisterStanding.Waiting("enough");
        CapturedRecords records = New();
        await using Running running = new(records);

        Assert.IsType<RecordOutcome.Conflict>(await (await Take(records, "S1")).Outcome.Soon());

        // Each piece that comes wakes it once; no time passes here.
        await Take(records, "K");
        await Waiting.Until(() => records.Counters.Snapshot()["conflicts"] == _recorder.Conflicts, "calm");
        Assert.InRange(asked, 1, 10);
    }

    [Fact]
    public async Task Three_pieces_in_a_row_that_cannot_be_read_are_an_alarm_and_a_good_one_ends_it()
    {
        CapturedRecords records = New();
        await Take(records, "?1");
        await Take(records, "?2");
        Assert.Null(records.Alarm);
        await Take(records, "?3");
        Assert.StartsWith("3 pieces in a row could not be read as receipts (the last: NotRead: no total)", records.Alarm, StringComparison.Ordinal);
        await Take(records, "S1");
        Assert.Null(records.Alarm);
    }

    [Fact]
    public void Two_percent_of_an_hour_is_an_alarm_and_older_ones_are_forgotten()
    {
        CaptureAlarm alarm = new();
        DateTimeOffset at = _time.GetUtcNow();
        for (int i = 0; i < 98; i++)
        {
            alarm.Add(at.AddSeconds(i), i is 10 ? CaptureClass.TotalsDiffer : CaptureClass.Sale, "text");
            Assert.Null(alarm.Text);
        }

        alarm.Add(at.AddSeconds(98), CaptureClass.ImageOnly, "a picture");
        Assert.StartsWith("2 of the last hour's 99 pieces", alarm.Text, StringComparison.Ordinal);
        alarm.Add(at.AddSeconds(3_611), CaptureClass.Sale, "text");
        Assert.Null(alarm.Text);
    }

    private static CaptureReading Read(KeptCapture piece)
    {
        string text = Encoding.UTF8.GetString(piece.Bytes.Span);
        CaptureJudgement judgement = text[0] switch
        {
            'S' => new(CaptureClass.Sale, "a receipt", text, TakesRecord: true),
            'K' => new(CaptureClass.Kitchen, "an order", null, TakesRecord: false),
            _ => new(CaptureClass.NotRead, "no total", null, TakesRecord: false),
        };
        return new(judgement, key => new()
        {
            Key = key,
            Kind = RecordKind.Sale,
            Hash = Sha256Hash.Of(piece.Bytes.Span),
            Bytes = piece.Bytes,
            Sale = new() { Key = key, Total = new Money(1) },
        });
    }

    private static Task<TakenCapture> Take(CapturedRecords records, string text) =>
        records.TakeAsync(new(2026, 7, 1, 8, 0, 0, TimeSpan.Zero), true, Encoding.UTF8.GetBytes(text), Cancel).Soon();

    private CapturedRecords New() => new(_book, Read, _recorder, _time, NullLogger.Instance);

    private bool Passed(Task task)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return task.IsCompleted;
    }

    private async Task<CaptureProgress> Progress(CapturedRecords records, ulong durable)
    {
        await Waiting.Until(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return records.Progress.Durable == durable;
            },
            $"durable up to {durable}");
        return records.Progress;
    }

    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _task;

        public Running(CapturedRecords records) => _task = records.RunAsync(_stop.Token);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _task.Soon());
            _stop.Dispose();
        }
    }
}
