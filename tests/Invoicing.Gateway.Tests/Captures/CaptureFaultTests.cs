using Invoicing.Gateway.Captures;
using Invoicing.Sales;
using Invoicing.Sqlite;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Captures;

/// <summary>Crashes, failed writes, files that are not what they should be.</summary>
public sealed class CaptureFaultTests : IDisposable
{
    private readonly CaptureShelf _shelf = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _shelf.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_that_fails_ends_the_store_for_good_and_the_next_start_finds_all_or_nothing_of_it(bool isCommitted)
    {
        await using (CaptureStore store = _shelf.Open())
        {
            ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
            await CaptureShelf.Keep(book, "one");
            FailFrom(isCommitted);

            InvoicingException fault = await Assert.ThrowsAsync<InvoicingException>(() => CaptureShelf.Sold(book, 1, "R1"));
            Assert.Contains("a write failed", fault.Message, StringComparison.Ordinal);
            Assert.Contains("start the process again", fault.Message, StringComparison.Ordinal);
            Assert.False(fault.IsTransient);

            Recover();
            InvoicingException later = await Assert.ThrowsAsync<InvoicingException>(() => CaptureShelf.Keep(book, "two"));
            Assert.Equal(fault.Message, later.Message);
            Assert.Equal((CaptureState.Failed, fault.Message), (store.Status.State, store.Status.Trouble));
        }

        await using CaptureStore again = _shelf.Open();
        ICaptureBook same = await again.OpenAsync(CaptureShelf.Till, Cancel).Soon();
        KeptCapture one = (await same.ReadAsync(1, Cancel).Soon())!;
        Assert.Equal(isCommitted ? (CaptureClass.Sale, 1UL) : (CaptureClass.Unjudged, null), (one.Class, one.RecordSequence));
        Assert.Equal(1UL, (await CaptureShelf.Sold(same, 1, "R1")).RecordSequence);
        Assert.Equal(2, await CaptureShelf.Keep(same, "two"));
        Assert.Empty(CaptureStore.Verify(_shelf.JournalPath));
    }

