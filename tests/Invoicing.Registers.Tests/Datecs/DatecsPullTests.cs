#pragma warning disable CA2000 // A cable in memory holds nothing.
using System.Collections.Immutable;
using Invoicing.Amounts;
using Invoicing.Registers.Datecs;
using Invoicing.Registers.Datecs.Isl;
using Invoicing.Registers.Datecs.Pull;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Tests.Drivers;
using Invoicing.Sales;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>Registers with an electronic journal, from the driver down to the bytes.</summary>
public sealed class DatecsPullTests : IAsyncDisposable
{
    private static readonly DateTime Morning = new(2026, 7, 1, 9, 0, 0);
    private static readonly int[] Reading = [62, 74, 76, 90, 113, 119, 124, 125];

    private readonly ManualTime _cableTime = new();
    private readonly ManualTime _pauses = new();
    private readonly LineRecorder _recorder = new();
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private JournalDriver? _driver;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    [Theory]
    [InlineData(IslDialect.X, true)]
    [InlineData(IslDialect.Legacy, true)]
    [InlineData(IslDialect.Legacy, false)]
    internal async Task A_receipt_is_read_with_lines_discounts_and_payments(IslDialect dialect, bool knowsNumbers)
    {
        FakeDatecs register = new(dialect) { KnowsNumbers = knowsNumbers };
        register.Documents.Add(FakeDocument.Receipt(1, Morning));
        Run(register);
        await UntilAsync(() => _recorder.Records.Count == 1, "recorded");

        RegisterRecord record = _recorder.Records[0];
        Assert.Null(record.Unreadable);
        Sale sale = record.Sale!;
        Assert.Equal((RecordKind.Sale, 1ul, FakeDocument.Serial), (record.Kind, record.Key.Sequence, record.Key.Register.Value));
        Assert.Equal(new DateTimeOffset(Morning, TimeSpan.FromHours(7)), sale.ClosedAt);
        Assert.Equal(("Lan", "1", ClockConfidence.Set), (sale.Cashier, sale.ReceiptNumber, sale.Clock));
        Assert.Equal(["Sua tuoi", "Khan giay; hop"], sale.Lines.Select(l => l.Name));
        Assert.Equal([(2m, 38500m, 77000L), (1m, 13900m, 13900L)], sale.Lines.Select(l => (l.Quantity, l.UnitPrice, l.Amount.Dong)));
        Assert.Equal((900L, 90000L), (sale.ReceiptDiscount.Dong, sale.Total.Dong));
        Assert.Equal(new Payment(PaymentMeans.Cash, new(90000)), Assert.Single(sale.Payments));
        Assert.Equal(record.Hash, Hashing.Sha256Hash.Of(record.Bytes.Span));
        Assert.All(register.Commands, command => Assert.Contains(command, Reading));
    }

    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task Reversals_day_closes_and_annulled_receipts_are_what_they_are(IslDialect dialect)
    {
        FakeDatecs register = new(dialect);
        register.Documents.AddRange(
            [FakeDocument.Receipt(1, Morning), FakeDocument.Storno(2, 1, Morning.AddMinutes(1)), FakeDocument.Cancelled(3, Morning.AddMinutes(2)), FakeDocument.DayClose(4, Morning.AddHours(9))]);
        Run(register);
        await UntilAsync(() => _recorder.Records.Count == 4, "recorded");

        IReadOnlyList<RegisterRecord> records = _recorder.Records;
        Assert.Equal([RecordKind.Sale, RecordKind.Refund, RecordKind.NoSale, RecordKind.DayClose], records.Select(r => r.Kind));
        Assert.All(records, record => Assert.Null(record.Unreadable));
        Assert.Equal(records[0].Key, records[1].Reference);
        Assert.Equal((289000L, 1m), (records[1].Sale!.Total.Dong, records[1].Sale!.Lines[0].Quantity));
        Assert.Contains("annulled", records[2].Remark, StringComparison.Ordinal);
        Assert.Equal((12L, 1200000L), (records[3].Stated!.Sales, records[3].Stated!.Total.Dong));
    }

    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task A_register_met_for_the_first_time_is_read_from_now_on(IslDialect dialect)
    {
        FakeDatecs register = new(dialect);
        Ring(register, 1, 5);
        Run(register, fromBeginning: false);
        await UntilAsync(() => _recorder.Gaps.Count == 1, "a gap");
        Ring(register, 6, 6);
        await UntilAsync(() => _recorder.Records.Count == 1, "the next");
        Assert.Equal((5ul, 6ul), (_recorder.Gaps[0].Last, _recorder.Records[0].Key.Sequence));
    }

