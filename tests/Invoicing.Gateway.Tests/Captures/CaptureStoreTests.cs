using System.Collections.Immutable;
using Invoicing.Gateway.Captures;
using Invoicing.Sales;
using Invoicing.Sqlite;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Captures;

public sealed class CaptureStoreTests : IDisposable
{
    private readonly CaptureShelf _shelf = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _shelf.Dispose();

    [Fact]
    public async Task A_piece_is_kept_as_it_came_and_waits_for_judgement()
    {
        await using CaptureStore store = _shelf.Open();
        ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();

        Assert.Equal(1, await CaptureShelf.Keep(book, "one"));
        Assert.Equal(2, await CaptureShelf.Keep(book, "two", isWhole: false, CaptureShelf.Noon.AddMinutes(1)));

        ImmutableArray<KeptCapture> waiting = await book.ReadUnjudgedAsync(10, Cancel).Soon();
        Assert.Equal(["one", "two"], waiting.Select(CaptureShelf.Text));
        Assert.Equal([CaptureShelf.Noon, CaptureShelf.Noon.AddMinutes(1)], waiting.Select(piece => piece.At));
        Assert.Equal([true, false], waiting.Select(piece => piece.IsWhole));
        Assert.All(waiting, piece => Assert.Equal((CaptureClass.Unjudged, (ulong?)null, 3), (piece.Class, piece.RecordSequence, piece.Length)));
        Assert.Single(await book.ReadUnjudgedAsync(1, Cancel).Soon());
        Assert.Null(await book.ReadAsync(3, Cancel).Soon());
    }

    [Fact]
    public async Task Only_a_judged_piece_has_a_place_and_places_are_contiguous()
    {
        await using CaptureStore store = _shelf.Open();
        ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
        for (int i = 1; i <= 5; i++)
        {
            await CaptureShelf.Keep(book, $"piece {i}");
        }

        Assert.Equal(1UL, (await CaptureShelf.Sold(book, 1, "R1")).RecordSequence);
        Assert.Null((await CaptureShelf.Judge(book, 2, new(CaptureClass.Kitchen, "an order", null, TakesRecord: false))).RecordSequence);
        Assert.Equal(2UL, (await CaptureShelf.Sold(book, 4, "R4")).RecordSequence);
        Assert.Equal(3UL, (await CaptureShelf.Judge(book, 3, new(CaptureClass.Torn, "cut", null, TakesRecord: true))).RecordSequence);

        ImmutableArray<KeptCapture> records = await book.ReadRecordsAsync(0, 10, Cancel).Soon();
        Assert.Equal([1UL, 2UL, 3UL], records.Select(piece => piece.RecordSequence!.Value));
        Assert.Equal(["piece 1", "piece 4", "piece 3"], records.Select(CaptureShelf.Text));
        Assert.Equal("piece 3", CaptureShelf.Text(Assert.Single(await book.ReadRecordsAsync(2, 10, Cancel).Soon())));
        Assert.Equal(5, Assert.Single(await book.ReadUnjudgedAsync(10, Cancel).Soon()).Number);
    }

    [Fact]
    public async Task A_receipt_seen_before_is_a_reprint_without_a_record_whatever_the_judgement_says()
    {
        await using CaptureStore store = _shelf.Open();
        ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
        await CaptureShelf.Keep(book, "the receipt");
        await CaptureShelf.Keep(book, "the receipt");
        await CaptureShelf.Sold(book, 1, "2026-07-01/R1");

        KeptCapture again = await CaptureShelf.Sold(book, 2, "2026-07-01/R1");

        Assert.Equal((CaptureClass.Reprint, 1L, null, null), (again.Class, again.FirstSeen, again.RecordSequence, again.ReceiptKey));
        Assert.Single(await book.ReadRecordsAsync(0, 10, Cancel).Soon());
        KeptCapture stored = (await book.ReadAsync(2, Cancel).Soon())!;
        Assert.Equal((CaptureClass.Reprint, 1L), (stored.Class, stored.FirstSeen));
    }

