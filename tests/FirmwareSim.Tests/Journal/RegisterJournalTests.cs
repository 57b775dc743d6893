using FirmwareSim.Journal;
using FirmwareSim.Records;
using Invoicing.Testing;

namespace FirmwareSim.Tests.Journal;

public sealed class RegisterJournalTests : IDisposable
{
    private static readonly DateTimeOffset Closed = new(2026, 7, 1, 15, 0, 0, TimeSpan.FromHours(7));
    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new();

    private string Path => _folder.File("journal");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_journal_draws_an_epoch_and_keeps_it_while_starts_are_counted()
    {
        ulong epoch;
        using (RegisterJournal journal = Open())
        {
            epoch = journal.Epoch;
            Assert.Equal((0UL, 0UL, 0UL, 1U), (journal.Oldest, journal.Newest, journal.Acked, journal.Boot));
        }

        using RegisterJournal again = Open();
        Assert.Equal((epoch, 2U), (again.Epoch, again.Boot));
        Assert.NotEqual(0UL, epoch);
    }

    [Fact]
    public void A_lease_and_how_far_it_is_used_are_there_again_after_a_restart_and_a_rewrite()
    {
        Lease lease = new(5, 1, "ABCDE", 26, 500, 502, "C26MAA", 41, 43, Closed.AddDays(1));
        JournalLimits small = new(Capacity: 12, Retention: 4);
        using (var journal = RegisterJournal.Open(Path, small, _time))
        {
            Assert.Equal(0UL, journal.TakeLease(lease));
            Assert.Equal(new LeasedCode(5, "M1-26-ABCDE-00000000500", "C26MAA", 41), RingLeased(journal)!.Leased);
            Assert.Equal(1U, journal.Lease!.Used);
        }

        using (var journal = RegisterJournal.Open(Path, small, _time))
        {
            Assert.Equal("M1-26-ABCDE-00000000501", RingLeased(journal)!.Leased!.Code);
            for (ulong seq = journal.Newest + 1; seq <= 30; seq++)
            {
                journal.RingUp(RecordKind.PowerLoss, Closed, (_, previous) => (RecordBytes.PowerLoss(Closed, previous, "x"), 0));
                journal.Store([.. Enumerable.Range(1, (int)seq).Where(i => journal.ResultOf((ulong)i) is null && journal.Holds((ulong)i)).Select(i => new AckResult((ulong)i, RecordResult.Recorded()))]);
            }

            Assert.True(journal.Oldest > 2, "the file was rewritten without the leased sales");
        }

        using var again = RegisterJournal.Open(Path, small, _time);
        Assert.Equal(lease with { Used = 2, Newest = 0 }, again.Lease);
        Assert.True(again.Lease!.IsOf(lease));
        Assert.Equal("M1-26-ABCDE-00000000502", RingLeased(again)!.Leased!.Code);
        Assert.Null(again.Lease!.Next(Closed));
        Assert.Null(lease.Next(lease.Until.AddMilliseconds(1)));
    }

    private static JournalRecord? RingLeased(RegisterJournal journal) => journal.RingUp(RecordKind.Sale, Closed, (seq, previous) =>
    {
        FirmwareSim.Baskets.Basket basket = new FirmwareSim.Baskets.BasketMaker(1, default).Make(seq);
        return (RecordBytes.Sale(basket, Closed, previous, journal.Lease!.Next(Closed)), basket.Total);
    });

