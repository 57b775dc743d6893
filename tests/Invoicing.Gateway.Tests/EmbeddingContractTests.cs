using Invoicing.Gateway.Journal;
using Invoicing.Sqlite;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests;

/// <summary>design.md 5.15, sentence by sentence.</summary>
public sealed class EmbeddingContractTests
{
    [Fact]
    public async Task One_writer_process_per_journal_the_second_gets_in_use_by_pid_n()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        FileInUseException fault = await Assert.ThrowsAsync<FileInUseException>(shop.OpenAsync);

        Assert.Equal(Environment.ProcessId, fault.ProcessId);
        Assert.Contains($"in use by pid {Environment.ProcessId}", fault.Message, StringComparison.Ordinal);
        await gateway.IssueAsync(TestShop.Sale(1)).Soon();
    }

    [Fact]
    public async Task A_journal_that_was_closed_can_be_opened_again_and_goes_on()
    {
        using TestShop shop = new();
        IssuedInvoice first;
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            first = await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        }

        await using InvoicingGateway again = await shop.OpenAsync();
        IssuedInvoice second = await again.IssueAsync(TestShop.Sale(2)).Soon();

        Assert.Equal(first.Invoice.Number + 1, second.Invoice.Number);
        Assert.Equal(first.Invoice.Code.Digits + 1, second.Invoice.Code.Digits);
    }

    [Fact]
    public async Task Any_number_of_threads()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        IssuedInvoice[][] issued = await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            var mine = new List<IssuedInvoice>();
            for (ulong i = 1; i <= 25; i++)
            {
                mine.Add(await gateway.IssueAsync(TestShop.Sale(i, $"R{caller}")));
            }

            return mine.ToArray();
        }))).Soon(TimeSpan.FromSeconds(60));

        Assert.Equal(Enumerable.Range(1, 400), issued.SelectMany(i => i).Select(i => i.Invoice.Number).Order());
        Assert.Equal(400, issued.SelectMany(i => i).Select(i => i.Invoice.Code).Distinct().Count());
        Assert.All(issued, mine => Assert.Equal(mine.Select(i => i.Entry.Position).Order(), mine.Select(i => i.Entry.Position)));
    }

    [Fact]
    public async Task Calls_for_one_register_are_numbered_in_call_order()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        Task<IssuedInvoice>[] calls = [.. Enumerable.Range(1, 200).Select(i => gateway.IssueAsync(TestShop.Sale((ulong)i)))];
        IssuedInvoice[] issued = await Task.WhenAll(calls).Soon(TimeSpan.FromSeconds(30));

        Assert.Equal(Enumerable.Range(1, 200), issued.Select(i => i.Invoice.Number));
    }

    [Fact]
    public async Task Cancellation_before_the_call_records_nothing()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        long head = gateway.Status.HeadPosition;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => gateway.IssueAsync(TestShop.Sale(1), new CancellationToken(canceled: true)).Soon());

        Assert.Equal(head, gateway.Status.HeadPosition);
        Assert.Equal(1, (await gateway.IssueAsync(TestShop.Sale(1)).Soon()).Invoice.Number);
    }

    [Fact]
    public async Task Cancellation_counts_until_the_sale_is_taken_into_a_group_and_not_after()
    {
        using TestShop shop = new();
        using BlockingSigner signer = new();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { Signer = signer }).Soon();
        signer.Block();
        using CancellationTokenSource taken = new();
        using CancellationTokenSource waiting = new();

        Task<IssuedInvoice> first = gateway.IssueAsync(TestShop.Sale(1), taken.Token);
        await signer.Reached.Soon();
        Task<IssuedInvoice> second = gateway.IssueAsync(TestShop.Sale(2), waiting.Token);
        await taken.CancelAsync();
        await waiting.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.Soon());
        Assert.False(first.IsCompleted);
        signer.Release();
        Assert.Equal(1, (await first.Soon()).Invoice.Number);
        Assert.Equal(2, (await gateway.IssueAsync(TestShop.Sale(2)).Soon()).Invoice.Number);
    }

    [Fact]
    public async Task The_same_key_returns_the_original_also_after_a_restart()
    {
        using TestShop shop = new();
        IssuedInvoice first;
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            first = await gateway.IssueAsync(TestShop.Sale(1)).Soon();
            IssuedInvoice again = await gateway.IssueAsync(TestShop.Sale(1)).Soon();
            Assert.Equal(first.Entry.Hash, again.Entry.Hash);
            Assert.Equal(first.Lookup, again.Lookup);
        }

        await using InvoicingGateway reopened = await shop.OpenAsync();
        IssuedInvoice later = await reopened.IssueAsync(TestShop.Sale(1)).Soon();

        Assert.Equal(first.Invoice.Identity, later.Invoice.Identity);
        Assert.Equal(first.Entry.Signature, later.Entry.Signature);
        Assert.Equal(first.Entry.Body.ToArray(), later.Entry.Body.ToArray());
    }

    [Fact]
    public async Task The_same_sale_twice_at_the_same_moment_is_one_and_two_equal_sales_are_two()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();

        IssuedInvoice[] same = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => gateway.IssueAsync(TestShop.Sale(1)))).Soon();
        IssuedInvoice other = await gateway.IssueAsync(TestShop.Sale(2)).Soon();

        Assert.Single(same.Select(i => i.Invoice.Identity).Distinct());
        Assert.NotEqual(same[0].Invoice.Identity, other.Invoice.Identity);
        Assert.Equal(same[0].Invoice.Total, other.Invoice.Total);
    }

    [Fact]
    public async Task The_same_key_with_other_content_throws_and_both_are_kept()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        IssuedInvoice first = await gateway.IssueAsync(TestShop.Sale(1)).Soon();

        SaleConflictException fault = await Assert.ThrowsAsync<SaleConflictException>(
            () => gateway.IssueAsync(TestShop.Sale(1, cake: 36_000)).Soon());

        Assert.Equal(TestShop.Key(1), fault.Key);
        Assert.Equal(1, gateway.Status.Conflicts);
        Assert.Contains("other content", Assert.Single(gateway.Status.StoppedRegisters), StringComparison.Ordinal);
        Assert.Equal(first.Entry.Hash, (await gateway.IssueAsync(TestShop.Sale(1)).Soon()).Entry.Hash);
        NotRecordedException stopped = await Assert.ThrowsAsync<NotRecordedException>(() => gateway.IssueAsync(TestShop.Sale(2)).Soon());
        Assert.True(stopped.IsTransient);
    }

    [Fact]
    public async Task DisposeAsync_finishes_the_group_in_hand_and_what_waits_behind_it()
    {
        using TestShop shop = new();
        using BlockingSigner signer = new();
        InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { Signer = signer }).Soon();
        signer.Block();
        Task<IssuedInvoice> inHand = gateway.IssueAsync(TestShop.Sale(1));
        await signer.Reached.Soon();
        Task<IssuedInvoice> behind = gateway.IssueAsync(TestShop.Sale(2));

        Task closing = gateway.DisposeAsync().AsTask();
        Assert.False(closing.IsCompleted);
        signer.Release();
        await closing.Soon();

        Assert.Equal(1, (await inHand.Soon()).Invoice.Number);
        Assert.Equal(2, (await behind.Soon()).Invoice.Number);
        await gateway.Completion.Soon();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => gateway.IssueAsync(TestShop.Sale(3)));
        Assert.Equal(Chain.EntryKind.Seal, JournalExport.Read(shop.JournalPath).Last().Kind);
        Assert.True((await JournalAudit.RunAsync(shop.JournalPath).Soon()).IsSound);
    }

    [Fact]
    public async Task Closing_twice_seals_once_and_disposing_twice_does_no_harm()
    {
        using TestShop shop = new();
        InvoicingGateway gateway = await shop.OpenAsync();
        await gateway.IssueAsync(TestShop.Sale(1)).Soon();
        await gateway.DisposeAsync().AsTask().Soon();
        await gateway.DisposeAsync().AsTask().Soon();
        await (await shop.OpenAsync()).DisposeAsync().AsTask().Soon();

        Assert.Single(JournalExport.Read(shop.JournalPath), entry => entry.Kind == Chain.EntryKind.Seal);
    }

    [Fact]
    public async Task No_call_needs_the_network_for_a_register_stated_new_or_known()
    {
        using TestShop shop = new();
        GatewayOptions options = shop.Options with
        {
            EveryRegisterIsNew = false,
            NewRegisters = [TestShop.Register],
            Authority = new("https://localhost:1"),
            DrainTimeout = TimeSpan.Zero,
        };
        await using (InvoicingGateway gateway = await InvoicingGateway.OpenAsync(options).Soon())
        {
            await gateway.IssueAsync(TestShop.Sale(1)).Soon();
            await gateway.StateRegisterIsNewAsync(new("SIM-0002"), "bought today").Soon();
            await gateway.IssueAsync(TestShop.Sale(1, "SIM-0002")).Soon();
        }

        await using InvoicingGateway again = await InvoicingGateway.OpenAsync(options with { NewRegisters = [] }).Soon();
        await again.IssueAsync(TestShop.Sale(2)).Soon();
        await again.IssueAsync(TestShop.Sale(2, "SIM-0002")).Soon();
        await again.IssueAsync(TestShop.Sale(1, epoch: 99)).Soon();
        NotRecordedException fault = await Assert.ThrowsAsync<NotRecordedException>(() => again.IssueAsync(TestShop.Sale(1, "SIM-0003")).Soon());
        Assert.Contains("authority has not yet answered", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_synchronization_context_is_captured()
    {
        using TestShop shop = new();
        var stuck = new StuckContext();
        int posts = await Task.Factory.StartNew(
            () =>
            {
                SynchronizationContext.SetSynchronizationContext(stuck);

                // A user interface's thread that blocks: whatever came back to it would never run.
                Task<InvoicingGateway> opening = InvoicingGateway.OpenAsync(shop.Options);
                opening.Wait(Waiting.Limit);
                InvoicingGateway gateway = opening.Result;
                gateway.IssueAsync(TestShop.Sale(1)).Wait(Waiting.Limit);
                gateway.WelcomeAsync(new(new("R2"), 5, 0, 0, 0), default).AsTask().Wait(Waiting.Limit);
                gateway.RecordAsync(TestShop.Record(1, "R2", 5), default).Wait(Waiting.Limit);
                gateway.DisposeAsync().AsTask().Wait(Waiting.Limit);
                return stuck.Posts;
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Soon(TimeSpan.FromSeconds(60));

        Assert.Equal(0, posts);
    }

    private sealed class StuckContext : SynchronizationContext
    {
        private int _posts;

        public int Posts => _posts;

        public override void Post(SendOrPostCallback d, object? state) => Interlocked.Increment(ref _posts);

        public override void Send(SendOrPostCallback d, object? state) => Interlocked.Increment(ref _posts);
    }
}
