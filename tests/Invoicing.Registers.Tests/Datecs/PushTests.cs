#pragma warning disable CA2000 // Cables in memory hold nothing.
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
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

/// <summary>Registers that push: packets, the assembler, and the driver over a line in memory.</summary>
public sealed class PushTests : IAsyncDisposable
{
    private static readonly Encoding Cyrillic = CodePagesEncodingProvider.Instance.GetEncoding(1251)!;

    private readonly ManualTime _time = new();
    private readonly ManualTime _journalTime = new();
    private readonly LineRecorder _recorder = new();
    private readonly MemoryLine _line = new();
    private readonly PushDecoder _heard = new();
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private JournalDriver? _driver;
    private int _counter = 1000;
    private int _cycle;

    public static TheoryData<string> Packets => DatecsVectors.Names(means => means.GetProperty("dialect").GetString() == "push");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    [Theory]
    [MemberData(nameof(Packets))]
    public void A_packet_is_read_and_written_as_its_vector_says_split_at_every_byte(string name)
    {
        JsonElement vector = DatecsVectors.Named(name);
        JsonElement means = vector.GetProperty("means");
        byte[] wire = DatecsVectors.Wire(vector);
        for (int i = 0; i < wire.Length; i++)
        {
            PushDecoder decoder = new();
            PushPacket packet = Assert.Single(Decode(decoder, wire[..i], wire[i..]));
            Assert.Null(decoder.Fault);
            Assert.Equal(
                (means.GetProperty("set").GetByte(), means.GetProperty("operation").GetByte(), means.GetProperty("log").GetByte(), means.GetProperty("error").GetByte()),
                (packet.Set, packet.Operation, packet.Log, packet.Error));
            Assert.Equal(means.GetProperty("data").GetString(), Cyrillic.GetString(packet.Content.Span));
            Assert.Equal(wire, packet.ToBytes());
        }
    }

    [Fact]
    public void An_answer_for_goods_is_written_as_its_vector_says()
    {
        PushPacket answer = GoodsAnswer.Of("101", 8, new("Cà phê sữa đá", 2, 29000), ';');
        Assert.Equal(DatecsVectors.Wire(DatecsVectors.Named("push PLU answer")), answer.ToBytes());
        Assert.Equal(DatecsVectors.Wire(DatecsVectors.Named("push PLU refused")), GoodsAnswer.Of("101", 8, null, ';').ToBytes());
    }

    [Theory]
    [InlineData("04")]
    [InlineData("FF")]
    [InlineData("0501010100")]
    public void A_stream_that_is_none_is_named_and_left(string hex)
    {
        PushDecoder decoder = new();
        Assert.Empty(Decode(decoder, Convert.FromHexString(hex)));
        Assert.StartsWith("expected ", decoder.Fault, StringComparison.Ordinal);
        Assert.Empty(Decode(decoder, DatecsVectors.Wire(DatecsVectors.Named("push item"))));
    }

    [Fact]
    public void A_receipt_is_put_together_with_voids_discounts_and_payments()
    {
        PushReceipt receipt = Assert.Single(Assemble([.. Receipt(42)]));
        RegisterRecord record = receipt.ToRecord(new(new("123456"), 1, 42));
        Assert.Null(record.Unreadable);
        Sale sale = record.Sale!;
        Assert.Equal([(2m, 30000L, 0L), (1m, 18500L, 1500L), (-1m, -15000L, 0L)], sale.Lines.Select(l => (l.Quantity, l.Amount.Dong, l.Discount.Dong)));
        Assert.Equal(["101", "102", "101"], sale.Lines.Select(l => l.Code));
        Assert.Equal((500L, 33000L, "1", "42"), (sale.ReceiptDiscount.Dong, sale.Total.Dong, sale.Cashier, sale.ReceiptNumber));
        Assert.Equal([new Payment(PaymentMeans.Cash, new(13000)), new Payment(PaymentMeans.Card, new(20000))], sale.Payments);
    }

    [Fact]
    public void Every_message_that_is_lost_tears_its_receipt_and_no_other()
    {
        byte[][] stream = [.. Receipt(41), .. Receipt(42), .. Receipt(43)];
        int each = stream.Length / 3;
        for (int lost = each; lost < 2 * each; lost++)
        {
            List<PushReceipt> receipts = Assemble([.. stream.Where((_, i) => i != lost)]);
            RegisterRecord[] records = [.. receipts.Select(r => r.ToRecord(new(new("123456"), 1, r.Number)))];
            Assert.NotNull(records[0].Sale);
            Assert.Null(records.SingleOrDefault(r => r.Key.Sequence == 42)?.Sale);
            Assert.NotNull(records.Single(r => r.Key.Sequence == 43).Sale);
        }
    }

    [Fact]
    public void An_annulled_receipt_is_no_sale()
    {
        byte[][] events = [Event(0x80, "101;15000;1;0;;7;1"), Event(0x88, $"10;1;7;0;0;7;3;0;0;0;0;0;0;0;0;0;0;0;0;2")];
        RegisterRecord record = Assert.Single(Assemble(events)).ToRecord(new(new("123456"), 1, 7));
        Assert.Equal(RecordKind.NoSale, record.Kind);
    }