    [Fact]
    public async Task All_calls_of_a_commit_that_fails_are_told()
    {
        await using CaptureStore store = _shelf.Open();
        ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
        FailFrom(isCommitted: false);

        Task[] calls = [.. Enumerable.Range(0, 20).Select(i => CaptureShelf.Keep(book, $"piece {i}"))];

        foreach (Task call in calls)
        {
            Assert.Contains(
                "a write failed", (await Assert.ThrowsAsync<InvoicingException>(() => call.Soon())).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_disk_that_is_full_in_the_middle_of_a_piece_is_told_and_leaves_the_file_sound()
    {
        await using (CaptureStore store = _shelf.Open())
        {
            ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
            _shelf.Seams.AfterCommit = file => file.Execute("PRAGMA max_page_count=1"); // the next page that is needed is not there
            await CaptureShelf.Keep(book, "one");

            InvoicingException fault = await Assert.ThrowsAsync<InvoicingException>(() => CaptureShelf.Keep(book, new('x', 1_000_000)));
            Assert.Contains("database or disk is full", fault.Message, StringComparison.Ordinal);
        }

        Assert.Empty(CaptureStore.Verify(_shelf.JournalPath));
        _shelf.Seams.AfterCommit = static _ => { };
        await using CaptureStore again = _shelf.Open();
        Assert.Equal(2, await CaptureShelf.Keep(await again.OpenAsync(CaptureShelf.Till, Cancel).Soon(), "two"));
    }

    [Fact]
    public async Task What_was_answered_is_in_the_files_at_that_very_moment()
    {
        await using CaptureStore store = _shelf.Open();
        ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
        for (int i = 1; i <= 20; i++)
        {
            await CaptureShelf.Keep(book, $"piece {i}");
            await CaptureShelf.Sold(book, i, $"R{i}");
            using CaptureShelf crashed = new();
            foreach (string suffix in new[] { string.Empty, "-wal" })
            {
                File.Copy(_shelf.Path + suffix, crashed.Path + suffix);
            }

            await using CaptureStore after = crashed.Open();
            ICaptureBook same = await after.OpenAsync(CaptureShelf.Till, Cancel).Soon();
            Assert.Equal(book.Epoch, same.Epoch);
            Assert.Equal((ulong)i, (await same.ReadRecordsAsync((ulong)i - 1, 10, Cancel).Soon()).Single().RecordSequence);
            Assert.Empty(CaptureStore.Verify(crashed.JournalPath));
        }
    }

    [Fact]
    public async Task Cancellation_counts_until_the_piece_is_taken_into_a_commit()
    {
        await using CaptureStore store = _shelf.Open();
        ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
        using ManualResetEventSlim reached = new();
        using ManualResetEventSlim goOn = new();
        _shelf.Seams.BeforeCommit = _ =>
        {
            reached.Set();
            Assert.True(goOn.Wait(Waiting.Limit));
        };
        using CancellationTokenSource stop = new();
        Task<long> taken = book.KeepAsync(CaptureShelf.Noon, true, new byte[] { 1 }, stop.Token);
        Assert.True(reached.Wait(Waiting.Limit, Cancel));
        Task<long> waiting = book.KeepAsync(CaptureShelf.Noon, true, new byte[] { 2 }, stop.Token);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());
        goOn.Set();

        Assert.Equal(1, await taken.Soon());
        _shelf.Seams.BeforeCommit = static _ => { };
        Assert.Equal(2, await CaptureShelf.Keep(book, "three"));
    }

    [Fact]
    public async Task A_file_of_another_kind_is_refused_in_one_sentence()
    {
        using (var other = SqliteFile.OpenWriter(_shelf.Path))
        {
            other.Execute("CREATE TABLE invoice(id INTEGER PRIMARY KEY); PRAGMA application_id=77; PRAGMA user_version=9");
        }

        await using CaptureStore store = _shelf.Open();
        InvoicingException fault = await Assert.ThrowsAsync<InvoicingException>(() => store.OpenAsync(CaptureShelf.Till, Cancel).Soon());

        Assert.Contains(
            "expected captures of format 1, found application id 0000004d, format 9; move the file away", fault.Message, StringComparison.Ordinal);
        Assert.Equal(fault.Message, Assert.Single(CaptureStore.Verify(_shelf.JournalPath)));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_in_one_sentence_and_a_later_call_tries_again()
    {
        await File.WriteAllTextAsync(_shelf.Path, string.Concat(Enumerable.Repeat("This is not a database. ", 100)), Cancel);
        await using CaptureStore store = _shelf.Open();

        InvoicingException fault = await Assert.ThrowsAsync<InvoicingException>(() => store.OpenAsync(CaptureShelf.Till, Cancel).Soon());

        Assert.Contains("found a damaged file or no database", fault.Message, StringComparison.Ordinal);
        Assert.Contains("move the file away", Assert.Single(CaptureStore.Verify(_shelf.JournalPath)), StringComparison.Ordinal);
        File.Delete(_shelf.Path);
        Assert.Equal(1, await CaptureShelf.Keep(await store.OpenAsync(CaptureShelf.Till, Cancel).Soon(), "one"));
    }

    [Fact]
    public async Task A_byte_that_flipped_in_a_piece_is_named_and_never_read_as_the_piece()
    {
        const string Text = "TOTAL 35.000 TIEN MAT 50.000 TIEN THUA 15.000";
        await using (CaptureStore store = _shelf.Open())
        {
            ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
            await CaptureShelf.Keep(book, Text);
        }

        byte[] bytes = await File.ReadAllBytesAsync(_shelf.Path, Cancel);
        int at = bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(Text));
        bytes[at + 6] ^= 1;
        await File.WriteAllBytesAsync(_shelf.Path, bytes, Cancel);

        Assert.Contains("book TILL-1, piece 1", Assert.Single(CaptureStore.Verify(_shelf.JournalPath)), StringComparison.Ordinal);
        await using CaptureStore again = _shelf.Open();
        ICaptureBook same = await again.OpenAsync(CaptureShelf.Till, Cancel).Soon();
        InvoicingException fault = await Assert.ThrowsAsync<InvoicingException>(() => same.ReadAsync(1, Cancel).Soon());
        Assert.Contains("piece 1: expected bytes with hash", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE FROM piece WHERE number = 2", "pieces with those that were deleted")]
    [InlineData("DELETE FROM piece WHERE number = 2", "records with those that were deleted")]
    [InlineData("DELETE FROM piece WHERE number = 2", "bytes: expected")]
    [InlineData("DROP TRIGGER receipt_is_kept; DELETE FROM receipt WHERE key = 'R2'", "pieces whose receipt is noted")]
    [InlineData("DROP TRIGGER receipt_stays; UPDATE receipt SET key = 'R7' WHERE key = 'R2'", "receipts whose piece has another key")]
    [InlineData("DROP TRIGGER book_only_rises; UPDATE book SET last_sequence = 2", "newest record")]
    [InlineData("DROP TRIGGER book_only_rises; UPDATE book SET last_number = 2", "newest piece")]
    public async Task What_somebody_took_or_changed_is_named_by_the_check(string sql, string named)
    {
        await using (CaptureStore store = _shelf.Open())
        {
            ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
            for (int i = 1; i <= 3; i++)
            {
                await CaptureShelf.Keep(book, $"piece {i}");
                await CaptureShelf.Sold(book, i, $"R{i}");
            }
        }

        Assert.Empty(CaptureStore.Verify(_shelf.JournalPath));
        using (var file = SqliteFile.OpenWriter(_shelf.Path))
        {
            file.Execute(sql);
        }

        Assert.Contains(CaptureStore.Verify(_shelf.JournalPath), fault => fault.Contains(named, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("UPDATE piece SET bytes = x'00' WHERE number = 1", "a piece is never changed")]
    [InlineData("UPDATE piece SET sequence = 9 WHERE number = 1", "a piece keeps its place")]
    [InlineData("UPDATE piece SET class = 1, sequence = 9 WHERE number = 2", "a record must follow the last one")]
    [InlineData("DELETE FROM receipt", "a receipt is never forgotten")]
    [InlineData("UPDATE book SET last_sequence = 0", "a number is never given twice")]
    [InlineData("UPDATE book SET epoch = 5", "a book keeps its register and epoch")]
    [InlineData("INSERT INTO piece(book, number, at, whole, length, hash, bytes) VALUES(1, 9, 0, 1, 1, zeroblob(32), x'00')", "must follow the last one")]
    public async Task The_schema_itself_refuses_what_must_not_be(string sql, string said)
    {
        await using (CaptureStore store = _shelf.Open())
        {
            ICaptureBook book = await store.OpenAsync(CaptureShelf.Till, Cancel).Soon();
            await CaptureShelf.Keep(book, "one");
            await CaptureShelf.Keep(book, "two");
            await CaptureShelf.Sold(book, 1, "R1");
        }

        using var file = SqliteFile.OpenWriter(_shelf.Path);
        Assert.Contains(said, Assert.Throws<SqliteException>(() => file.Execute(sql)).Message, StringComparison.Ordinal);
    }

    private void FailFrom(bool isCommitted)
    {
        if (isCommitted)
        {
            _shelf.Seams.AfterCommit = static _ => throw new IOException("the power went");
        }
        else
        {
            _shelf.Seams.BeforeCommit = static _ => throw new IOException("the power went");
        }
    }

    private void Recover()
    {
        _shelf.Seams.AfterCommit = static _ => { };
        _shelf.Seams.BeforeCommit = static _ => { };
    }
}