    [Fact]
    public async Task Documents_that_the_register_no_longer_holds_are_one_gap()
    {
        FakeDatecs register = new(IslDialect.X);
        Ring(register, 4000, 4002);
        Run(register);
        await UntilAsync(() => _recorder.Records.Count == 3, "recorded");
        Assert.Equal((1ul, 3999ul), (_recorder.Gaps[0].First.Sequence, _recorder.Gaps[0].Last));
    }

    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task A_number_that_was_never_used_is_named_and_the_rest_is_read(IslDialect dialect)
    {
        FakeDatecs register = new(dialect);
        Ring(register, 1, 2);
        Ring(register, 9, 10);
        Run(register);
        await UntilAsync(() => _recorder.Records.Count == 4, "recorded");
        Assert.Equal([1ul, 2, 9, 10], _recorder.Records.Select(r => r.Key.Sequence));
        Assert.Equal(Enumerable.Range(3, 6).Select(i => (ulong)i), _recorder.Gaps.SelectMany(g => Numbers(g.First.Sequence, g.Last)));
    }

    /// <summary>The line is cut after every byte of every exchange, one cable after the other; a receipt is rung up before each.</summary>
    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task A_line_that_is_cut_after_every_byte_gives_every_document_once(IslDialect dialect)
    {
        FakeDatecs register = new(dialect);
        const int Cuts = 900;
        CableLine line = new(_cableTime, register)
        {
            Piece = 7,
            CutAfter = n =>
            {
                if (n % 50 == 1)
                {
                    ulong number = (ulong)register.Documents.Count + 1;
                    register.Documents.Add(FakeDocument.Small(number, Morning.AddMinutes(number)));
                }

                return n <= Cuts ? n : null;
            },
        };
        Run(register, line: line, variant: dialect == IslDialect.X ? DatecsVariant.X : DatecsVariant.Isl);
        await UntilAsync(() => line.Connections > Cuts && _recorder.Records.Count == register.Documents.Count, "all recorded", TimeSpan.FromMinutes(4));
        RequireAllOnce(register, lines: 1);
    }

    /// <summary>Lost, late, doubled, damaged and refused replies, busy signs, in any mixture.</summary>
    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task Faults_of_the_link_change_nothing_of_what_is_read(IslDialect dialect)
    {
        Random random = new(20260701);
        FakeDatecs register = new(dialect);
        byte[] last = [];
        register.Fault = (_, reply) =>
        {
            byte[] before = last;
            last = reply;
            return random.Next(12) switch
            {
                0 => [],
                1 => [(TimeSpan.FromMilliseconds(700), reply)],
                2 => [(TimeSpan.FromMilliseconds(20), [0x15])],
                3 => [(TimeSpan.FromMilliseconds(60), [0x16]), (TimeSpan.FromMilliseconds(120), [0x16]), (TimeSpan.FromMilliseconds(180), reply)],
                4 => [(TimeSpan.FromMilliseconds(20), Flip(reply, random))],
                5 => [(TimeSpan.FromMilliseconds(20), before), (TimeSpan.FromMilliseconds(30), reply), (TimeSpan.FromMilliseconds(30), reply)],
                6 => [(TimeSpan.FromMilliseconds(20), [0x01, 0x16, 0x15, 0xFF]), (TimeSpan.FromMilliseconds(30), reply)],
                _ => null,
            };
        };
        Ring(register, 1, 25);
        Run(register, line: new CableLine(_cableTime, register) { Piece = 5 });
        await UntilAsync(() => _recorder.Records.Count == 25, "all recorded", TimeSpan.FromMinutes(4));
        RequireAllOnce(register, lines: 2);
    }

