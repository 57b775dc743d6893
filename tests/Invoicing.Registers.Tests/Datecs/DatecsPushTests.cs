#pragma warning disable CA2000 // Cables in memory hold nothing.
using Invoicing.Registers.Datecs;
using Invoicing.Registers.Datecs.Isl;
using Invoicing.Registers.Datecs.Push;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Tests.Drivers;
using Invoicing.Registers.Tests.Tlk;
using Invoicing.Sales;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>Registers that push: the driver over a line in memory.</summary>
public sealed class DatecsPushTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly ManualTime _journalTime = new();
    private readonly LineRecorder _recorder = new();
    private readonly MemoryLine _line = new();
    private readonly PushDecoder _heard = new();
    private readonly PushScript _script = new();
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private JournalDriver? _driver;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Receipts_are_recorded_and_what_was_before_is_one_gap()
    {
        MemoryLine.End end = await OpenAsync();
        await SendAsync(end, _script.Receipt(42));
        await SendAsync(end, _script.Receipt(43));
        await UntilAsync(() => _recorder.Records.Count == 2, "recorded");
        Assert.Equal((1ul, 41ul), (_recorder.Gaps[0].First.Sequence, _recorder.Gaps[0].Last));
        Assert.Equal([42ul, 43], _recorder.Records.Select(r => r.Key.Sequence));
        Assert.Equal("123456", _driver!.Status.Register!.Value.Value);
    }

    [Fact]
    public async Task What_is_rung_up_while_the_line_is_down_is_named()
    {
        MemoryLine.End end = await OpenAsync();
        await SendAsync(end, _script.Receipt(1));
        await UntilAsync(() => _recorder.Records.Count == 1, "recorded");
        await end.PullAsync();
        _ = _script.Receipt(2);
        end = _line.Plug();
        await AnswerOpeningAsync(end);
        await SendAsync(end, _script.Receipt(4));
        await UntilAsync(() => _recorder.Records.Count == 2, "recorded");
        Assert.Equal((2ul, 3ul), (_recorder.Gaps[^1].First.Sequence, _recorder.Gaps[^1].Last));
        Assert.Contains("lost on the way", _recorder.Gaps[^1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_push_lost_is_fetched_from_the_journal_where_there_is_a_line_to_it()
    {
        MemoryLine.End end = await OpenAsync(WithJournal(n => n is 3 or 5 ? 33_000 : 90_000), _journalTime);
        await SendAsync(end, _script.Receipt(3));
        byte[][] torn = [.. _script.Receipt(4)];
        await SendAsync(end, [.. torn.Where((_, i) => i != 2)]);
        await SendAsync(end, _script.Receipt(5));
        await UntilAsync(() => _recorder.Records.Count == 5, "all recorded");
        Assert.Empty(_recorder.Gaps);
        Assert.Equal([90000L, 90000, 33000, 90000, 33000], _recorder.Records.Select(r => r.Sale!.Total.Dong));
    }

    /// <summary>Two lines can be plugged into two registers: nothing is taken from a journal that does not hold what was pushed.</summary>
    [Theory]
    [InlineData(90_000L, "found one over 90000 ₫")]
    [InlineData(null, "found none")]
    public async Task Nothing_is_fetched_from_the_journal_of_another_register(long? total, string found)
    {
        MemoryLine.End end = await OpenAsync(WithJournal(n => n < 3 ? 90_000 : total), _journalTime);
        await SendAsync(end, _script.Receipt(3));
        await UntilAsync(() => _driver!.Status.Notes.Any(note => note.Contains("look whether this line goes to the same register", StringComparison.Ordinal)), "told");
        Assert.Contains(_driver!.Status.Notes, note => note.Contains($"expected receipt 3 over 33000 ₫ in the journal, as the register pushed it, {found}", StringComparison.Ordinal));
        await UntilAsync(() => _recorder.Records.Count == 1, "recorded", _journalTime);
        Assert.Equal((1UL, 2UL), (_recorder.Gaps[0].First.Sequence, _recorder.Gaps[^1].Last));
        Assert.Equal(33_000, _recorder.Records[0].Sale!.Total.Dong);
    }

    [Fact]
    public async Task Numbers_that_begin_again_are_a_new_life_also_after_a_restart()
    {
        MemoryLine.End end = await OpenAsync();
        await SendAsync(end, _script.Receipt(9998));
        await SendAsync(end, _script.Receipt(9999));
        await SendAsync(end, _script.Receipt(1));
        await UntilAsync(() => _recorder.Records.Count == 3, "recorded");
        await StopAsync();
        end = await OpenAsync();
        await SendAsync(end, _script.Receipt(2));
        await UntilAsync(() => _recorder.Records.Count == 4, "recorded");
        Assert.Equal([9998ul, 9999, 1, 2], _recorder.Records.Select(r => r.Key.Sequence));
        Assert.Equal(_recorder.Records[2].Key.Epoch, _recorder.Records[3].Key.Epoch);
        Assert.NotEqual(_recorder.Records[1].Key.Epoch, _recorder.Records[2].Key.Epoch);
    }

    /// <summary>UN shows that messages were lost just then: what was rung up under the old numbers, if anything, is named first.</summary>
    [Fact]
    public async Task Numbers_that_begin_again_behind_lost_messages_name_what_may_be_lost()
    {
        MemoryLine.End end = await OpenAsync();
        await SendAsync(end, _script.Receipt(41));
        await SendAsync(end, _script.Receipt(42));
        _ = _script.Receipt(43);
        await SendAsync(end, _script.Receipt(1));
        await UntilAsync(() => _recorder.Records.Count == 3, "recorded");
        Assert.Equal((43ul, 9_999_999ul), (_recorder.Gaps[^1].First.Sequence, _recorder.Gaps[^1].Last));
        Assert.Equal([41ul, 42, 1], _recorder.Records.Select(r => r.Key.Sequence));
        Assert.NotEqual(_recorder.Records[1].Key.Epoch, _recorder.Records[2].Key.Epoch);
    }

    /// <summary>A number of zeros is the maker's, which every register has that nobody gave another.</summary>
    [Fact]
    public async Task A_register_that_bears_the_makers_number_is_refused()
    {
        MemoryLine.End end = await OpenAsync(new() { Variant = DatecsVariant.PushDp500, FromBeginning = true });
        await SendAsync(end, [.. _script.Receipt(1).Select(packet => packet.Select((b, i) => i is >= 6 and < 12 ? (byte)'0' : b).ToArray())]);
        await UntilAsync(() => _driver!.Status.Trouble?.Contains("a register without a number cannot be told from another", StringComparison.Ordinal) == true, "told");
        Assert.Empty(_recorder.Records);
    }

    [Fact]
    public async Task Where_numbers_begin_again_each_day_the_day_is_the_life()
    {
        MemoryLine.End end = await OpenAsync(new() { Variant = DatecsVariant.PushDp500, FromBeginning = true, RestartsAtDayClose = true });
        await SendAsync(end, _script.Receipt(1, day: 3));
        await SendAsync(end, _script.Receipt(2, day: 3));
        await SendAsync(end, _script.Receipt(3, day: 4));
        await UntilAsync(() => _recorder.Records.Count == 3, "recorded");
        Assert.Equal(_recorder.Records[0].Key.Epoch, _recorder.Records[1].Key.Epoch);
        Assert.NotEqual(_recorder.Records[1].Key.Epoch, _recorder.Records[2].Key.Epoch);
        Assert.Equal((1ul, 2ul), (_recorder.Gaps[^1].First.Sequence, _recorder.Gaps[^1].Last));
    }

    [Fact]
    public async Task Cash_into_the_drawer_fills_its_number_and_disturbs_none()
    {
        MemoryLine.End end = await OpenAsync(new() { Variant = DatecsVariant.PushDp500, FromBeginning = true });
        await SendAsync(end, _script.Receipt(1));
        await SendAsync(end, [_script.Event(0x8F, PushScript.Paid(6, 2, 1))]);
        await SendAsync(end, _script.Receipt(3));
        await UntilAsync(() => _recorder.Records.Count == 3, "recorded");
        Assert.Equal([RecordKind.Sale, RecordKind.NoSale, RecordKind.Sale], _recorder.Records.Select(r => r.Kind));
        Assert.Empty(_recorder.Gaps);
    }

    [Fact]
    public async Task A_question_for_goods_is_answered_also_while_recording_waits()
    {
        _recorder.Outcome = _ => new RecordOutcome.NotNow("the disk is full");
        MemoryLine.End end = await OpenAsync(new()
        {
            Variant = DatecsVariant.PushDp500,
            FromBeginning = true,
            Goods = code => code == "101" ? new("Cà phê sữa đá", 2, 29000) : null,
        });
        await SendAsync(end, _script.Receipt(1));
        await UntilAsync(() => _driver!.Status.Trouble?.Contains("the disk is full", StringComparison.Ordinal) == true, "waiting");
        await end.WriteAsync(DatecsVectors.Wire(DatecsVectors.Named("push PLU query")), TestContext.Current.CancellationToken);
        Assert.Equal(PushOperation.Answer, (await HearAsync(end)).Operation);
        await SendAsync(end, [new PushPacket(1, 0x84, 9, 0, "123456;7;999;"u8.ToArray()).ToBytes()]);
        PushPacket refusal = await HearAsync(end);
        Assert.Equal((PushOperation.Refuse, (byte)9), (refusal.Operation, refusal.Log));
    }

    [Fact]
    public async Task A_register_that_serves_others_says_so_and_is_tried_again()
    {
        Run(new() { Variant = DatecsVariant.PushDp500 });
        MemoryLine.End end = _line.Plug();
        await HearAsync(end);
        await end.WriteAsync(DatecsVectors.Wire(DatecsVectors.Named("push open refused: busy")), TestContext.Current.CancellationToken);
        await UntilAsync(() => _driver!.Status.Trouble?.Contains("three applications", StringComparison.Ordinal) == true, "told");
    }

    [Fact]
    public async Task A_register_that_does_not_answer_the_opening_is_told_in_one_sentence()
    {
        Run(new() { Variant = DatecsVariant.PushDp500 });
        MemoryLine.End end = _line.Plug();
        await HearAsync(end);
        await UntilAsync(() => _driver!.Status.Trouble?.Contains("ECR-server port", StringComparison.Ordinal) == true, "told");
    }

    [Fact]
    public async Task The_driver_says_goodbye()
    {
        MemoryLine.End end = await OpenAsync(new() { Variant = DatecsVariant.PushDp500, FromBeginning = true });
        await SendAsync(end, _script.Receipt(1));
        await UntilAsync(() => _recorder.Records.Count == 1, "recorded");
        Task<PushPacket> goodbye = HearAsync(end);
        await StopAsync();
        Assert.Equal(PushOperation.Close, (await goodbye).Operation);
    }

    /// <summary>Beside a journal of five receipts.</summary>
    /// <param name="total">What each came to; null if it is not there.</param>
    private DatecsOptions WithJournal(Func<ulong, long?> total)
    {
        FakeDatecs journal = new(IslDialect.X);
        for (ulong n = 1; n <= 5; n++)
        {
            if (total(n) is { } sum)
            {
                journal.Documents.Add(FakeDocument.Small(n, new DateTime(2026, 7, 1, 9, 0, 0).AddMinutes(n), sum));
            }
        }

        return new() { Variant = DatecsVariant.PushDp500, FromBeginning = true, JournalLine = new CableLine(_journalTime, journal) };
    }

    private Task<MemoryLine.End> OpenAsync() => OpenAsync(new() { Variant = DatecsVariant.PushDp500 });

    private async Task<MemoryLine.End> OpenAsync(DatecsOptions options, ManualTime? time = null)
    {
        Run(options, time);
        MemoryLine.End end = _line.Plug();
        await AnswerOpeningAsync(end);
        return end;
    }

    private async Task AnswerOpeningAsync(MemoryLine.End end)
    {
        Assert.Equal(DatecsVectors.Wire(DatecsVectors.Named("push open request")), (await HearAsync(end)).ToBytes());
        await end.WriteAsync(DatecsVectors.Wire(DatecsVectors.Named("push open answer")), TestContext.Current.CancellationToken);
    }

    private async Task<PushPacket> HearAsync(MemoryLine.End end)
    {
        byte[] buffer = new byte[512];
        int count = await end.ReadAsync(buffer, TestContext.Current.CancellationToken).Soon();
        return Assert.Single(PushScript.Decode(_heard, buffer[..count]));
    }

    private static async Task SendAsync(MemoryLine.End end, byte[][] events)
    {
        foreach (byte[] packet in events)
        {
            await end.WriteAsync(packet, TestContext.Current.CancellationToken);
        }
    }

    private void Run(DatecsOptions options, ManualTime? time = null)
    {
        DatecsPushProtocol protocol = new(options, _line.Name, time ?? _time);
        _driver = new(_line, protocol, _recorder, new() { FromBeginning = options.FromBeginning }, _time, NullLogger<JournalDriver>.Instance);
        _running = _driver.RunAsync(_stop.Token);
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        if (_driver is not null)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running.Soon());
        }

        _stop.Dispose();
        _stop = new();
        _driver = null;
    }

    private Task UntilAsync(Func<bool> condition, string what, ManualTime? other = null) => Waiting.Until(
        () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            other?.Advance(TimeSpan.FromSeconds(5));
            return _running.IsFaulted ? throw _running.Exception! : condition();
        },
        what,
        TimeSpan.FromMinutes(1));
}
