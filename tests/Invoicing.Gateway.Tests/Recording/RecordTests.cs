using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Recording;
using Invoicing.Hashing;
using Invoicing.Sales;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Recording;

/// <summary>What becomes of each kind of record, on a real journal.</summary>
public sealed class RecordTests
{
    private static readonly PrintedInvoice Printed = new("M1-26-ZZZZZ-00000000777", "C26MZZ", 777);

    [Fact]
    public async Task A_sale_is_issued_and_the_same_record_gets_the_same_answer()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        RecordOutcome first = await Record(gateway, TestShop.Record(1));
        RecordOutcome again = await Record(gateway, TestShop.Record(1));

        Assert.Equal(
            new RecordOutcome.Issued(new("M1-26-A1B2C-00000000000", "C26MAA", 1), "MCCQT=M1-26-A1B2C-00000000000;MST=0107001729;TT=93000"), first);
        Assert.Equal(first, again);
    }

    [Fact]
    public async Task A_sale_that_breaks_a_rule_is_a_hole_with_its_record_and_takes_no_number()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        RegisterRecord record = TestShop.Record(1);
        RegisterRecord wrong = record with { Sale = record.Sale! with { Total = new(1) } };

        RecordOutcome.Held held = Assert.IsType<RecordOutcome.Held>(await Record(gateway, wrong));
        RecordOutcome.Held again = Assert.IsType<RecordOutcome.Held>(await Record(gateway, wrong));
        RecordOutcome next = await Record(gateway, TestShop.Record(2));

        Assert.Contains("VN-TOTAL-2 at Total: expected 93000", held.Reason, StringComparison.Ordinal);
        Assert.Equal(held, again);
        Assert.Equal(1, Assert.IsType<RecordOutcome.Issued>(next).Invoice.Number);
        Assert.Equal(1, gateway.Status.Held);
        SignedEntry hole = Assert.Single(JournalExport.Read(shop.JournalPath), entry => entry.Kind == EntryKind.Hole);
        AssertAttached(shop, hole, record.Bytes);
    }

    [Fact]
    public async Task A_held_sale_of_an_embedder_throws_with_the_reason_and_is_durable()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        SaleHeldException fault = await Assert.ThrowsAsync<SaleHeldException>(
            () => gateway.IssueAsync(TestShop.Sale(1) with { Total = new(5) }).Soon());

        Assert.Contains("VN-TOTAL-2", fault.Reason, StringComparison.Ordinal);
        Assert.Equal(1, gateway.Status.Held);
        SignedEntry hole = Assert.Single(JournalExport.Read(shop.JournalPath), entry => entry.Kind == EntryKind.Hole);
        AssertAttached(shop, hole, SaleContent.Of(TestShop.Sale(1) with { Total = new(5) }));
    }

    [Fact]
    public async Task A_record_that_the_driver_could_not_read_is_a_hole_with_the_drivers_words()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        RecordOutcome outcome = await Record(
            gateway, TestShop.Record(1) with { Sale = null, Unreadable = "expected a total, found none" });

        Assert.Equal(new RecordOutcome.Held("expected a total, found none"), outcome);
    }

    [Fact]
    public async Task A_sale_too_large_for_a_body_is_a_hole_and_takes_no_number()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        SaleLine line = TestShop.Sale(1).Lines[0] with { Name = new string('đ', 480) };
        RegisterRecord record = TestShop.Record(1);
        Sale large = record.Sale! with { Lines = [.. Enumerable.Repeat(line, 100)], Total = new(5_800_000), Payments = [] };

        RecordOutcome.Held held = Assert.IsType<RecordOutcome.Held>(await Record(gateway, record with { Sale = large }));

        Assert.Contains("expected Invoice content of at most", held.Reason, StringComparison.Ordinal);
        Assert.Equal(1, Assert.IsType<RecordOutcome.Issued>(await Record(gateway, TestShop.Record(2))).Invoice.Number);
        Assert.True((await JournalAudit.RunAsync(shop.JournalPath).Soon()).IsSound);
    }

    [Theory]
    [InlineData(RecordKind.PowerLoss)]
    [InlineData(RecordKind.ClockChange)]
    [InlineData(RecordKind.PriceListChange)]
    [InlineData(RecordKind.NoSale)]
    public async Task A_record_that_is_no_sale_is_recorded_as_it_came(RecordKind kind)
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        RegisterRecord record = TestShop.Record(1) with { Kind = kind, Sale = null };

        Assert.Equal(new RecordOutcome.Recorded(), await Record(gateway, record));
        Assert.Equal(new RecordOutcome.Recorded(), await Record(gateway, record));

        SignedEntry entry = JournalExport.Read(shop.JournalPath).Last();
        Assert.Equal(EntryKind.RegisterEvent, entry.Kind);
        AssertAttached(shop, entry, record.Bytes);
    }

    [Theory]
    [InlineData(RecordKind.Void)]
    [InlineData(RecordKind.Refund)]
    public async Task A_void_or_refund_is_kept_and_held_for_a_correction(RecordKind kind)
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        RecordOutcome outcome = await Record(gateway, TestShop.Record(1) with { Kind = kind, Sale = null });

        Assert.Contains("correct its invoice", Assert.IsType<RecordOutcome.Held>(outcome).Reason, StringComparison.Ordinal);
        Assert.Equal(1, gateway.Status.Held);
    }

    [Fact]
    public async Task A_record_after_a_missing_one_names_the_missing_one_and_records_nothing()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await Record(gateway, TestShop.Record(1));
        long head = gateway.Status.HeadPosition;

        Assert.Equal(new RecordOutcome.Gap(2), await Record(gateway, TestShop.Record(3)));
        SaleOutOfOrderException fault = await Assert.ThrowsAsync<SaleOutOfOrderException>(() => gateway.IssueAsync(TestShop.Sale(3)).Soon());

        Assert.Equal(2UL, fault.Expected);
        Assert.Equal(head, gateway.Status.HeadPosition);
    }

    [Fact]
    public async Task A_gap_for_good_is_an_entry_and_the_line_goes_on_behind_it()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await Record(gateway, TestShop.Record(1));

        Assert.Equal(new RecordOutcome.Gap(2), await Gap(gateway, 3, 5));
        Assert.Equal(new RecordOutcome.Recorded(), await Gap(gateway, 2, 5));
        long head = gateway.Status.HeadPosition;
        Assert.Equal(new RecordOutcome.Recorded(), await Gap(gateway, 2, 5));

        Assert.Equal(head, gateway.Status.HeadPosition);
        Assert.IsType<RecordOutcome.Issued>(await Record(gateway, TestShop.Record(6)));
        Assert.IsType<RecordOutcome.Issued>(await Record(gateway, TestShop.Record(4)));
        Assert.True((await JournalAudit.RunAsync(shop.JournalPath).Soon()).IsSound);
    }

    [Fact]
    public async Task A_conflict_is_kept_once_stops_the_line_over_restarts_and_is_released_by_a_person()
    {
        using TestShop shop = new();
        RegisterRecord other = TestShop.Record(1, cake: 36_000);
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            await Record(gateway, TestShop.Record(1));
            Assert.Equal(new RecordOutcome.Conflict(TestShop.Record(1).Hash), await Record(gateway, other));
            Assert.Equal(new RecordOutcome.Conflict(TestShop.Record(1).Hash), await Record(gateway, other));
        }

        await using InvoicingGateway again = await shop.OpenAsync();
        Assert.Equal(1, again.Status.Conflicts);
        Assert.IsType<RegisterStanding.Stopped>(await again.WelcomeAsync(Hello(), default).Soon());
        Assert.IsType<RecordOutcome.NotNow>(await Record(again, TestShop.Record(2)));
        SignedEntry conflict = Assert.Single(JournalExport.Read(shop.JournalPath), entry => entry.Kind == EntryKind.Conflict);
        AssertAttached(shop, conflict, other.Bytes);

        await again.ReleaseRegisterAsync(TestShop.Register, TestShop.Epoch, "the first is right: Lan, shop owner").Soon();

        Assert.Equal(new RegisterStanding.Open(1), await again.WelcomeAsync(Hello(), default).Soon());
        Assert.IsType<RecordOutcome.Issued>(await Record(again, TestShop.Record(2)));
        Assert.Equal(new RecordOutcome.Conflict(TestShop.Record(1).Hash), await Record(again, other));
        Assert.IsType<RecordOutcome.Issued>(await Record(again, TestShop.Record(3)));
        Assert.True((await JournalAudit.RunAsync(shop.JournalPath).Soon()).IsSound);
    }

    [Fact]
    public async Task A_recovered_sale_keeps_the_code_and_number_that_its_customer_holds()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        RecordOutcome.Issued recovered = Assert.IsType<RecordOutcome.Issued>(await Record(gateway, TestShop.Record(1, recovered: Printed)));
        RecordOutcome.Issued next = Assert.IsType<RecordOutcome.Issued>(await Record(gateway, TestShop.Record(2)));
        RecordOutcome.Issued later = Assert.IsType<RecordOutcome.Issued>(
            await Record(gateway, TestShop.Record(3) with { IsRecovered = true }));

        Assert.Equal(Printed, recovered.Invoice);
        Assert.Equal(new PrintedInvoice("M1-26-A1B2C-00000000000", "C26MAA", 1), next.Invoice);
        Assert.Equal(2, later.Invoice.Number);
        SignedEntry entry = Assert.Single(JournalExport.Read(shop.JournalPath), e => e.Kind == EntryKind.Invoice && Fields(e).Record!.Value.IsRecovered);
        Assert.Equal(Printed.Code, Fields(entry).Code.ToString());
        Assert.True((await JournalAudit.RunAsync(shop.JournalPath).Soon()).IsSound);
    }

    [Theory]
    [InlineData("M1-26-A1B2C-00000000005", "C26MZZ", 778, "of this device's range")]
    [InlineData("M1-26-ZZZZZ-00000000778", "C26MAA", 5, "of this device's range")]
    [InlineData("M1-26-ZZZZZ-00000000777", "C26MZZ", 778, "which another record brought")]
    [InlineData("M1-26-ZZZZZ-00000000778", "C26MZZ", 777, "which another record brought")]
    [InlineData("not a code", "C26MZZ", 778, "VN-CODE-1")]
    public async Task A_recovered_code_or_number_that_cannot_be_its_own_is_a_hole(string code, string series, int number, string reason)
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await Record(gateway, TestShop.Record(1, recovered: Printed));

        RecordOutcome.Held held = Assert.IsType<RecordOutcome.Held>(
            await Record(gateway, TestShop.Record(2, recovered: new(code, series, number))));

        Assert.Contains(reason, held.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Codes_and_numbers_used_up_record_nothing_and_say_what_is_missing()
    {
        using TestShop shop = new(codes: 2, numbers: 100);
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await Record(gateway, TestShop.Record(1));
        Assert.False(gateway.Status.RangesRunLow && gateway.Status.CodesLeft == 2);
        await Record(gateway, TestShop.Record(2));
        long head = gateway.Status.HeadPosition;

        RecordOutcome.NotNow outcome = Assert.IsType<RecordOutcome.NotNow>(await Record(gateway, TestShop.Record(3)));

        Assert.Contains("used up: a range of authority codes", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(head, gateway.Status.HeadPosition);
        Assert.Equal(0, gateway.Status.CodesLeft);
        Assert.Equal(98, gateway.Status.NumbersLeft["C26MAA"]);
        Assert.True(gateway.Status.RangesRunLow);
        Assert.Equal(RecordingState.Waiting, gateway.Status.Recording.State);
        Assert.IsType<RecordOutcome.Recorded>(await Record(gateway, TestShop.Record(3) with { Kind = RecordKind.NoSale, Sale = null }));
    }

    [Fact]
    public async Task While_the_clock_is_not_plausible_nothing_is_recorded_and_it_ends_by_itself()
    {
        using TestShop shop = new();
        var time = new ManualTime();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { Time = time }).Soon();
        await Record(gateway, TestShop.Record(1));

        time.StepWallClock(TimeSpan.FromDays(-1));
        RecordOutcome.NotNow outcome = Assert.IsType<RecordOutcome.NotNow>(await Record(gateway, TestShop.Record(2)));
        Assert.Contains("which is before", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(RecordingState.Waiting, gateway.Status.Recording.State);
        Assert.Equal(
            new RecordOutcome.Issued(new("M1-26-A1B2C-00000000000", "C26MAA", 1), "MCCQT=M1-26-A1B2C-00000000000;MST=0107001729;TT=93000"),
            await Record(gateway, TestShop.Record(1)));

        time.StepWallClock(TimeSpan.FromDays(2));
        Assert.IsType<RecordOutcome.Issued>(await Record(gateway, TestShop.Record(2)));
        Assert.Equal(RecordingState.On, gateway.Status.Recording.State);
        Assert.Contains(JournalExport.Read(shop.JournalPath), entry => entry.Kind == EntryKind.DeviceEvent);
    }

    [Fact]
    public async Task Order_never_comes_from_a_clock_and_times_never_go_back()
    {
        using TestShop shop = new();
        var time = new ManualTime(new(2026, 7, 10, 8, 0, 0, TimeSpan.Zero));
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { Time = time }).Soon();
        int[] steps = [-90, 30, -100, 3600, -60, 0, 86_400];
        for (int i = 0; i < steps.Length; i++)
        {
            time.StepWallClock(TimeSpan.FromSeconds(steps[i]));
            await Record(gateway, TestShop.Record((ulong)i + 1));
        }

        long[] times = [.. JournalExport.Read(shop.JournalPath).Select(entry =>
        {
            Assert.Null(EntryFields.Read(entry.Body.Span, out EntryFields fields));
            return fields.RecordedAt;
        })];
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public async Task At_midnight_the_date_of_issue_is_that_of_the_recording()
    {
        using TestShop shop = new();
        var time = new ManualTime(new(2026, 12, 31, 16, 59, 59, TimeSpan.Zero));
        using BlockingSigner signer = new();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { Time = time, Signer = signer }).Soon();
        signer.Block();
        Task<IssuedInvoice> before = gateway.IssueAsync(TestShop.Sale(1));
        await signer.Reached.Soon();
        Task<IssuedInvoice> after = gateway.IssueAsync(TestShop.Sale(2));
        time.Advance(TimeSpan.FromSeconds(2));
        signer.Release();

        Assert.Equal("C26MAA", (await before.Soon()).Invoice.Series.ToString());
        IssuedInvoice newYear = await after.Soon();
        Assert.Equal(new DateOnly(2027, 1, 1), newYear.Invoice.IssuedOn);
        Assert.Equal("C27MAA", newYear.Invoice.Series.ToString());
        Assert.StartsWith("M1-27-", newYear.Invoice.Code.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_gone_records_nothing_and_it_ends_by_itself()
    {
        using TestShop shop = new();
        using FailingSigner signer = new();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { Signer = signer }).Soon();
        await Record(gateway, TestShop.Record(1));

        signer.IsOut = true;
        Assert.Equal(new RecordOutcome.NotNow("the token was pulled out; put it back"), await Record(gateway, TestShop.Record(2)));
        Assert.Equal(RecordingState.Waiting, gateway.Status.Recording.State);
        signer.IsOut = false;

        Assert.Equal(2, Assert.IsType<RecordOutcome.Issued>(await Record(gateway, TestShop.Record(2))).Invoice.Number);
        Assert.Equal(RecordingState.On, gateway.Status.Recording.State);
    }

    [Fact]
    public async Task A_key_that_fails_now_and_then_under_load_loses_and_doubles_nothing()
    {
        const int Callers = 16;
        const int Sales = 60;
        using TestShop shop = new();
        using FailingSigner signer = new(failEvery: 47);
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { Signer = signer }).Soon();
        int refused = 0;

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (ulong i = 1; i <= Sales;)
            {
                try
                {
                    await gateway.IssueAsync(TestShop.Sale(i, $"R{caller}"));
                    i++;
                }
                catch (NotRecordedException)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        }))).Soon(TimeSpan.FromSeconds(60));

        JournalAuditReport report = await JournalAudit.RunAsync(shop.JournalPath).Soon(TimeSpan.FromSeconds(60));
        Assert.Empty(report.Faults);
        Assert.Equal(Callers * Sales, report.Invoices);
        Assert.Equal(report.HeadPosition, gateway.Status.HeadPosition);
        Assert.True(refused > 0, "the key should have failed");
    }

    internal static RegisterHello Hello(ulong epoch = TestShop.Epoch, ulong newest = 0, ulong acknowledged = 0) =>
        new(TestShop.Register, epoch, newest == 0 ? 0UL : 1UL, newest, acknowledged);

    private static Task<RecordOutcome> Record(InvoicingGateway gateway, RegisterRecord record) => gateway.RecordAsync(record, default).Soon();

    private static Task<RecordOutcome> Gap(InvoicingGateway gateway, ulong first, ulong last) =>
        gateway.RecordGapAsync(TestShop.Key(first), last, "the register's ring was overwritten", default).Soon();

    private static ContentFields Fields(SignedEntry entry)
    {
        Assert.Null(EntryFields.Read(entry.Body.Span, out EntryFields fields));
        Assert.Null(ContentFields.Read(fields.Kind, fields.Content(entry.Body.Span), out ContentFields content));
        return content;
    }

    private static void AssertAttached(TestShop shop, SignedEntry entry, ReadOnlyMemory<byte> content)
    {
        using var reader = JournalReader.Open(shop.JournalPath);
        StoredAttachment attachment = Assert.Single(reader.ReadAttachments(entry.Position));
        Assert.Equal(content.ToArray(), attachment.Content.ToArray());
        var commitment = Sha256Hash.Of(attachment.Salt.Span, content.Span);
        Assert.True(entry.Body.Span.IndexOf(commitment.ToArray()) > 0, "the entry does not name the attachment's commitment");
    }
}