    /// <summary>A register that restarts has forgotten its last SEQ and what was selected: its answer must not pass for the end of a document.</summary>
    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task A_restart_in_the_middle_of_a_document_never_cuts_it_short(IslDialect dialect)
    {
        for (int at = 7; at <= 26; at++)
        {
            FakeDatecs register = new(dialect);
            int struck = at;
            register.Fault = (n, _) =>
            {
                if (n != struck)
                {
                    return null;
                }

                register.Restart();
                return [];
            };
            register.Documents.Add(FakeDocument.Receipt(1, Morning));
            _recorder.HasHistory = true;
            register.Memory = $"02{at:D6}"; // a life of its own for each case
            int before = _recorder.Records.Count;
            Run(register, variant: dialect == IslDialect.X ? DatecsVariant.X : DatecsVariant.Isl);
            await UntilAsync(() => _recorder.Records.Count == before + 1, $"recorded, struck at {at}");
            Assert.Equal(90000, _recorder.Records[^1].Sale?.Total.Dong);
            Assert.Equal(2, _recorder.Records[^1].Sale?.Lines.Length);
            await StopAsync();
        }
    }

    [Fact]
    public async Task Another_register_behind_the_same_socket_is_found_and_not_mixed_up()
    {
        FakeDatecs register = new(IslDialect.X);
        Ring(register, 1, 1);
        Run(register);
        await UntilAsync(() => _recorder.Records.Count == 1, "recorded");
        register.Serial = "DT000002";
        await UntilAsync(() => _driver!.Status.Trouble?.Contains("changed while the line was open", StringComparison.Ordinal) == true, "told");
        await UntilAsync(() => _driver!.Status.Register?.Value == "DT000002", "met anew");
    }

    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task A_count_that_jumps_and_begins_again_loses_nothing_and_goes_on_in_a_new_life(IslDialect dialect)
    {
        FakeDatecs register = new(dialect);
        Ring(register, 1, 3);
        Run(register);
        await UntilAsync(() => _recorder.Records.Count == 3, "recorded");
        await StopAsync();

        // While nobody listens: two more, a jump to the last number, and again from 1.
        Ring(register, 4, 5);
        Ring(register, 9_999_999, 9_999_999);
        Ring(register, 1, 2);
        Run(register);
        await UntilAsync(() => _recorder.Records.Count == 8, "recorded");
        await StopAsync();
        Ring(register, 3, 3);
        Run(register);
        await UntilAsync(() => _recorder.Records.Count == 9, "recorded after a restart in the second life");

        Assert.Equal([1ul, 2, 3, 4, 5, 9_999_999, 1, 2, 3], _recorder.Records.Select(r => r.Key.Sequence));
        Assert.Equal(2, _recorder.Records.Select(r => r.Key.Epoch).Distinct().Count());
        Assert.Equal(register.Documents.Select(d => new DateTimeOffset(d.At, TimeSpan.FromHours(7))), _recorder.Records.Select(r => r.Sale!.ClosedAt!.Value));
    }

    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task A_journal_that_is_empty_again_is_a_new_life(IslDialect dialect)
    {
        FakeDatecs register = new(dialect);
        Ring(register, 1, 3);
        Run(register);
        await UntilAsync(() => _recorder.Records.Count == 3, "recorded");
        await StopAsync();
        register.Documents.Clear();
        Run(register);
        await UntilAsync(() => _driver!.Status is { Phase: DriverPhase.Open, Durable: 0 }, "open in the new life");
        Ring(register, 1, 1, Morning.AddDays(1));
        await UntilAsync(() => _recorder.Records.Count == 4, "recorded");
        Assert.NotEqual(_recorder.Records[0].Key.Epoch, _recorder.Records[3].Key.Epoch);
    }

    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task An_old_memory_that_was_put_back_stops_the_line_and_nothing_is_recorded_twice(IslDialect dialect)
    {
        FakeDatecs register = new(dialect);
        Ring(register, 1, 5);
        Run(register);
        await UntilAsync(() => _recorder.Records.Count == 5, "recorded");
        register.Documents.RemoveRange(2, 3);
        await UntilAsync(() => _driver!.Status.Phase == DriverPhase.Stopped, "stopped");
        Assert.Contains("behind", _recorder.Stopped, StringComparison.Ordinal);
        Assert.Equal(5, _recorder.Records.Count);
        Assert.Contains("set 'life' to 2", _driver!.Status.Trouble, StringComparison.Ordinal);
        await StopAsync();

        // It goes on selling from the old memory: a person says that this is a new life, and what is recorded is passed over.
        Ring(register, 3, 4, Morning.AddHours(5));
        _recorder.Release();
        Run(register, life: 2);
        await UntilAsync(() => _recorder.Records.Count == 7, "what it sold since");
        Assert.Equal([1ul, 2, 3, 4, 5, 3, 4], _recorder.Records.Select(r => r.Key.Sequence));
        Assert.Equal((1ul, 2ul), (_recorder.Gaps[0].First.Sequence, _recorder.Gaps[0].Last));
        Assert.Equal(7, _recorder.Records.Select(r => r.Hash).Distinct().Count());
    }