    [Fact]
    public void Goods_given_back_are_a_refund_with_their_discounts()
    {
        byte[][] events =
        [
            Event(0x80, "101;15000;-2;0;;7;1"), Event(0x86, "2;-1000;-1000;;;7;2"), Event(0x86, "3;-500;-500;;;7;3"),
            Event(0x88, Paid(0, 7, 4, -28500)), Event(0x92, Paid(15, 7, 5, -28500)),
        ];
        RegisterRecord record = Assert.Single(Assemble(events)).ToRecord(new(new("123456"), 1, 7));
        Assert.Equal((RecordKind.Refund, null), (record.Kind, record.Unreadable));
        SaleLine line = Assert.Single(record.Sale!.Lines);
        Assert.Equal((2m, 1000L, 29000L), (line.Quantity, line.Discount.Dong, line.Amount.Dong));
        Assert.Equal((500L, 28500L), (record.Sale.ReceiptDiscount.Dong, record.Sale.Total.Dong));
        Assert.Empty(record.Sale.Payments);
    }

    [Theory]
    [InlineData("101;15000.50;1;0;;7;1", "whole đồng")]
    [InlineData("101;15000;x;0;;7;1", "a quantity")]
    [InlineData("101;999999999999999;999999;0;;7;1", "15 digits")]
    public void What_cannot_be_read_is_held_with_its_bytes(string item, string expected)
    {
        PushReceipt receipt = Assert.Single(Assemble([Event(0x80, item), Event(0x92, Paid(15, 7, 2))]));
        RegisterRecord record = receipt.ToRecord(new(new("123456"), 1, 7));
        Assert.Null(record.Sale);
        Assert.Contains(expected, record.Unreadable, StringComparison.Ordinal);
        Assert.False(record.Bytes.IsEmpty);
    }

    [Fact]
    public async Task Receipts_are_recorded_and_what_was_before_is_one_gap()
    {
        MemoryLine.End end = await OpenAsync();
        await SendAsync(end, Receipt(42));
        await SendAsync(end, Receipt(43));
        await UntilAsync(() => _recorder.Records.Count == 2, "recorded");
        Assert.Equal((1ul, 41ul), (_recorder.Gaps[0].First.Sequence, _recorder.Gaps[0].Last));
        Assert.Equal([42ul, 43], _recorder.Records.Select(r => r.Key.Sequence));
        Assert.Equal("123456", _driver!.Status.Register!.Value.Value);
    }