    [Fact]
    public void Records_and_results_are_there_again_after_a_restart()
    {
        byte[][] hashes;
        using (RegisterJournal journal = Open())
        {
            hashes = [.. Enumerable.Range(1, 5).Select(_ => Ring(journal).Hash)];
            journal.Store([new(1, Issued(1)), new(2, RecordResult.Held(255, "chờ")), new(4, RecordResult.Recorded())]);
            Assert.Equal(2UL, journal.Acked);
        }

        using RegisterJournal again = Open();
        Assert.Equal(hashes, again.Records().Select(record => record.Hash));
        Assert.Equal((1UL, 5UL, 2UL), (again.Oldest, again.Newest, again.Acked));
        Assert.Equal(Issued(1), again.ResultOf(1));
        Assert.Equal(RecordResult.Held(255, "chờ"), again.ResultOf(2));
        Assert.Null(again.ResultOf(3));
        Assert.Equal(new JournalCounts(5, 5, 1, 1, 1), again.Counts);
        Assert.Equal(2U, again.Unacknowledged);
        Assert.Equal(hashes[2], RecordHash.Of(again.Epoch, 3, again.ReadRecord(3)));
    }

    [Fact]
    public void A_file_cut_at_any_byte_of_its_last_writes_keeps_all_that_was_committed_and_nothing_else()
    {
        List<(long Length, int Records, int Results)> commits = [];
        using (RegisterJournal journal = Open())
        {
            for (int i = 1; i <= 4; i++)
            {
                Ring(journal);
                commits.Add((new FileInfo(Path).Length, i, i - 1));
                journal.Store([new((ulong)i, Issued((uint)i))]);
                commits.Add((new FileInfo(Path).Length, i, i));
            }
        }

        byte[] whole = File.ReadAllBytes(Path);
        for (long cut = commits[^3].Length; cut <= whole.Length; cut++)
        {
            File.WriteAllBytes(Path, whole[..(int)cut]);
            (_, int records, int results) = commits.Last(commit => commit.Length <= cut);

            using RegisterJournal journal = Open();

            bool torn = journal.WasTorn;
            Assert.Equal(records + (torn ? 1 : 0), journal.Records().Count);
            Assert.Equal(results, journal.Records().Count(record => record.Result is not null));
            Assert.All(journal.Records().Take(records), record => Assert.Equal($"record {record.Seq}", Text(journal, record.Seq)));
            // The torn record's sequence was not used: what stands there now is the power loss, or the next sale.
            Assert.Equal((ulong)(records + 1), torn ? journal.Newest : Ring(journal).Seq);
            Assert.Equal(torn ? RecordKind.PowerLoss : RecordKind.Sale, journal.Records()[^1].Kind);
        }
    }

    [Fact]
    public void Nothing_of_a_long_torn_write_is_left_behind_what_is_written_since()
    {
        long committed;
        using (RegisterJournal journal = Open())
        {
            Ring(journal);
            committed = new FileInfo(Path).Length;
            journal.RingUp(RecordKind.Sale, Closed, (_, _) => (new byte[8000], 1000));
        }

        File.WriteAllBytes(Path, File.ReadAllBytes(Path)[..(int)(committed + 6000)]);
        using (RegisterJournal journal = Open())
        {
            Assert.True(journal.WasTorn);
        }

        Assert.Equal(new FileInfo(Path).Length, FileScan.Of(File.ReadAllBytes(Path)).CommittedLength);
    }

    [Fact]
    public void A_record_damaged_before_the_gateway_had_it_is_reported_as_unreadable_once()
    {
        JournalRecord second;
        using (RegisterJournal journal = Open())
        {
            Ring(journal);
            second = Ring(journal);
            Ring(journal);
            journal.Store([new(1, Issued(1))]);
        }

        Flip(second.Offset + 3);
        byte[] hash;
        using (RegisterJournal journal = Open())
        {
            Assert.True(journal.WasDamaged);
            Assert.Equal(RecordKind.Unreadable, journal.Records()[1].Kind);
            Assert.Equal((3UL, 1UL), (journal.Newest, journal.Acked));
            hash = journal.Records()[1].Hash;
        }

        using RegisterJournal again = Open();
        Assert.Equal(hash, again.Records()[1].Hash);
        Assert.True(again.Holds(2));
    }

