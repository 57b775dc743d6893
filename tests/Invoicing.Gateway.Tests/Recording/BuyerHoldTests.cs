using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Recording;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Recording;

/// <summary>Sales that wait for their buyers, and buyers that wait for their sales.</summary>
public sealed class BuyerHoldTests
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(1);
    private static readonly Buyer Company = BuyerTests.Company;
    private readonly ManualTime _time = new(new(2026, 7, 10, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_sale_waits_for_its_buyer_and_whoever_stated_it_is_told_what_became_of_it()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await Open(shop);
        long head = gateway.Status.HeadPosition;
        Task<IssuedInvoice> waiting = gateway.IssueAsync(TestShop.Sale(1));
        Assert.False(waiting.IsCompleted);
        Assert.Equal(head, gateway.Status.HeadPosition);

        RecordOutcome? told = await gateway.StateBuyerAsync(TestShop.Register, "R1", Company).Soon();

        IssuedInvoice issued = await waiting.Soon();
        Assert.Equal(issued.Invoice.Printed, Assert.IsType<RecordOutcome.Issued>(told).Invoice);
        Assert.Equal(Company, BuyerTests.ReadBuyer(shop, issued.Entry));
    }

    [Fact]
    public async Task Nobody_stated_a_buyer_and_after_the_hold_the_sale_is_issued_without()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await Open(shop);
        Task<RecordOutcome> waiting = gateway.RecordAsync(TestShop.Record(1), default);

        _time.Advance(Hold - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.IsType<RecordOutcome.Issued>(await waiting.Soon());
        Assert.Empty(BuyerTests.Attachments(shop, JournalExport.Read(shop.JournalPath).Last()));
    }

    [Fact]
    public async Task Sales_of_a_register_keep_their_order_and_other_registers_do_not_wait()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await Open(shop);
        Task<RecordOutcome> first = gateway.RecordAsync(TestShop.Record(1), default);
        Task<RecordOutcome> second = gateway.RecordAsync(TestShop.Record(2), default);
        Task<RecordOutcome> close = gateway.RecordAsync(TestShop.Record(3) with { Kind = RecordKind.DayClose, Sale = null }, default);
        Task<RecordOutcome?> told = gateway.StateBuyerAsync(TestShop.Register, "R2", Company);
        Assert.IsType<RecordOutcome.Issued>(await gateway.RecordAsync(
            TestShop.Record(1, "SIM-0002") with { Sale = TestShop.Sale(1, "SIM-0002") with { Buyer = Company } }, default).Soon());
        Assert.False(first.IsCompleted || second.IsCompleted || close.IsCompleted || told.IsCompleted);

        await gateway.StateBuyerAsync(TestShop.Register, null, Company with { Name = "Người thứ nhất" }).Soon();

        Assert.Equal(2, Assert.IsType<RecordOutcome.Issued>(await first.Soon()).Invoice.Number);
        Assert.Equal(3, Assert.IsType<RecordOutcome.Issued>(await second.Soon()).Invoice.Number);
        Assert.Equal(await second.Soon(), await told.Soon());
        Assert.IsType<RecordOutcome.Recorded>(await close.Soon());
        Assert.Equal(
            ["Công ty Sông Hồng", "Người thứ nhất", "Công ty Sông Hồng"],
            Invoices(shop).Select(invoice => BuyerTests.ReadBuyer(shop, invoice.Entry).Name));
    }

    [Fact]
    public async Task A_buyer_stated_before_the_sale_waits_for_the_next_one_and_for_no_other()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await Open(shop, welcome: true);

        Assert.Null(await gateway.StateBuyerAsync(TestShop.Register, null, Company).Soon());
        IssuedInvoice issued = await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        Task<IssuedInvoice> next = gateway.IssueAsync(TestShop.Sale(2));

        Assert.Equal(Company, BuyerTests.ReadBuyer(shop, issued.Entry));
        Assert.False(next.IsCompleted);
        _time.Advance(Hold);
        Assert.Empty(BuyerTests.Attachments(shop, (await next.Soon()).Entry));
    }

    [Fact]
    public async Task A_statement_lapses_so_that_it_reaches_no_strangers_receipt()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await Open(shop, welcome: true);
        await gateway.StateBuyerAsync(TestShop.Register, null, Company).Soon();
        await gateway.StateBuyerAsync(TestShop.Register, "R1", Company).Soon();

        _time.Advance(Hold);
        Task<IssuedInvoice> waiting = gateway.IssueAsync(TestShop.Sale(1));

        Assert.False(waiting.IsCompleted);
        _time.Advance(Hold);
        Assert.Empty(BuyerTests.Attachments(shop, (await waiting.Soon()).Entry));
    }

    [Fact]
    public async Task A_statement_for_a_receipt_waits_for_that_receipt()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await Open(shop, welcome: true);
        await gateway.StateBuyerAsync(TestShop.Register, "R2", Company).Soon();

        Task<IssuedInvoice> first = gateway.IssueAsync(TestShop.Sale(1));
        Task<IssuedInvoice> second = gateway.IssueAsync(TestShop.Sale(2));
        Assert.False(first.IsCompleted);
        _time.Advance(Hold);

        Assert.Empty(BuyerTests.Attachments(shop, (await first.Soon()).Entry));
        Assert.Equal(Company, BuyerTests.ReadBuyer(shop, (await second.Soon()).Entry));
    }

    [Fact]
    public async Task A_sale_with_a_buyer_of_its_own_does_not_wait_and_ends_a_statement_for_the_next()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await Open(shop, welcome: true);
        await gateway.StateBuyerAsync(TestShop.Register, null, Company).Soon();
        Buyer own = new() { Person = "Lan" };

        IssuedInvoice issued = await gateway.IssueAsync(TestShop.Sale(1) with { Buyer = own }).Soon();
        Task<IssuedInvoice> stranger = gateway.IssueAsync(TestShop.Sale(2));

        Assert.Equal(own, BuyerTests.ReadBuyer(shop, issued.Entry));
        Assert.False(stranger.IsCompleted);
        _time.Advance(Hold);
        Assert.Empty(BuyerTests.Attachments(shop, (await stranger.Soon()).Entry));
    }

    [Fact]
    public async Task A_sale_that_is_issued_takes_no_buyer_and_the_way_is_named_also_after_a_restart()
    {
        using TestShop shop = new();
        IssuedInvoice issued;
        await using (InvoicingGateway gateway = await Open(shop))
        {
            Task<IssuedInvoice> waiting = gateway.IssueAsync(TestShop.Sale(1));
            _time.Advance(Hold);
            issued = await waiting.Soon();
            SaleAlreadyIssuedException late = await Assert.ThrowsAsync<SaleAlreadyIssuedException>(
                () => gateway.StateBuyerAsync(TestShop.Register, "R1", Company).Soon());
            Assert.Equal((issued.Invoice.Printed, TestShop.Key(1)), (late.Invoice, late.Key));
            Assert.Contains("name the buyer in a replacement", late.Message, StringComparison.Ordinal);
        }

        await using InvoicingGateway again = await Open(shop);
        SaleAlreadyIssuedException fault = await Assert.ThrowsAsync<SaleAlreadyIssuedException>(
            () => again.StateBuyerAsync(TestShop.Register, "R1", Company).Soon());
        Assert.Equal(issued.Invoice.Printed, fault.Invoice);
        Task<IssuedInvoice> next = again.IssueAsync(TestShop.Sale(2) with { ReceiptNumber = "R1" });
        _time.Advance(Hold);

        // The refused statement must not reach a later receipt of the same number.
        Assert.Empty(BuyerTests.Attachments(shop, (await next.Soon()).Entry));
    }

    [Fact]
    public async Task A_sale_that_was_recorded_or_recovered_or_closed_long_ago_does_not_wait()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await Open(shop);
        Task<IssuedInvoice> first = gateway.IssueAsync(TestShop.Sale(1));
        _time.Advance(Hold);
        await first.Soon();

        await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        await gateway.RecordAsync(TestShop.Record(2, recovered: new("M1-26-ZZZZZ-00000000777", "C26MZZ", 777)), default).Soon();
        Sale old = TestShop.Sale(3) with { ClosedAt = _time.GetUtcNow() - Hold, Clock = ClockConfidence.Synchronised };
        await gateway.IssueAsync(old).Soon();

        Sale younger = TestShop.Sale(4) with { ClosedAt = _time.GetUtcNow() - (Hold / 2), Clock = ClockConfidence.Synchronised };
        Task<IssuedInvoice> waiting = gateway.IssueAsync(younger);
        Assert.False(waiting.IsCompleted);
        _time.Advance(Hold / 2);
        await waiting.Soon();
    }

    [Fact]
    public async Task A_call_that_is_cancelled_while_it_waits_records_nothing_and_its_buyer_waits_for_it_to_come_again()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await Open(shop);
        using CancellationTokenSource stop = new();
        Task<RecordOutcome> first = gateway.RecordAsync(TestShop.Record(1), stop.Token);
        Task<RecordOutcome> second = gateway.RecordAsync(TestShop.Record(2), stop.Token);
        Task<RecordOutcome?> told = gateway.StateBuyerAsync(TestShop.Register, "R2", Company);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Soon());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.Soon());
        await Assert.ThrowsAsync<NotRecordedException>(() => told.Soon());
        Assert.Equal(1, gateway.Status.HeadPosition);

        Task<RecordOutcome> again = gateway.RecordAsync(TestShop.Record(1), default);
        Task<RecordOutcome> behind = gateway.RecordAsync(TestShop.Record(2), default);
        await gateway.StateBuyerAsync(TestShop.Register, "R1", Company with { Name = "Một" }).Soon();
        await again.Soon();
        await behind.Soon();
        Assert.Equal(["Một", Company.Name], Invoices(shop).Select(invoice => BuyerTests.ReadBuyer(shop, invoice.Entry).Name));
    }

    [Fact]
    public async Task A_key_that_fails_keeps_the_buyer_for_the_sale_when_it_comes_again()
    {
        using TestShop shop = new();
        using FailingSigner signer = new();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(Options(shop) with { Signer = signer }).Soon();
        Task<RecordOutcome> waiting = gateway.RecordAsync(TestShop.Record(1), default);
        signer.IsOut = true;

        await Assert.ThrowsAsync<NotRecordedException>(() => gateway.StateBuyerAsync(TestShop.Register, "R1", Company).Soon());
        Assert.IsType<RecordOutcome.NotNow>(await waiting.Soon());
        signer.IsOut = false;
        Assert.IsType<RecordOutcome.Issued>(await gateway.RecordAsync(TestShop.Record(1), default).Soon());

        Assert.Equal(Company, BuyerTests.ReadBuyer(shop, Assert.Single(Invoices(shop)).Entry));
    }

    [Fact]
    public async Task A_gateway_that_closes_records_no_sale_that_waits_and_the_register_brings_it_again()
    {
        using TestShop shop = new();
        InvoicingGateway gateway = await Open(shop);
        Task<IssuedInvoice> waiting = gateway.IssueAsync(TestShop.Sale(1));

        await gateway.DisposeAsync().AsTask().Soon();

        Assert.Contains("the gateway closes", (await Assert.ThrowsAsync<NotRecordedException>(() => waiting.Soon())).Message, StringComparison.Ordinal);
        Assert.Empty(Invoices(shop));
        await using InvoicingGateway again = await shop.OpenAsync();
        Assert.Equal(1, (await again.IssueAsync(TestShop.Sale(1)).Soon()).Invoice.Number);
    }

    [Fact]
    public async Task A_statement_that_cannot_be_is_refused_with_its_reason()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await Open(shop, welcome: true);

        Assert.Contains("VN-BUYER-2", await Refused(gateway, TestShop.Register, "R1", Company with { TaxCode = "1" }), StringComparison.Ordinal);
        Assert.Contains("nothing stated", await Refused(gateway, TestShop.Register, "R1", new()), StringComparison.Ordinal);
        Assert.Contains("1 to 32 characters", await Refused(gateway, TestShop.Register, new('x', 33), Company), StringComparison.Ordinal);
        Assert.Contains("found OTHER, whose sales do not", await Refused(gateway, new("OTHER"), null, Company), StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => gateway.StateBuyerAsync(default, null, Company).Soon());
    }

    [Fact]
    public async Task Without_a_hold_time_no_sale_waits_and_no_buyer_is_taken_but_on_a_line_that_has_one()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { Time = _time }).Soon();
        await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        Assert.Contains("set a hold time", await Refused(gateway, TestShop.Register, "R2", Company), StringComparison.Ordinal);

        ISaleRecorder line = gateway.WithBuyerHold(Hold);
        await line.WelcomeAsync(RecordCalls.Hello(), default).Soon();
        Assert.Null(await gateway.StateBuyerAsync(TestShop.Register, "R2", Company).Soon());
        await line.RecordAsync(TestShop.Record(2), default).Soon();

        Assert.Equal(Company, BuyerTests.ReadBuyer(shop, Invoices(shop).Last().Entry));
        Assert.Same(gateway, gateway.WithBuyerHold(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => gateway.WithBuyerHold(TimeSpan.FromMinutes(11)));
    }

    [Fact]
    public async Task Statements_that_wait_are_bounded_and_the_oldest_gives_way()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await Open(shop, welcome: true);
        for (int i = 1; i <= BuyerDesk.MaxNoted + 1; i++)
        {
            await gateway.StateBuyerAsync(TestShop.Register, $"R{i}", Company).Soon();
        }

        Task<IssuedInvoice> first = gateway.IssueAsync(TestShop.Sale(1));
        Assert.False(first.IsCompleted);
        _time.Advance(Hold / 2);
        Task<IssuedInvoice> last = gateway.IssueAsync(TestShop.Sale(2) with { ReceiptNumber = $"R{BuyerDesk.MaxNoted + 1}" });
        _time.Advance(Hold / 2);

        Assert.Empty(BuyerTests.Attachments(shop, (await first.Soon()).Entry));
        Assert.Equal(Company, BuyerTests.ReadBuyer(shop, (await last.Soon()).Entry));
    }

    [Fact]
    public async Task Whatever_is_stated_in_whatever_order_sales_keep_theirs_and_each_gets_its_own_buyer()
    {
        const int Sales = 40;
        int seed = Environment.TickCount;
        var random = new Random(seed);
        using TestShop shop = new();
        await using InvoicingGateway gateway = await Open(shop);
        Task<IssuedInvoice>[] sales = [.. Enumerable.Range(1, Sales).Select(i => gateway.IssueAsync(TestShop.Sale((ulong)i)))];
        int[] stated = [.. Enumerable.Range(1, Sales).Where(_ => random.Next(2) == 0)];
        random.Shuffle(stated);
        var told = new System.Collections.Concurrent.ConcurrentBag<Task>();
        Parallel.ForEach(
            stated, i => told.Add(gateway.StateBuyerAsync(TestShop.Register, $"R{i}", Company with { Name = $"Khách {i}" })));
        _time.Advance(Hold);

        IssuedInvoice[] issued = await Task.WhenAll(sales).Soon();

        await Task.WhenAll(told).Soon();
        Assert.Equal(Enumerable.Range(1, Sales), issued.Select(invoice => invoice.Invoice.Number));
        for (int i = 1; i <= Sales; i++)
        {
            int buyers = BuyerTests.Attachments(shop, issued[i - 1].Entry).Count;
            Assert.True(buyers == (stated.Contains(i) ? 1 : 0), $"seed {seed}, sale {i}: {buyers} buyers");
            Assert.True(buyers == 0 || BuyerTests.ReadBuyer(shop, issued[i - 1].Entry).Name == $"Khách {i}", $"seed {seed}, sale {i}");
        }
    }

    private GatewayOptions Options(TestShop shop) => shop.Options with { Time = _time, BuyerHold = Hold };

    private async Task<InvoicingGateway> Open(TestShop shop, bool welcome = false)
    {
        InvoicingGateway gateway = await InvoicingGateway.OpenAsync(Options(shop)).Soon();
        if (welcome)
        {
            await gateway.WelcomeAsync(RecordCalls.Hello(), default).Soon();
        }

        return gateway;
    }

    private static async Task<string> Refused(InvoicingGateway gateway, RegisterId register, string? receipt, Buyer buyer) =>
        (await Assert.ThrowsAsync<InvoicingException>(() => gateway.StateBuyerAsync(register, receipt, buyer).Soon())).Message;

    private static IEnumerable<(SignedEntry Entry, Invoice Invoice)> Invoices(TestShop shop) => JournalExport.Read(shop.JournalPath)
        .Where(entry => entry.Kind == EntryKind.Invoice)
        .Select(entry =>
        {
            Assert.Null(EntryFields.Read(entry.Body.Span, out EntryFields fields));
            return (entry, InvoiceContents.Read(fields.Content(entry.Body.Span)));
        });
}