    [Fact]
    public async Task A_receipt_that_was_misread_twice_is_claimed_by_one_print_and_its_next_print_is_a_reprint()
    {
        await using CaptureStore store = _shelf.Open();
        ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
        for (int i = 1; i <= 4; i++)
        {
            await CaptureShelf.Keep(book, $"print {i}");
        }

        await CaptureShelf.Judge(book, 1, new(CaptureClass.NotRead, "no template", null, TakesRecord: true));
        await CaptureShelf.Judge(book, 2, new(CaptureClass.NotRead, "no template", null, TakesRecord: true));
        await CaptureShelf.Judge(book, 3, new(CaptureClass.Kitchen, "an order", null, TakesRecord: false));

        Assert.Equal(2, await store.ClaimReceiptAsync(CaptureShelf.Till, 2, "R1", Cancel).Soon());
        Assert.Equal(2, await store.ClaimReceiptAsync(CaptureShelf.Till, 2, "R1", Cancel).Soon());
        Assert.Equal(2, await store.ClaimReceiptAsync(CaptureShelf.Till, 1, "R1", Cancel).Soon());
        InvoicingException none = await Assert.ThrowsAsync<InvoicingException>(() => store.ClaimReceiptAsync(CaptureShelf.Till, 3, "R3", Cancel).Soon());
        KeptCapture again = await CaptureShelf.Sold(book, 4, "R1");

        Assert.Contains("expected piece 3 with a record, found none", none.Message, StringComparison.Ordinal);
        Assert.Equal((CaptureClass.Reprint, 2L), (again.Class, again.FirstSeen));
        Assert.Equal((CaptureClass.NotRead, null), ((await book.ReadAsync(2, Cancel).Soon())!.Class, (await book.ReadAsync(2, Cancel).Soon())!.ReceiptKey));
        Assert.Empty(CaptureStore.Verify(_shelf.JournalPath));
    }

    [Fact]
    public async Task The_same_receipt_number_in_two_books_is_two_sales()
    {
        await using CaptureStore store = _shelf.Open();
        ICaptureBook first = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
        ICaptureBook second = await store.OpenAsync(new("TILL-2"), Cancel).Soon();
        await CaptureShelf.Keep(first, "a");
        await CaptureShelf.Keep(second, "b");

        Assert.Equal(1UL, (await CaptureShelf.Sold(first, 1, "R1")).RecordSequence);
        Assert.Equal(1UL, (await CaptureShelf.Sold(second, 1, "R1")).RecordSequence);
        Assert.NotEqual(first.Epoch, second.Epoch);
        Assert.NotEqual(0UL, first.Epoch);
    }

    [Fact]
    public async Task Judging_again_changes_words_only_once_there_is_a_record()
    {
        await using CaptureStore store = _shelf.Open();
        ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
        await CaptureShelf.Keep(book, "unreadable at first");
        await CaptureShelf.Judge(book, 1, new(CaptureClass.NotRead, "no total", null, TakesRecord: false));
        KeptCapture read = await CaptureShelf.Sold(book, 1, "R1");

        KeptCapture again = await CaptureShelf.Judge(book, 1, new(CaptureClass.Copy, "looked again", "R9", TakesRecord: false));

        Assert.Equal((CaptureClass.Sale, 1UL, "R1"), (read.Class, read.RecordSequence!.Value, read.ReceiptKey));
        Assert.Equal((CaptureClass.Sale, 1UL, "R1", "looked again"), (again.Class, again.RecordSequence!.Value, again.ReceiptKey, again.Text));
        await CaptureShelf.Keep(book, "another");
        Assert.Equal(CaptureClass.Sale, (await CaptureShelf.Sold(book, 2, "R9")).Class);
    }

    [Fact]
    public async Task A_receipt_key_without_a_record_is_not_taken()
    {
        await using CaptureStore store = _shelf.Open();
        ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
        await CaptureShelf.Keep(book, "pro forma");
        await CaptureShelf.Keep(book, "paid");
        await CaptureShelf.Judge(book, 1, new(CaptureClass.ProForma, "not paid", "R1", TakesRecord: false));

        Assert.Equal((CaptureClass.Sale, 1UL), await Class(CaptureShelf.Sold(book, 2, "R1")));

        static async Task<(CaptureClass, ulong)> Class(Task<KeptCapture> piece) => ((await piece).Class, (await piece).RecordSequence!.Value);
    }