    /// <summary>The edge is restarted, and the register's journal was written over meanwhile: nothing of it was read, so nothing can come twice.</summary>
    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task A_journal_that_was_changed_while_nobody_listened_is_a_new_life_without_a_person(IslDialect dialect)
    {
        FakeDatecs register = new(dialect);
        Ring(register, 1, 5);
        Run(register);
        await UntilAsync(() => _recorder.Records.Count == 5, "recorded");
        await StopAsync();
        register.Documents.Clear();
        Ring(register, 1, 3, Morning.AddDays(-400)); // its clock is wrong, too
        Run(register);
        await UntilAsync(() => _recorder.Records.Count == 8, "recorded in the new life");
        Assert.Equal([1ul, 2, 3, 4, 5, 1, 2, 3], _recorder.Records.Select(r => r.Key.Sequence));
        Assert.Equal(6ul, Assert.Single(_recorder.Gaps).Last);
        Assert.Contains("erased or changed", _recorder.Gaps[0].Reason, StringComparison.Ordinal);
    }

    /// <summary>A ring: the oldest documents are written over, among them the one that was read last.</summary>
    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task What_a_ring_wrote_over_is_one_gap_and_the_rest_is_read(IslDialect dialect)
    {
        FakeDatecs register = new(dialect);
        Ring(register, 1, 5);
        Run(register);
        await UntilAsync(() => _recorder.Records.Count == 5, "recorded");
        await StopAsync();
        Ring(register, 6, 40);
        register.Documents.RemoveRange(0, 30);
        Run(register);
        await UntilAsync(() => _recorder.Records.Count == 15, "recorded");
        Assert.Equal((6ul, 30ul), (Assert.Single(_recorder.Gaps).First.Sequence, _recorder.Gaps[0].Last));
        Assert.Single(_recorder.Records.Select(r => r.Key.Epoch).Distinct());
    }

