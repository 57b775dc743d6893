using Invoicing.Authority.Ledger;
using Invoicing.Authority.Ledger.Sqlite;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Sqlite;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Ledger;

public sealed class SqliteLedgerTests : LedgerSuite
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("ledger.db");

    internal override ILedger Open(int segmentSize = 100_000) => SqliteLedger.Open(Path, segmentSize);

    /// <summary>The schema itself refuses, whoever writes: each statement is one that a faulty program could run.</summary>
    [Theory]
    [InlineData("INSERT INTO entry_000001 SELECT 5, time, chain, 6, kind, NULL, NULL, NULL, NULL, NULL, NULL, hash, signature, body FROM entry_000001 WHERE idx = 4", "position does not follow")]
    [InlineData("INSERT INTO entry_000001 SELECT 5, time, chain, 4, kind, NULL, NULL, NULL, NULL, NULL, NULL, hash, signature, body FROM entry_000001 WHERE idx = 4", "position does not follow")]
    [InlineData("INSERT INTO entry_000001 SELECT 6, time, chain, 5, kind, NULL, NULL, NULL, NULL, NULL, NULL, hash, signature, body FROM entry_000001 WHERE idx = 4", "ledger indexes run on")]
    [InlineData("INSERT INTO entry_000001 SELECT 4, time, chain, 5, kind, NULL, NULL, NULL, NULL, NULL, NULL, hash, signature, body FROM entry_000001 WHERE idx = 4", "ledger indexes run on")]
    [InlineData("INSERT INTO entry_000001 SELECT 5, time, 99, 1, kind, NULL, NULL, NULL, NULL, NULL, NULL, hash, signature, body FROM entry_000001 WHERE idx = 4", "position does not follow")]
    [InlineData("INSERT INTO entry_000001 SELECT 5, time, chain, 5, kind, record_line, record_value, NULL, NULL, NULL, NULL, hash, signature, body FROM entry_000001 WHERE idx = 4", "value was claimed before")]
    [InlineData("INSERT INTO entry_000001 SELECT 5, time, chain, 5, kind, NULL, NULL, code_line, code_value, NULL, NULL, hash, signature, body FROM entry_000001 WHERE idx = 2", "value was claimed before")]
    [InlineData("INSERT INTO entry_000001 SELECT 5, time, chain, 5, kind, NULL, NULL, NULL, NULL, number_line, number_value, hash, signature, body FROM entry_000001 WHERE idx = 3", "value was claimed before")]
    [InlineData("INSERT INTO entry_000001 SELECT 5, time, chain, 5, kind, NULL, NULL, code_line, 1000, NULL, NULL, hash, signature, body FROM entry_000001 WHERE idx = 4", "CHECK")]
    [InlineData("INSERT INTO entry_000001 SELECT 5, time, chain, 5, kind, NULL, NULL, NULL, NULL, NULL, NULL, x'00', signature, body FROM entry_000001 WHERE idx = 4", "CHECK")]
    [InlineData("UPDATE entry_000001 SET body = x'00' WHERE idx = 1", "never changed")]
    [InlineData("DELETE FROM entry_000001 WHERE idx = 4", "never removed")]
    [InlineData("UPDATE chain_head SET position = position + 2", "moves on by one")]
    [InlineData("UPDATE chain_head SET position = position - 1", "moves on by one")]
    [InlineData("DELETE FROM chain_head", "never removed")]
    [InlineData("UPDATE chain SET seller = '0200000012'", "never changed")]
    [InlineData("DELETE FROM chain", "never removed")]
    [InlineData("INSERT INTO chain SELECT 9, randomblob(16), enrolment, record, seller, device FROM chain", "UNIQUE")]
    [InlineData("INSERT INTO chain SELECT 9, name, randomblob(32), record, seller, device FROM chain", "UNIQUE")]
    [InlineData("UPDATE line_head SET next = next - 1", "only rises")]
    [InlineData("DELETE FROM line_head", "never removed")]
    [InlineData("INSERT INTO line(kind, seller, name, epoch, first, last) SELECT kind, seller, name, epoch, first + 5, last + 5 FROM line WHERE kind = 2", "ranges never overlap")]
    [InlineData("INSERT INTO verdict SELECT id, 2, 1, x'00', zeroblob(64) FROM chain", "verdict numbers run on")]
    [InlineData("INSERT INTO verdict SELECT id, 1, 5, x'00', zeroblob(64) FROM chain", "judges a stored entry")]
    [InlineData("INSERT INTO commit_root SELECT last_index, ledger_time, root, signature, leaves FROM commit_root", "commits run on")]
    [InlineData("INSERT INTO commit_root SELECT 5, ledger_time - 1, root, signature, leaves FROM commit_root", "commits run on")]
    [InlineData("UPDATE commit_root SET ledger_time = 0", "never changed")]
    [InlineData("DELETE FROM commit_root", "never removed")]
    public void The_schema_refuses_what_does_not_fit(string sql, string reason)
    {
        using (ILedger ledger = Open())
        {
            SampleChain chain = Chain().With(invoices: 3);
            Commit(ledger, chain.Entries, chain);
        }

        using var file = SqliteFile.OpenWriter(Path);
        SqliteException refusal = Assert.Throws<SqliteException>(() => file.Execute(sql));
        Assert.True(refusal.IsConstraint, refusal.Message);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_fits_is_taken_by_the_same_schema()
    {
        using (ILedger ledger = Open())
        {
            SampleChain chain = Chain().With(invoices: 3);
            Commit(ledger, chain.Entries, chain);
        }

        using var file = SqliteFile.OpenWriter(Path);
        file.Execute("""
            INSERT INTO entry_000001 SELECT 5, time, chain, 5, kind, record_line, record_value + 1, code_line, code_value + 1, number_line,
              number_value + 1, hash, signature, body FROM entry_000001 WHERE idx = 4
            """);
        Assert.Equal(5, file.Scalar("SELECT position FROM chain_head"));
    }

    [Fact]
    public void Lookups_of_a_full_segment_are_built_between_commits_and_are_unique()
    {
        using (ILedger ledger = Open(segmentSize: 10))
        {
            SampleChain chain = Chain().With(invoices: 20);
            Commit(ledger, chain.Entries, chain);
            while (ledger.Maintain(isIdle: true))
            {
            }
        }

        using var file = SqliteFile.OpenReader(Path);
        Assert.Equal(
            2 * LedgerSchema.Lookups.Length,
            file.Scalar("SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name LIKE 'entry%' AND sql LIKE 'CREATE UNIQUE%'"));
    }

    [Fact]
    public void The_log_is_bounded_by_checkpoints_between_commits()
    {
        using var ledger = (SqliteLedger)Open();
        SampleChain chain = Chain();
        chain.Open();
        Commit(ledger, chain.Entries, chain);
        int most = 0;
        for (int i = 0; i < 40; i++)
        {
            int from = chain.Entries.Count;
            for (int k = 0; k < 20; k++)
            {
                chain.Sell();
            }

            Commit(ledger, chain.Entries[from..], chain);
            most = Math.Max(most, ledger.LogPages);
            ledger.Maintain(isIdle: true);
        }

        Assert.InRange(most, 1, 1_100);
        Assert.Equal(801, ledger.Head.LastIndex);
    }

    [Fact]
    public void A_second_writer_is_told_who_has_the_file()
    {
        using ILedger ledger = Open();

        FileInUseException refusal = Assert.Throws<FileInUseException>(() => Open());
        Assert.Contains("in use", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_behind_the_last_commit_is_found_when_the_ledger_is_opened()
    {
        using (ILedger ledger = Open())
        {
            SampleChain chain = Chain().With(invoices: 3);
            Commit(ledger, chain.Entries, chain);
        }

        using (var file = SqliteFile.OpenWriter(Path))
        {
            file.Execute("DROP TRIGGER commit_root_kept; DELETE FROM commit_root");
        }

        LedgerDamagedException refusal = Assert.Throws<LedgerDamagedException>(() => Open());
        Assert.Contains("expected the last entry at index 0", refusal.Message, StringComparison.Ordinal);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Dispose();
    }
}
