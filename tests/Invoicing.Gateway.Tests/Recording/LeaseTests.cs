using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Testing;
using static Invoicing.Gateway.Tests.Recording.RecordCalls;

namespace Invoicing.Gateway.Tests.Recording;

/// <summary>Codes and numbers that a register prints while its line is down: granted, used, refused and burned.</summary>
public sealed class LeaseTests : IDisposable
{
    private readonly TestShop _shop = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public async Task A_lease_stands_in_the_chain_before_it_is_offered_and_its_codes_are_nobody_elses()
    {
        await using InvoicingGateway gateway = await OpenAsync();
        await gateway.WelcomeAsync(Hello(), default);

        LeaseOffer lease = Assert.IsType<LeaseOffer>(await gateway.OfferLeaseAsync(TestShop.Register, TestShop.Epoch, default).Soon());

        Assert.Equal((1, TestShop.Block, 26, 0L, 9L, "C26MAA", 1, 10), (lease.Kind, lease.Block, lease.Year, lease.FirstCode, lease.LastCode, lease.Series, lease.FirstNumber, lease.LastNumber));
        Assert.Equal(new DateTimeOffset(2026, 7, 2, 23, 59, 59, 999, TimeSpan.FromHours(7)), lease.Until);
        (RegisterLease entered, bool isBurned) = Assert.Single(Leases());
        Assert.Equal((lease.Lease, false, 10), (entered.Id, isBurned, entered.Count));
        RecordOutcome.Issued direct = Assert.IsType<RecordOutcome.Issued>(await Record(gateway, TestShop.Record(1)));
        Assert.Equal(("M1-26-A1B2C-00000000010", 11), (direct.Invoice.Code, direct.Invoice.Number));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_lease_that_is_not_answered_is_offered_again_as_it_is_also_after_a_restart()
    {
        LeaseOffer? first;
        await using (InvoicingGateway gateway = await OpenAsync())
        {
            await gateway.WelcomeAsync(Hello(), default);
            first = await OfferAsync(gateway);
            Assert.Equal(first, await OfferAsync(gateway));
        }

        await using InvoicingGateway again = await OpenAsync();
        Assert.Equal(first, await OfferAsync(again));
        await again.LeaseAnsweredAsync(TestShop.Register, TestShop.Epoch, first!.Lease, 0, default);
        Assert.Null(await OfferAsync(again));
        Assert.Single(Leases());
    }

    [Fact]
    public async Task Receipts_with_leased_codes_are_entered_with_exactly_these_however_late_and_the_same_again_after_a_restart()
    {
        LeaseOffer lease;
        List<RecordOutcome> first = [];
        await using (InvoicingGateway gateway = await OpenAsync())
        {
            lease = await TakeAsync(gateway);
            await Record(gateway, TestShop.Record(1));
            _time.Advance(TimeSpan.FromDays(20)); // the line was down; the receipts were closed on the day of the lease
            for (int i = 0; i < 3; i++)
            {
                first.Add(await Record(gateway, Leased((ulong)i + 2, lease, i)));
            }
        }

        Assert.Equal([.. Enumerable.Range(0, 3).Select(i => Printed(lease, i))], first.Cast<RecordOutcome.Issued>().Select(issued => issued.Invoice));
        Invoice[] invoices = [.. Invoices().Where(invoice => invoice.Lease == lease.Lease)];
        Assert.Equal(3, invoices.Length);
        Assert.All(invoices, invoice => Assert.Equal((new DateOnly(2026, 7, 1), DateSource.Register, false), (invoice.IssuedOn, invoice.DateSource, invoice.IsRecovered)));
        await using InvoicingGateway again = await OpenAsync();
        Assert.Equal(first[1], await Record(again, Leased(3, lease, 1)));
        Assert.Equal(Printed(lease, 3), Assert.IsType<RecordOutcome.Issued>(await Record(again, Leased(5, lease, 3))).Invoice);
        await AssertSoundAsync();
    }

    [Theory]
    [InlineData("used", "that is not used")]
    [InlineData("pair", "expected a pair of lease")]
    [InlineData("series", "expected a pair of lease")]
    [InlineData("outside", "expected a pair of lease")]
    [InlineData("year", "expected a pair of lease")]
    [InlineData("kind", "expected a pair of lease")]
    [InlineData("unknown", "expected a lease that this register may print from")]
    [InlineData("text", "expected an authority code")]
    [InlineData("number", "expected an authority code")]
    [InlineData("late", "expected a closing time up to 2026-07-02 23:59:59")]
    [InlineData("early", "and not before 2026-07-01 15:00:00")]
    public async Task A_code_that_is_not_the_receipts_own_to_bear_is_a_code_conflict_and_never_a_second_code(string what, string why)
    {
        await using InvoicingGateway gateway = await OpenAsync();
        LeaseOffer lease = await TakeAsync(gateway);
        await Record(gateway, Leased(1, lease, 0));
        _time.Advance(TimeSpan.FromDays(3));
        PrintedInvoice good = Printed(lease, 1);
        RegisterRecord record = what switch
        {
            "used" => Leased(2, lease, 0),
            "pair" => Leased(2, lease, 1, printed: good with { Number = good.Number + 1 }),
            "series" => Leased(2, lease, 1, printed: good with { Series = "C26MZZ" }),
            "outside" => Leased(2, lease, 10),
            "year" => Leased(2, lease, 1, printed: good with { Code = good.Code.Replace("-26-", "-27-", StringComparison.Ordinal) }),
            "kind" => Leased(2, lease, 1, printed: good with { Code = "M2" + good.Code[2..] }),
            "unknown" => Leased(2, lease with { Lease = lease.Lease + 1 }, 1),
            "text" => Leased(2, lease, 1, printed: good with { Code = "a code" }),
            "number" => Leased(2, lease, 1, printed: good with { Number = 0 }),
            "late" => Leased(2, lease, 1, closedAt: lease.Until.AddMilliseconds(1)),
            _ => Leased(2, lease, 1, closedAt: lease.Until.AddDays(-3)),
        };

        RecordOutcome.Held held = Assert.IsType<RecordOutcome.Held>(await Record(gateway, record));

        Assert.True(held.IsCodeConflict);
        Assert.Contains(why, held.Reason, StringComparison.Ordinal);
        Assert.Equal(held, await Record(gateway, record));
        Assert.Equal(good, Assert.IsType<RecordOutcome.Issued>(await Record(gateway, Leased(3, lease, 1))).Invoice);
        Assert.Equal(1, gateway.Status.Held);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_lease_of_another_register_or_another_epoch_is_foreign()
    {
        await using InvoicingGateway gateway = await OpenAsync();
        LeaseOffer lease = await TakeAsync(gateway);
        await gateway.WelcomeAsync(new(new("SIM-0002"), TestShop.Epoch, 0, 0, 0), default);

        RegisterRecord other = Leased(1, lease, 0, register: "SIM-0002");
        Assert.True(Assert.IsType<RecordOutcome.Held>(await Record(gateway, other)).IsCodeConflict);
        Assert.IsType<RecordOutcome.Issued>(await Record(gateway, Leased(1, lease, 0)));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Codes_that_are_left_out_will_never_come_and_are_burned_where_they_were_left_out()
    {
        await using InvoicingGateway gateway = await OpenAsync();
        LeaseOffer lease = await TakeAsync(gateway);
        await Record(gateway, Leased(1, lease, 0));

        Assert.IsType<RecordOutcome.Issued>(await Record(gateway, Leased(2, lease, 4)));

        RegisterLease burned = Assert.Single(Leases(), entry => entry.IsBurned).Lease;
        Assert.Equal((1L, 3L), (burned.Codes.First, burned.Codes.Last));
        Assert.True(Assert.IsType<RecordOutcome.Held>(await Record(gateway, Leased(3, lease, 2))).IsCodeConflict);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task When_half_is_used_the_next_lease_comes_and_what_is_left_of_the_first_is_burned_behind_its_last_record()
    {
        await using InvoicingGateway gateway = await OpenAsync();
        LeaseOffer first = await TakeAsync(gateway);
        for (int i = 0; i < 4; i++)
        {
            await Record(gateway, Leased((ulong)i + 1, first, i));
        }

        Assert.Null(await OfferAsync(gateway));
        await Record(gateway, Leased(5, first, 4));
        LeaseOffer second = Assert.IsType<LeaseOffer>(await OfferAsync(gateway));
        Assert.True(second.Lease > first.Lease);
        await gateway.LeaseAnsweredAsync(TestShop.Register, TestShop.Epoch, second.Lease, 7, default);
        Assert.DoesNotContain(Leases(), entry => entry.IsBurned); // records 6 and 7 may still bear the first

        Assert.Equal(Printed(first, 5), Assert.IsType<RecordOutcome.Issued>(await Record(gateway, Leased(6, first, 5))).Invoice);
        await Record(gateway, TestShop.Record(7));

        RegisterLease burned = Assert.Single(Leases(), entry => entry.IsBurned).Lease;
        Assert.Equal((first.Lease, 6L, 9L), (burned.Id, burned.Codes.First, burned.Codes.Last));
        Assert.True(Assert.IsType<RecordOutcome.Held>(await Record(gateway, Leased(8, first, 6))).IsCodeConflict);
        Assert.Equal(Printed(second, 0), Assert.IsType<RecordOutcome.Issued>(await Record(gateway, Leased(9, second, 0))).Invoice);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task When_a_quarter_of_its_time_is_left_the_next_lease_comes()
    {
        await using InvoicingGateway gateway = await OpenAsync();
        LeaseOffer first = await TakeAsync(gateway); // from 15:00 to the end of the next day: 33 hours
        _time.Advance(TimeSpan.FromHours(24.7));
        Assert.Null(await OfferAsync(gateway));

        _time.Advance(TimeSpan.FromHours(0.1));

        LeaseOffer second = Assert.IsType<LeaseOffer>(await OfferAsync(gateway));
        Assert.Equal(first.Until.AddDays(1), second.Until);
    }

    [Fact]
    public async Task A_receipt_of_a_newer_lease_ends_the_older_ones()
    {
        await using InvoicingGateway gateway = await OpenAsync();
        LeaseOffer first = await TakeAsync(gateway);
        _time.Advance(TimeSpan.FromHours(25));
        LeaseOffer second = Assert.IsType<LeaseOffer>(await OfferAsync(gateway)); // taken, but LEASED was lost with the line

        Assert.IsType<RecordOutcome.Issued>(await Record(gateway, Leased(1, second, 0, closedAt: _time.GetUtcNow())));

        Assert.Equal(first.Lease, Assert.Single(Leases(), entry => entry.IsBurned).Lease.Id);
        Assert.Null(await OfferAsync(gateway)); // the second is known to be taken
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_refused_lease_is_burned_whole_and_no_other_is_offered_for_a_day()
    {
        await using InvoicingGateway gateway = await OpenAsync();
        await gateway.WelcomeAsync(Hello(), default);
        LeaseOffer lease = Assert.IsType<LeaseOffer>(await OfferAsync(gateway));

        await gateway.LeaseAnsweredAsync(TestShop.Register, TestShop.Epoch, lease.Lease, newestSequence: null, default);

        Assert.Equal(10, Assert.Single(Leases(), entry => entry.IsBurned).Lease.Count);
        Assert.Null(await OfferAsync(gateway));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.True(Assert.IsType<LeaseOffer>(await OfferAsync(gateway)).Lease > lease.Lease);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_new_epoch_burns_what_the_old_one_had_left()
    {
        await using InvoicingGateway gateway = await OpenAsync();
        LeaseOffer lease = await TakeAsync(gateway);
        await Record(gateway, Leased(1, lease, 0));

        await gateway.WelcomeAsync(Hello(epoch: 7), default);

        Assert.Equal(9, Assert.Single(Leases(), entry => entry.IsBurned).Lease.Count);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task At_its_end_a_lease_is_burned_when_the_register_says_that_its_clock_is_past_it_and_its_records_are_here()
    {
        await using InvoicingGateway gateway = await OpenAsync();
        LeaseOffer lease = await TakeAsync(gateway);
        _time.Advance(TimeSpan.FromDays(5));
        await gateway.WelcomeAsync(Hello(newest: 2) with { Clock = lease.Until }, default);
        await gateway.WelcomeAsync(Hello(newest: 2) with { Clock = _time.GetUtcNow() }, default);
        Assert.DoesNotContain(Leases(), entry => entry.IsBurned);

        Assert.IsType<RecordOutcome.Issued>(await Record(gateway, Leased(1, lease, 0)));
        Assert.IsType<RecordOutcome.Issued>(await Record(gateway, Leased(2, lease, 1)));

        Assert.Equal(8, Assert.Single(Leases(), entry => entry.IsBurned).Lease.Count);
        Assert.True(Assert.IsType<RecordOutcome.Held>(await Record(gateway, Leased(3, lease, 2))).IsCodeConflict);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_held_receipt_keeps_its_code_and_the_invoice_that_closes_it_bears_it()
    {
        await using InvoicingGateway gateway = await OpenAsync();
        LeaseOffer lease = await TakeAsync(gateway);
        RegisterRecord unreadable = Leased(1, lease, 0) with { Sale = null, Unreadable = "expected a total, found none" };

        RecordOutcome.Held held = Assert.IsType<RecordOutcome.Held>(await Record(gateway, unreadable with { At = _time.GetUtcNow() }));
        Assert.False(held.IsCodeConflict);
        Assert.Equal(Printed(lease, 1), Assert.IsType<RecordOutcome.Issued>(await Record(gateway, Leased(2, lease, 1))).Invoice);
        HeldRecord hole = Assert.Single(gateway.ReadHeld());
        IssuedInvoice closing = await gateway.ResolveHeldAsync(hole.Position, Leased(1, lease, 0).Sale!).Soon();

        Assert.Equal(Printed(lease, 0), closing.Invoice.Printed);
        Assert.Equal(lease.Lease, closing.Invoice.Lease);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task An_invoice_with_a_leased_code_is_found_by_it_and_so_are_those_around_it()
    {
        await using InvoicingGateway gateway = await OpenAsync();
        LeaseOffer lease = await TakeAsync(gateway);
        ulong sequence = 0;
        for (int i = 0; i < 6; i++)
        {
            await Record(gateway, TestShop.Record(++sequence));
            await Record(gateway, TestShop.Record(++sequence));
            await Record(gateway, Leased(++sequence, lease, i));
        }

        foreach (Invoice invoice in Invoices().ToArray())
        {
            IssuedCorrection corrected = await gateway.CorrectAsync(
                new() { Type = CorrectionType.Replacement, Corrected = invoice.Code, Reason = "sai", Sale = TestShop.Sale(1, cake: 34_000) }).Soon();
            Assert.Equal(invoice.Code, corrected.Correction.Corrected.Code);
        }

        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_device_before_this_one_gave_the_lease_and_its_codes_are_entered_as_recovered()
    {
        await using InvoicingGateway gateway = await OpenAsync();
        await gateway.WelcomeAsync(Hello(newest: 3, acknowledged: 1), default);
        PrintedInvoice[] printed = [.. Enumerable.Range(776, 3).Select(i => new PrintedInvoice($"M1-26-ZZZZZ-{i:00000000000}", "C26MZZ", i))];
        await Record(gateway, TestShop.Record(1, recovered: printed[0]) with { Leased = new(5, printed[0]) });

        RecordOutcome live = await Record(gateway, TestShop.Record(2) with { Leased = new(5, printed[1]) });
        RecordOutcome held = await Record(gateway, TestShop.Record(3) with { Leased = new(5, printed[1]) });

        Assert.Equal(printed[1], Assert.IsType<RecordOutcome.Issued>(live).Invoice);
        Assert.Equal([true, true], Invoices().Select(invoice => invoice.IsRecovered));
        Assert.True(Assert.IsType<RecordOutcome.Held>(held).IsCodeConflict);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task Without_the_option_no_lease_is_given_and_a_lease_never_takes_the_last_codes()
    {
        using TestShop small = new(codes: 15, numbers: 15);
        await using (InvoicingGateway none = await small.OpenAsync())
        {
            await none.WelcomeAsync(Hello(), default);
            Assert.Null(await OfferAsync(none));
        }

        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(small.Options with { Leases = new() { Codes = 10 } }).Soon();
        Assert.Null(await OfferAsync(gateway));
        Assert.Equal(15, gateway.Status.CodesLeft);
    }

    [Fact]
    public async Task At_the_end_of_the_year_a_lease_ends_with_it()
    {
        _time.StepWallClock(new DateTimeOffset(2026, 12, 31, 9, 0, 0, TimeSpan.Zero) - _time.GetUtcNow());
        await using InvoicingGateway gateway = await OpenAsync();
        LeaseOffer lease = await TakeAsync(gateway);
        Assert.Equal((26, new DateTimeOffset(2026, 12, 31, 23, 59, 59, 999, TimeSpan.FromHours(7))), (lease.Year, lease.Until));

        _time.Advance(TimeSpan.FromHours(7.99));
        Assert.Null(await OfferAsync(gateway)); // another would end with the year, too
        _time.Advance(TimeSpan.FromHours(1));

        LeaseOffer next = Assert.IsType<LeaseOffer>(await OfferAsync(gateway));
        Assert.Equal((27, "C27MAA", 1), (next.Year, next.Series, next.FirstNumber));
        Assert.Equal(Printed(lease, 0), Assert.IsType<RecordOutcome.Issued>(await Record(gateway, Leased(1, lease, 0, closedAt: lease.Until))).Invoice);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_leased_code_that_stands_twice_or_out_of_its_lease_in_a_journal_is_found_by_the_audit()
    {
        await using (InvoicingGateway gateway = await OpenAsync())
        {
            LeaseOffer lease = await TakeAsync(gateway);
            await Record(gateway, Leased(1, lease, 0));
            await Record(gateway, Leased(2, lease, 1));
        }

        Journal.JournalTests.Damage(_shop.JournalPath, "DROP TRIGGER lease_only_rises; UPDATE lease SET next = 1");

        JournalAuditReport report = await JournalAudit.RunAsync(_shop.JournalPath).Soon();
        Assert.Contains(report.Faults, fault => fault.What.StartsWith("cursor of lease", StringComparison.Ordinal));
        await Assert.ThrowsAsync<JournalCorruptException>(() => OpenAsync());
    }

    private static Task<LeaseOffer?> OfferAsync(InvoicingGateway gateway) => gateway.OfferLeaseAsync(TestShop.Register, TestShop.Epoch, default).Soon();

    private static PrintedInvoice Printed(LeaseOffer lease, int place) =>
        new($"M{lease.Kind}-{lease.Year}-{lease.Block}-{lease.FirstCode + place:00000000000}", lease.Series, lease.FirstNumber + place);

    private Task<InvoicingGateway> OpenAsync() =>
        InvoicingGateway.OpenAsync(_shop.Options with { Leases = new() { Codes = 10 }, Time = _time }).Soon();

    /// <summary>A welcome register takes its first lease.</summary>
    private static async Task<LeaseOffer> TakeAsync(InvoicingGateway gateway)
    {
        await gateway.WelcomeAsync(Hello(), default);
        LeaseOffer lease = Assert.IsType<LeaseOffer>(await OfferAsync(gateway));
        await gateway.LeaseAnsweredAsync(TestShop.Register, TestShop.Epoch, lease.Lease, 0, default);
        return lease;
    }

    /// <summary>A receipt closed on 1 July 2026, 15:30, unless told otherwise.</summary>
    private static RegisterRecord Leased(
        ulong sequence, LeaseOffer lease, int place, PrintedInvoice? printed = null, DateTimeOffset? closedAt = null, string register = "SIM-0001")
    {
        RegisterRecord record = TestShop.Record(sequence, register);
        byte[] bytes = [.. record.Bytes.Span, (byte)place, (byte)(lease.Lease & 0xFF)];
        return record with
        {
            Bytes = bytes,
            Hash = Sha256Hash.Of(bytes),
            Leased = new(lease.Lease, printed ?? Printed(lease, place)),
            Sale = record.Sale! with
            {
                ClosedAt = closedAt ?? new DateTimeOffset(2026, 7, 1, 15, 30, 0, TimeSpan.FromHours(7)),
                Clock = ClockConfidence.Set,
                RecordHash = Sha256Hash.Of(bytes),
            },
        };
    }

    private List<(RegisterLease Lease, bool IsBurned)> Leases() =>
        [.. JournalExport.Read(_shop.JournalPath).Where(entry => entry.Kind == EntryKind.Lease).Select(entry => JournalCrossCheck.LeaseOf(entry)!.Value)];

    private IEnumerable<Invoice> Invoices() => JournalExport.Read(_shop.JournalPath).Where(entry => entry.Kind == EntryKind.Invoice)
        .Select(entry => JournalFile.InvoiceOf(entry)!);

    private async Task AssertSoundAsync() => Assert.Empty((await JournalAudit.RunAsync(_shop.JournalPath).Soon()).Faults);
}