    /// <summary>
    /// Numbers began again and went beyond what was read, unheard. A legacy register gives its journal in order, so each document comes once. An X
    /// register gives of two documents with one number only the later: what cannot be asked for any more is named, and the rest comes once.
    /// </summary>
    [Theory]
    [InlineData(IslDialect.X, true)]
    [InlineData(IslDialect.X, false)]
    [InlineData(IslDialect.Legacy, true)]
    [InlineData(IslDialect.Legacy, false)]
    internal async Task A_count_that_began_again_and_overtook_is_seen(IslDialect dialect, bool isSameProcess)
    {
        FakeDatecs register = new(dialect);
        Ring(register, 1, 3);
        Run(register);
        await UntilAsync(() => _recorder.Records.Count == 3, "recorded");
        Task reading = isSameProcess ? HoldAsync(register) : StopAsync();
        await reading;
        Ring(register, 4, 6);
        Ring(register, 1, 5);
        if (isSameProcess)
        {
            Release(register);
        }
        else
        {
            Run(register);
        }

        if (dialect == IslDialect.Legacy)
        {
            await UntilAsync(() => _recorder.Records.Count == 11, "recorded");
            Assert.Equal([1ul, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5], _recorder.Records.Select(r => r.Key.Sequence));
            Assert.Empty(_recorder.Gaps);
        }
        else if (isSameProcess)
        {
            await UntilAsync(() => _recorder.Records.Count == 9, "recorded");
            Assert.Equal([1ul, 2, 3, 6, 1, 2, 3, 4, 5], _recorder.Records.Select(r => r.Key.Sequence));
            Assert.Equal((4ul, 5ul), (Assert.Single(_recorder.Gaps).First.Sequence, _recorder.Gaps[0].Last));
        }
        else
        {
            await UntilAsync(() => _recorder.Records.Count == 8, "recorded");
            Assert.Equal([1ul, 2, 3, 1, 2, 3, 4, 5], _recorder.Records.Select(r => r.Key.Sequence));
            Assert.Equal(4ul, Assert.Single(_recorder.Gaps).First.Sequence);
        }
    }

    /// <summary>Two bytes that change together pass the frames' check: a serial that is told only once must not become a register.</summary>
    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task Damage_that_passes_the_check_changes_nothing(IslDialect dialect)
    {
        Random random = new(3);
        FakeDatecs register = new(dialect) { Fault = (_, reply) => random.Next(40) == 0 ? [(TimeSpan.FromMilliseconds(20), TwoDigits(reply, random))] : null };
        Ring(register, 1, 30);
        Run(register);
        await UntilAsync(() => _recorder.Records.Count == 30, "all recorded", TimeSpan.FromMinutes(4));
        RequireAllOnce(register, lines: 2);
        Assert.Equal(register.Documents.Select(d => new DateTimeOffset(d.At, TimeSpan.FromHours(7))), _recorder.Records.Select(r => r.Sale!.ClosedAt!.Value));
        Assert.Single(_recorder.Records.Select(r => r.Key.Register).Distinct());
        Assert.Single(_recorder.Records.Select(r => r.Key.Epoch).Distinct());
    }

    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task A_register_that_bears_the_makers_serial_is_refused(IslDialect dialect)
    {
        FakeDatecs register = new(dialect) { Serial = "00000000" };
        Ring(register, 1, 2);
        Run(register);
        await UntilAsync(() => _driver!.Status.Trouble?.Contains("a register without a serial", StringComparison.Ordinal) == true, "told");
        Assert.Empty(_recorder.Records);
    }

    /// <summary>
    /// Two registers of one serial and one fiscal memory, put in each other's place: the second's journal is unknown and is read as a new life; when
    /// the first comes back, its documents are known, and a person decides. Nothing is recorded twice.
    /// </summary>
    [Theory]
    [InlineData(IslDialect.X)]
    [InlineData(IslDialect.Legacy)]
    internal async Task Twins_in_each_others_place_are_stopped_and_nothing_comes_twice(IslDialect dialect)
    {
        FakeDatecs one = new(dialect);
        FakeDatecs other = new(dialect);
        Ring(one, 1, 6);
        Ring(other, 1, 4, Morning.AddHours(2));
        Run(one);
        await UntilAsync(() => _recorder.Records.Count == 6, "the first");
        await StopAsync();
        Run(other);
        await UntilAsync(() => _recorder.Records.Count == 10, "the second");
        await StopAsync();
        Ring(one, 7, 7);
        Run(one);
        await UntilAsync(() => _driver!.Status.Phase == DriverPhase.Stopped, "stopped");
        Assert.Equal(10, _recorder.Records.Select(r => r.Hash).Distinct().Count());
        Assert.Equal(10, _recorder.Records.Count);
    }