    [Fact]
    public async Task Everything_is_there_after_the_file_is_opened_again()
    {
        ulong epoch;
        await using (CaptureStore store = _shelf.Open())
        {
            ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
            epoch = book.Epoch;
            await CaptureShelf.Keep(book, "one");
            await CaptureShelf.Keep(book, "two");
            await CaptureShelf.Sold(book, 1, "R1");
            await book.WriteStateAsync(new byte[] { 1, 2, 3 }, Cancel).Soon();
        }

        await using CaptureStore again = _shelf.Open();
        ICaptureBook same = await again.OpenAsync(CaptureShelf.Till, Cancel).Soon();

        Assert.Equal(epoch, same.Epoch);
        Assert.Equal("one", CaptureShelf.Text(Assert.Single(await same.ReadRecordsAsync(0, 10, Cancel).Soon())));
        Assert.Equal("two", CaptureShelf.Text(Assert.Single(await same.ReadUnjudgedAsync(10, Cancel).Soon())));
        Assert.Equal([1, 2, 3], (await same.ReadStateAsync(Cancel).Soon()).ToArray());
        Assert.Equal(3, await CaptureShelf.Keep(same, "three"));
        Assert.Equal(CaptureClass.Reprint, (await CaptureShelf.Sold(same, 3, "R1")).Class);
        Assert.Equal(2UL, (await CaptureShelf.Sold(same, 2, "R2")).RecordSequence);
        Assert.Equal(6, again.Status.Bytes - 5);
    }