    [Fact]
    public async Task What_is_rung_up_while_the_line_is_down_is_named()
    {
        MemoryLine.End end = await OpenAsync();
        await SendAsync(end, Receipt(1));
        await UntilAsync(() => _recorder.Records.Count == 1, "recorded");
        await end.PullAsync();
        _ = Receipt(2);
        end = _line.Plug();
        await AnswerOpeningAsync(end);
        await SendAsync(end, Receipt(4));
        await UntilAsync(() => _recorder.Records.Count == 2, "recorded");
        Assert.Equal((2ul, 3ul), (_recorder.Gaps[^1].First.Sequence, _recorder.Gaps[^1].Last));
        Assert.Contains("lost on the way", _recorder.Gaps[^1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_push_lost_is_fetched_from_the_journal_where_there_is_a_line_to_it()
    {
        FakeDatecs journal = new(IslDialect.X);
        for (ulong n = 1; n <= 5; n++)
        {
            journal.Documents.Add(FakeDocument.Receipt(n, new DateTime(2026, 7, 1, 9, 0, 0).AddMinutes(n)));
        }

        MemoryLine.End end = await OpenAsync(new() { Variant = DatecsVariant.PushDp500, FromBeginning = true, JournalLine = new CableLine(_journalTime, journal) }, _journalTime);
        await SendAsync(end, Receipt(3));
        byte[][] torn = [.. Receipt(4)];
        await SendAsync(end, [.. torn.Where((_, i) => i != 2)]);
        await SendAsync(end, Receipt(5));
        await UntilAsync(() => _recorder.Records.Count == 5, "all recorded");
        Assert.Empty(_recorder.Gaps);
        Assert.Equal([90000L, 90000, 33000, 90000, 33000], _recorder.Records.Select(r => r.Sale!.Total.Dong));
    }

    [Fact]
    public async Task Numbers_that_begin_again_are_a_new_life_also_after_a_restart()
    {
        MemoryLine.End end = await OpenAsync();
        await SendAsync(end, Receipt(9998));
        await SendAsync(end, Receipt(9999));
        await SendAsync(end, Receipt(1));
        await UntilAsync(() => _recorder.Records.Count == 3, "recorded");
        await StopAsync();
        end = await OpenAsync();
        await SendAsync(end, Receipt(2));
        await UntilAsync(() => _recorder.Records.Count == 4, "recorded");
        Assert.Equal([9998ul, 9999, 1, 2], _recorder.Records.Select(r => r.Key.Sequence));
        Assert.Equal(_recorder.Records[2].Key.Epoch, _recorder.Records[3].Key.Epoch);
        Assert.NotEqual(_recorder.Records[1].Key.Epoch, _recorder.Records[2].Key.Epoch);
    }

    [Fact]
    public async Task Where_numbers_begin_again_each_day_the_day_is_the_life()
    {
        MemoryLine.End end = await OpenAsync(new() { Variant = DatecsVariant.PushDp500, FromBeginning = true, RestartsAtDayClose = true });
        await SendAsync(end, Receipt(1, day: 3));
        await SendAsync(end, Receipt(2, day: 3));
        await SendAsync(end, Receipt(3, day: 4));
        await UntilAsync(() => _recorder.Records.Count == 3, "recorded");
        Assert.Equal(_recorder.Records[0].Key.Epoch, _recorder.Records[1].Key.Epoch);
        Assert.NotEqual(_recorder.Records[1].Key.Epoch, _recorder.Records[2].Key.Epoch);
        Assert.Equal((1ul, 2ul), (_recorder.Gaps[^1].First.Sequence, _recorder.Gaps[^1].Last));
    }

    [Fact]
    public async Task Cash_into_the_drawer_fills_its_number_and_disturbs_none()
    {
        MemoryLine.End end = await OpenAsync(new() { Variant = DatecsVariant.PushDp500, FromBeginning = true });
        await SendAsync(end, Receipt(1));
        await SendAsync(end, [Event(0x8F, Paid(6, 2, 1))]);
        await SendAsync(end, Receipt(3));
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
        await SendAsync(end, Receipt(1));
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
        await SendAsync(end, Receipt(1));
        await UntilAsync(() => _recorder.Records.Count == 1, "recorded");
        Task<PushPacket> goodbye = HearAsync(end);
        await StopAsync();
        Assert.Equal(PushOperation.Close, (await goodbye).Operation);
    }

    [Fact]
    public void A_receipt_without_an_end_has_a_bound()
    {
        PushAssembler assembler = new(';', Cyrillic, 0);
        PushState state = new();
        for (int i = 0; i < 10_000; i++)
        {
            (state, _) = assembler.Step(state, Assert.Single(Decode(new PushDecoder(), Event(0x80, $"101;15000;1;0;;7;{i + 1}"))));
        }

        Assert.Equal(PushAssembler.MaxLines, state.Open!.Lines.Count);
        Assert.InRange(state.Open.Length, 0, PushAssembler.MaxBytes);
        Assert.NotNull(state.Open.Fault);
    }

    private static List<PushPacket> Decode(PushDecoder decoder, params byte[][] chunks)
    {
        List<PushPacket> packets = [];
        foreach (byte[] chunk in chunks)
        {
            ReadOnlySpan<byte> input = chunk;
            while (decoder.TryRead(ref input, out PushPacket? packet))
            {
                packets.Add(packet!);
            }
        }

        return packets;
    }

    private static List<PushReceipt> Assemble(byte[][] events)
    {
        PushAssembler assembler = new(';', Cyrillic, 0);
        PushState state = new();
        List<PushReceipt> receipts = [];
        foreach (PushPacket packet in Decode(new PushDecoder(), events))
        {
            (state, ImmutableArray<PushEffect> effects) = assembler.Step(state, packet);
            receipts.AddRange(effects.OfType<PushEffect.Ended>().Select(e => e.Receipt));
        }

        return receipts;
    }

    private static string Paid(int type, ulong number, int place, long amount = 33000, int day = 1) =>
        string.Create(CultureInfo.InvariantCulture, $"{type};1;{number};0;0;{number};{day};0;{amount};{amount};{amount};0;0;0;0;0;0;0;0;{place}");

    /// <summary>2 × 15,000; 20,000 less 1,500; one of the first taken back; less 500: 33,000, part in cash and part by card.</summary>
    private byte[][] Receipt(ulong number, int day = 1) =>
    [
        Event(0x80, $"101;15000;2;0;;{number};1"),
        Event(0x80, $"102;20000;1;0;;{number};2"),
        Event(0x86, $"2;1500;1500;;;{number};3"),
        Event(0x80, $"101;15000;-1;0;;{number};4"),
        Event(0x86, $"3;500;500;;;{number};5"),
        Event(0x88, Paid(0, number, 6, 13000, day)),
        Event(0x88, Paid(3, number, 7, 20000, day)),
        Event(0x92, Paid(15, number, 8, 33000, day)),
    ];

    private byte[] Event(byte operation, string fields)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"123456;{_cycle++ % 10};{fields};{++_counter};");
        return new PushPacket(1, operation, 1, 0, Encoding.ASCII.GetBytes(text)).ToBytes();
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
        return Assert.Single(Decode(_heard, buffer[..count]));
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

    private Task UntilAsync(Func<bool> condition, string what) => Waiting.Until(
        () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return _running.IsFaulted ? throw _running.Exception! : condition();
        },
        what,
        TimeSpan.FromMinutes(1));
}