    [Fact]
    public async Task Parts_of_a_dong_are_held_and_never_rounded()
    {
        FakeDatecs register = new(IslDialect.X);
        var receipt = FakeDocument.Receipt(1, Morning);
        register.Documents.Add(receipt with { Rows = [FakeDocument.Row(1, "Sua", "15000.50", "2.000", "30001.00", 30001)] });
        Run(register);
        await UntilAsync(() => _recorder.Records.Count == 1, "recorded");
        Assert.Null(_recorder.Records[0].Sale);
        Assert.Contains("whole đồng", _recorder.Records[0].Unreadable, StringComparison.Ordinal);
        Assert.False(_recorder.Records[0].Bytes.IsEmpty);
    }

    [Fact]
    public async Task Rows_that_do_not_belong_together_or_are_missing_are_held()
    {
        FakeDatecs register = new(IslDialect.X);
        var receipt = FakeDocument.Receipt(1, Morning);
        register.Documents.Add(receipt with { Rows = [receipt.Rows[1]] });
        register.Documents.Add(receipt with { Number = 2, Rows = [] });
        register.Documents.Add(receipt with { Number = 3, Type = "77" });
        register.Documents.Add(receipt with { Number = 4, Rows = ["a;b;c"] });
        Run(register);
        await UntilAsync(() => _recorder.Records.Count == 4, "recorded");
        Assert.All(_recorder.Records, record => Assert.Equal((RecordKind.Sale, true), (record.Kind, record.Unreadable is not null)));
    }