    [Fact]
    public async Task Eight_threads_that_print_and_judge_get_each_number_and_place_once()
    {
        const int Threads = 8;
        const int Pieces = 40;
        await using CaptureStore store = _shelf.Open();
        ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();

        KeptCapture[][] judged = await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(
            async () =>
            {
                List<KeptCapture> mine = [];
                for (int i = 0; i < Pieces; i++)
                {
                    // Each receipt is printed by two threads: only one of them may become a record.
                    long number = await CaptureShelf.Keep(book, $"thread {thread}, piece {i}");
                    mine.Add(await CaptureShelf.Sold(book, number, $"R{thread / 2}-{i}"));
                }

                return mine.ToArray();
            },
            Cancel))).Soon(TimeSpan.FromMinutes(1));

        KeptCapture[] all = [.. judged.SelectMany(mine => mine)];
        Assert.Equal(Enumerable.Range(1, Threads * Pieces).Select(n => (long)n), all.Select(piece => piece.Number).Order());
        Assert.Equal(
            Enumerable.Range(1, Threads / 2 * Pieces).Select(n => (ulong)n),
            all.Where(piece => piece.Class == CaptureClass.Sale).Select(piece => piece.RecordSequence!.Value).Order());
        Assert.Equal(Threads / 2 * Pieces, all.Count(piece => piece.Class == CaptureClass.Reprint));
        Assert.Empty(CaptureStore.Verify(_shelf.JournalPath));
    }

    [Fact]
    public async Task Pieces_are_listed_newest_first_without_bytes()
    {
        await using CaptureStore store = _shelf.Open();
        ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
        for (int i = 1; i <= 6; i++)
        {
            await CaptureShelf.Keep(book, new('x', i));
            await CaptureShelf.Judge(book, i, new(i % 2 == 0 ? CaptureClass.Kitchen : CaptureClass.Sale, $"text {i}", null, TakesRecord: false));
        }

        ImmutableArray<KeptCapture> page = await book.ListAsync(null, null, 2, Cancel).Soon();
        ImmutableArray<KeptCapture> next = await book.ListAsync(page[^1].Number, null, 2, Cancel).Soon();
        ImmutableArray<KeptCapture> kitchen = await book.ListAsync(6, CaptureClass.Kitchen, 10, Cancel).Soon();

        Assert.Equal([6L, 5L], page.Select(piece => piece.Number));
        Assert.Equal([4L, 3L], next.Select(piece => piece.Number));
        Assert.Equal([4L, 2L], kitchen.Select(piece => piece.Number));
        Assert.All(page, piece => Assert.True(piece.Bytes.IsEmpty && piece.Length == piece.Number && piece.Text == $"text {piece.Number}"));
    }

    [Fact]
    public async Task Limits_are_refused_with_what_was_expected()
    {
        await using CaptureStore store = _shelf.Open();
        ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
        await CaptureShelf.Keep(book, "one");

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => book.KeepAsync(CaptureShelf.Noon, true, default, Cancel));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => book.KeepAsync(CaptureShelf.Noon, true, new byte[ICaptureBook.MaxLength + 1], Cancel));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => book.WriteStateAsync(new byte[ICaptureBook.MaxStateLength + 1], Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => CaptureShelf.Sold(book, 1, new('k', 101)));
        await Assert.ThrowsAsync<ArgumentException>(() => CaptureShelf.Judge(book, 1, new(CaptureClass.Unjudged, "?", null, false)));
        await Assert.ThrowsAsync<ArgumentException>(() => store.OpenAsync(default, Cancel).Soon());
        InvoicingException none = await Assert.ThrowsAsync<InvoicingException>(() => CaptureShelf.Sold(book, 7, "R7"));
        Assert.Contains("expected piece 7 to judge, found none", none.Message, StringComparison.Ordinal);
        KeptCapture shortened = await CaptureShelf.Judge(book, 1, new(CaptureClass.Other, new string('a', 499) + "😀", null, false));
        Assert.Equal(new string('a', 499), shortened.Text);
        Assert.Equal(ICaptureBook.MaxLength, (await Longest(book)).Length);

        static async Task<KeptCapture> Longest(ICaptureBook book)
        {
            long number = await book.KeepAsync(CaptureShelf.Noon, true, new byte[ICaptureBook.MaxLength], Cancel).Soon();
            return (await book.ReadAsync(number, Cancel).Soon())!;
        }
    }

    [Fact]
    public async Task A_full_store_says_so_refuses_and_takes_again_after_old_pieces_are_deleted()
    {
        await using CaptureStore store = _shelf.Open(maxBytes: 1_000);
        ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
        await CaptureShelf.Keep(book, new('a', 600));
        await CaptureShelf.Judge(book, 1, new(CaptureClass.Other, "a report", null, TakesRecord: false));
        Assert.Equal(CaptureState.Open, store.Status.State);
        await CaptureShelf.Keep(book, new('b', 390));

        InvoicingException full = await Assert.ThrowsAsync<InvoicingException>(() => CaptureShelf.Keep(book, new('c', 11)));

        Assert.Contains("expected room for 11 bytes, found 990 of 1000 bytes kept", full.Message, StringComparison.Ordinal);
        Assert.True(full.IsTransient);
        Assert.Equal(new CaptureStatus(CaptureState.Full, 990, 1_000, store.Status.Trouble), store.Status);
        Assert.Contains("delete old captures", store.Status.Trouble, StringComparison.Ordinal);
        Assert.Equal(3, await CaptureShelf.Keep(book, new('d', 10)));
        Assert.Equal(1, await store.PruneAsync(CaptureShelf.Noon.AddDays(1), keepNewest: 0, Cancel).Soon());
        Assert.Equal(CaptureState.Open, store.Status.State);
        Assert.Equal(4, await CaptureShelf.Keep(book, new('c', 11)));
    }

    [Fact]
    public async Task Retention_deletes_old_judged_pieces_whose_record_is_durable_and_nothing_else()
    {
        await using CaptureStore store = _shelf.Open();
        ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
        for (int i = 1; i <= 6; i++)
        {
            await CaptureShelf.Keep(book, $"piece {i}", at: CaptureShelf.Noon.AddDays(i));
        }

        await CaptureShelf.Sold(book, 1, "R1");
        await CaptureShelf.Judge(book, 2, new(CaptureClass.Kitchen, "an order", null, TakesRecord: false));
        await CaptureShelf.Sold(book, 4, "R4");
        await CaptureShelf.Sold(book, 5, "R5");
        await CaptureShelf.Sold(book, 6, "R6");
        _shelf.Durable = 2;

        Assert.Equal(3, await store.PruneAsync(CaptureShelf.Noon.AddDays(6), keepNewest: 1, Cancel).Soon());

        ImmutableArray<KeptCapture> left = await book.ListAsync(null, null, 10, Cancel).Soon();
        Assert.Equal([6L, 5L, 3L], left.Select(piece => piece.Number)); // 3 is not judged, 5 not durable, 6 young and newest
        Assert.Equal(7, await CaptureShelf.Keep(book, "a copy of the first"));
        KeptCapture copy = await CaptureShelf.Sold(book, 7, "R1");
        Assert.Equal((CaptureClass.Reprint, 1L), (copy.Class, copy.FirstSeen));
        Assert.Empty(CaptureStore.Verify(_shelf.JournalPath));
    }

    [Fact]
    public async Task Retention_without_a_file_makes_none()
    {
        await using CaptureStore store = _shelf.Open();

        Assert.Equal(0, await store.PruneAsync(CaptureShelf.Noon, 0, Cancel).Soon());
        Assert.False(File.Exists(_shelf.Path));
        Assert.Empty(CaptureStore.Verify(_shelf.JournalPath));
    }

    [Fact]
    public async Task Retention_of_many_pieces_goes_in_steps()
    {
        await using CaptureStore store = _shelf.Open();
        ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
        for (int i = 1; i <= 150; i++)
        {
            await CaptureShelf.Keep(book, "x");
            await CaptureShelf.Judge(book, i, new(CaptureClass.Kitchen, "an order", null, TakesRecord: false));
        }

        Assert.Equal(140, await store.PruneAsync(CaptureShelf.Noon.AddDays(1), keepNewest: 10, Cancel).Soon());
        Assert.Equal(10, store.Status.Bytes);
        Assert.Empty(CaptureStore.Verify(_shelf.JournalPath));
    }

    [Fact]
    public async Task A_second_writer_is_told_who_has_the_file()
    {
        await using CaptureStore store = _shelf.Open();
        await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
        await using CaptureStore second = _shelf.Open();

        FileInUseException fault = await Assert.ThrowsAsync<FileInUseException>(() => second.OpenAsync(CaptureShelf.Till, Cancel).Soon());
        Assert.Contains($"in use by pid {Environment.ProcessId}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_store_says_that_it_is_closed()
    {
        CaptureStore store = _shelf.Open();
        ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
        await store.DisposeAsync();
        await store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => CaptureShelf.Keep(book, "late"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => book.ReadAsync(1, Cancel).Soon());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.OpenAsync(CaptureShelf.Till, Cancel).Soon());
    }

    [Fact]
    public async Task The_gateway_opens_its_captures_beside_the_journal_and_knows_what_is_durable()
    {
        using TestShop shop = new();
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            Assert.False(File.Exists(CaptureStore.PathOf(shop.JournalPath)));
            ICaptureBook book = await gateway.Captures.OpenAsync(TestShop.Register, Cancel).Soon();
            await CaptureShelf.Keep(book, "one");
            await CaptureShelf.Keep(book, "two");
            await CaptureShelf.Sold(book, 1, "R1");
            await CaptureShelf.Sold(book, 2, "R2");
            RegisterRecord first = TestShop.Record(1, epoch: book.Epoch);
            await gateway.WelcomeAsync(new(TestShop.Register, book.Epoch, 0, 0, 0), Cancel).Soon();
            Assert.IsType<RecordOutcome.Issued>(await gateway.RecordAsync(first, Cancel).Soon());

            Assert.Equal(1, await gateway.Captures.PruneAsync(CaptureShelf.Noon.AddDays(1), 0, Cancel).Soon());
            Assert.Equal(2, Assert.Single(await book.ListAsync(null, null, 10, Cancel).Soon()).Number);
        }

        Assert.Empty(CaptureStore.Verify(shop.JournalPath));
        await using InvoicingGateway again = await shop.OpenAsync();
        Assert.Single(await (await again.Captures.OpenAsync(TestShop.Register, Cancel).Soon()).ReadRecordsAsync(1, 10, Cancel).Soon());
    }
}