    [Fact]
    public void A_record_damaged_after_the_gateway_had_it_keeps_its_result_and_is_not_held()
    {
        JournalRecord second;
        using (RegisterJournal journal = Open())
        {
            Ring(journal);
            second = Ring(journal);
            journal.Store([new(1, Issued(1)), new(2, Issued(2))]);
        }

        Flip(second.Offset);

        using RegisterJournal again = Open();
        Assert.False(again.Holds(2));
        Assert.Equal(Issued(2), again.ResultOf(2));
        Assert.Equal(2UL, again.Acked);
    }

    [Fact]
    public void A_full_journal_refuses_to_sell_until_records_are_acknowledged()
    {
        using RegisterJournal journal = Open(new JournalLimits(Capacity: 8, Retention: 4));
        for (int i = 0; i < 8; i++)
        {
            Ring(journal);
        }

        Assert.True(journal.IsFull);
        Assert.Null(TryRing(journal));

        journal.Store(Enumerable.Range(1, 5).Select(seq => new AckResult((ulong)seq, Issued((uint)seq))));
        Assert.False(journal.IsFull);
        Assert.Equal(9UL, Ring(journal).Seq);
        Assert.Equal(2UL, journal.Oldest);
        Assert.True(journal.IsFull);
    }

    [Fact]
    public void Dropped_records_still_count_and_the_last_acknowledged_ones_stay()
    {
        JournalLimits limits = new(Capacity: 20, Retention: 10);
        string last;
        using (RegisterJournal journal = Open(limits))
        {
            for (uint i = 1; i <= 40; i++)
            {
                Ring(journal);
                journal.Store([new(i, Issued(i))]);
            }

            last = Text(journal, 40);
        }

        using RegisterJournal again = Open(limits);
        Assert.Equal(new JournalCounts(40, 40, 40, 0, 0), again.Counts);
        Assert.Equal((40UL, 40UL), (again.Newest, again.Acked));
        Assert.InRange(again.Records().Count, 10, 20);
        Assert.Equal(last, Text(again, 40));
        Assert.Equal(41UL, Ring(again).Seq);
    }

    [Fact]
    public void A_second_register_on_the_same_journal_is_refused_with_the_reason()
    {
        using RegisterJournal first = Open();
        JournalException e = Assert.Throws<JournalException>(() => Open());
        Assert.Contains("in use", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_journal_is_left_alone()
    {
        File.WriteAllText(Path, "something else");
        Assert.Throws<JournalException>(() => Open());
        Assert.Equal("something else", File.ReadAllText(Path));
    }

    [Fact]
    public void A_stop_by_the_gateway_outlives_a_restart()
    {
        using (RegisterJournal journal = Open())
        {
            journal.Stop("NAK 2");
        }

        using (RegisterJournal journal = Open())
        {
            Assert.Equal("NAK 2", journal.StopReason);
            journal.Release();
        }

        using RegisterJournal again = Open();
        Assert.Null(again.StopReason);
    }

    private static RecordResult Issued(uint number) => RecordResult.Issued($"M1-26-ABCDE-{number:D11}", "C26MAA", number, null);

    private static JournalRecord? TryRing(RegisterJournal journal) =>
        journal.RingUp(RecordKind.Sale, Closed, (seq, _) => (System.Text.Encoding.UTF8.GetBytes($"record {seq}"), 1000));

    private static JournalRecord Ring(RegisterJournal journal) => TryRing(journal) ?? throw new InvalidOperationException("full");

    private static string Text(RegisterJournal journal, ulong seq) => System.Text.Encoding.UTF8.GetString(journal.ReadRecord(seq));

    private RegisterJournal Open(JournalLimits? limits = null) => RegisterJournal.Open(Path, limits ?? new JournalLimits(), _time);

    private void Flip(int offset)
    {
        byte[] bytes = File.ReadAllBytes(Path);
        bytes[offset] ^= 0x10;
        File.WriteAllBytes(Path, bytes);
    }
}