    [Fact]
    public async Task Tax_letters_become_rates_by_the_shops_table_and_an_unknown_one_holds_the_sale()
    {
        FakeDatecs register = new(IslDialect.X);
        Ring(register, 1, 1);
        Run(register, rates: ImmutableDictionary<string, TaxRate>.Empty.Add("А", TaxRate.Eight).Add("Б", TaxRate.Ten));
        await UntilAsync(() => _recorder.Records.Count == 1, "recorded");
        Assert.Equal([TaxRate.Eight, TaxRate.Ten], _recorder.Records[0].Sale!.Lines.Select(l => l.Rate!.Value));
        await StopAsync();

        FakeDatecs other = new(IslDialect.Legacy) { Serial = "DT000009" };
        Ring(other, 1, 1);
        Run(other, rates: ImmutableDictionary<string, TaxRate>.Empty.Add("А", TaxRate.Eight));
        await UntilAsync(() => _recorder.Records.Count == 2, "recorded");
        Assert.Contains("tax letter", _recorder.Records[1].Unreadable, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_room_in_the_register_s_journal_is_shown_and_an_open_receipt_is_left_alone()
    {
        FakeDatecs register = new(IslDialect.X) { Status = [0x80, 0x80, 0x80 | 0x40 | 0x08, 0x80, 0x86, 0x9A, 0x80, 0x80], OpenReceipt = 2 };
        Ring(register, 1, 2);
        Run(register);
        await UntilAsync(() => _recorder.Records.Count == 1 && _driver!.Status.JournalUsed == 99, "the closed one recorded");
        Assert.Contains(_driver!.Status.Notes, note => note.Contains("almost full", StringComparison.Ordinal));
        Assert.Single(_recorder.Records);
        register.OpenReceipt = 0;
        await UntilAsync(() => _recorder.Records.Count == 2, "recorded once it is closed");
        Assert.All(register.Commands, command => Assert.Contains(command, Reading));
    }

    [Fact]
    public async Task Nobody_and_somebody_else_are_told_apart_in_one_sentence()
    {
        FakeDatecs silent = new(IslDialect.X) { Fault = (_, _) => [] };
        Run(silent);
        await UntilAsync(() => _driver!.Status.Trouble is not null, "told");
        Assert.DoesNotContain('\n', _driver!.Status.Trouble!);
        await StopAsync();
        FakeDatecs echo = new(IslDialect.X) { IsEcho = true };
        Run(echo);
        await UntilAsync(() => _driver!.Status.Trouble?.Contains("PC mode", StringComparison.Ordinal) == true, "told");
    }

    private static IEnumerable<ulong> Numbers(ulong first, ulong last)
    {
        for (ulong number = first; number <= last; number++)
        {
            yield return number;
        }
    }

    private static byte[] Flip(byte[] reply, Random random)
    {
        byte[] damaged = [.. reply];
        damaged[random.Next(1, damaged.Length)] ^= (byte)(1 << random.Next(8));
        return damaged;
    }

    /// <summary>One digit goes up by one and another down: the sum stays.</summary>
    private static byte[] TwoDigits(byte[] reply, Random random)
    {
        byte[] damaged = [.. reply];
        int end = Array.IndexOf(reply, (byte)0x04, 4);
        int[] up = [.. Enumerable.Range(10, Math.Max(0, end - 10)).Where(i => reply[i] is >= (byte)'0' and < (byte)'9')];
        int[] down = [.. Enumerable.Range(10, Math.Max(0, end - 10)).Where(i => reply[i] is > (byte)'0' and <= (byte)'9')];
        if (up.Length > 0 && down.Length > 0)
        {
            damaged[up[random.Next(up.Length)]]++;
            damaged[down[random.Next(down.Length)]]--;
        }

        return damaged;
    }

    /// <summary>Nothing that the register says comes through.</summary>
    private async Task HoldAsync(FakeDatecs register)
    {
        register.Fault = (_, _) => [];
        await UntilAsync(() => _driver!.Status.Trouble?.Contains("silence", StringComparison.Ordinal) == true, "silent");
        _cableTime.Advance(TimeSpan.FromMinutes(2));
    }

    private static void Release(FakeDatecs register) => register.Fault = (_, _) => null;

    private static void Ring(FakeDatecs register, ulong first, ulong last, DateTime? from = null)
    {
        foreach (ulong number in Numbers(first, last))
        {
            DateTime at = number == first && from is { } moment ? moment
                : register.Documents.Count == 0 ? Morning : register.Documents[^1].At.AddSeconds(30);
            register.Documents.Add(FakeDocument.Receipt(number, at));
        }
    }

    private void RequireAllOnce(FakeDatecs register, int lines)
    {
        Assert.Empty(_recorder.Gaps);
        Assert.Equal(register.Documents.Select(d => d.Number), _recorder.Records.Select(r => r.Key.Sequence));
        Assert.All(_recorder.Records, record => Assert.Equal((90000L, lines), (record.Sale!.Total.Dong, record.Sale.Lines.Length)));
    }

    private void Run(
        FakeDatecs register, bool fromBeginning = true, CableLine? line = null, DatecsVariant variant = DatecsVariant.Auto, int life = 1,
        ImmutableDictionary<string, TaxRate>? rates = null)
    {
        line ??= new(_cableTime, register);
        DatecsPullProtocol protocol = new(new() { Variant = variant, Life = life, TaxRates = rates }, line.Name, _recorder, _cableTime);
        _driver = new(line, protocol, _recorder, new() { FromBeginning = fromBeginning }, _pauses, NullLogger<JournalDriver>.Instance);
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

    private Task UntilAsync(Func<bool> condition, string what, TimeSpan? limit = null) => Waiting.Until(
        () =>
        {
            _pauses.Advance(TimeSpan.FromSeconds(1));
            return _running.IsFaulted || condition() ? _running.IsFaulted ? throw _running.Exception! : true : false;
        },
        what,
        limit ?? TimeSpan.FromMinutes(1));
}
