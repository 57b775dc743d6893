using Invoicing.Gateway.Journal;
using Invoicing.Sqlite;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Journal;

/// <summary>What is verified when a journal is opened, and by an audit.</summary>
public sealed class JournalTests
{
    [Theory]
    [InlineData("UPDATE entry SET body = zeroblob(length(body)) WHERE position = 9", 9, "Malformed")]
    [InlineData("UPDATE entry SET body = substr(body, 1, length(body) - 1) || x'7f' WHERE position = 9", 10, "Link")]
    [InlineData("UPDATE entry SET body = substr(body, 1, length(body) - 1) || x'7f' WHERE position = 12", 12, "Signature")]
    [InlineData("UPDATE entry SET signature = zeroblob(64) WHERE position = 12", 12, "Signature")]
    [InlineData("UPDATE entry SET hash = zeroblob(32) WHERE position = 9", 9, "hash")]
    [InlineData("UPDATE entry SET kind = 22 WHERE position = 9", 9, "kind")]
    [InlineData("DELETE FROM entry WHERE position = 9", 9, "Gap")]
    [InlineData("DELETE FROM entry WHERE position = 12", 11, "cursor of codes")]
    [InlineData("DELETE FROM register_record WHERE sequence = 5", 7, "record SIM-0001")]
    [InlineData("UPDATE register_record SET hash = zeroblob(32) WHERE sequence = 5", 7, "record SIM-0001")]
    [InlineData("DELETE FROM register_record WHERE sequence > 9", 12, "line of SIM-0001")]
    [InlineData("UPDATE granted SET next = 4 WHERE id = 1", 12, "cursor of codes")]
    [InlineData("UPDATE granted SET next = 14 WHERE id = 2", 12, "cursor of numbers")]
    [InlineData("DELETE FROM meta", 0, "enrolment")]
    [InlineData("DELETE FROM uplink", 0, "uplink")]
    [InlineData("INSERT INTO held VALUES(99)", 12, "head")]
    public async Task A_damaged_journal_is_not_opened_and_the_fault_is_named(string damage, long position, string what)
    {
        using TestShop shop = new();
        await FillAsync(shop, 10);
        Damage(shop.JournalPath, damage);

        JournalCorruptException fault = await Assert.ThrowsAsync<JournalCorruptException>(shop.OpenAsync);

        Assert.Equal(position, fault.Fault.Position);
        Assert.Contains(what, fault.Fault.What, StringComparison.Ordinal);
        Assert.Contains(shop.JournalPath, fault.Message, StringComparison.Ordinal);
        Assert.False(fault.IsTransient);
    }

    [Fact]
    public async Task What_is_no_database_is_refused_and_left_as_it_is()
    {
        using TestShop shop = new();
        byte[] other = [.. Enumerable.Repeat((byte)'x', 5000)];
        await File.WriteAllBytesAsync(shop.JournalPath, other, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<JournalCorruptException>(shop.OpenAsync);

        Assert.Equal(other, await File.ReadAllBytesAsync(shop.JournalPath, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Another_database_is_refused()
    {
        using TestShop shop = new();
        using (var file = SqliteFile.OpenWriter(shop.JournalPath))
        {
            file.Execute("CREATE TABLE other(a)");
        }

        InvoicingException fault = await Assert.ThrowsAsync<InvoicingException>(shop.OpenAsync);
        Assert.Contains("expected a journal of format 1", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INSERT INTO entry VALUES(99, 17, zeroblob(32), zeroblob(64), x'00')", "must follow the last one")]
    [InlineData("INSERT INTO entry VALUES(7, 17, zeroblob(32), zeroblob(64), x'00')", "must follow the last one")]
    [InlineData("UPDATE entry SET body = x'00' WHERE position = 5", "never changed")]
    [InlineData("DELETE FROM entry WHERE position = 5", "never removed")]
    [InlineData("UPDATE line SET lost_through = 5; UPDATE line SET lost_through = 4", "never goes back")]
    [InlineData("UPDATE granted SET next = 3 WHERE id = 1", "never given twice")]
    [InlineData("INSERT INTO register_record VALUES(1, 5, zeroblob(32), 5, 1, NULL)", "UNIQUE constraint")]
    [InlineData("INSERT INTO line VALUES(9, 'SIM-0001', 1234605616436508552, 0, NULL, 0, NULL, 0)", "UNIQUE constraint")]
    public async Task The_schema_itself_refuses_what_would_break_a_promise(string sql, string said)
    {
        using TestShop shop = new();
        await FillAsync(shop, 10);
        using var file = SqliteFile.OpenWriter(shop.JournalPath);

        SqliteException fault = Assert.Throws<SqliteException>(() => file.Execute(sql));

        Assert.True(fault.IsConstraint);
        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_enrolments_bundle_is_refused()
    {
        using TestShop shop = new();
        using TestShop other = new();
        await FillAsync(shop, 1);

        InvoicingException fault = await Assert.ThrowsAsync<InvoicingException>(
            () => InvoicingGateway.OpenAsync(shop.Options with { Bundle = other.Bundle }).Soon());
        Assert.Contains("expected the enrolment of device 'device-1'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_stays_bounded_while_a_reader_reads()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        using CancellationTokenSource stop = new();
        Task<int> reading = Task.Run(() =>
        {
            int read = 0;
            while (!stop.IsCancellationRequested)
            {
                read += JournalExport.Read(shop.JournalPath).Count();
            }

            return read;
        });

        // Without checkpoints 12,000 sales make a log of 12 MiB and more; with them it stays about the 2 MiB at which they are made.
        for (int i = 0; i < 12_000; i += 100)
        {
            await Task.WhenAll(Enumerable.Range(i + 1, 100).Select(n => gateway.IssueAsync(TestShop.Sale((ulong)n)))).Soon(TimeSpan.FromSeconds(60));
        }

        await stop.CancelAsync();
        Assert.True(await reading.Soon() > 0);
        Assert.InRange(new FileInfo(shop.JournalPath + "-wal").Length, 1, 8 << 20);
    }

    internal static async Task FillAsync(TestShop shop, int sales)
    {
        InvoicingGateway gateway = await shop.OpenAsync();
        for (int i = 1; i <= sales; i++)
        {
            await gateway.IssueAsync(TestShop.Sale((ulong)i)).Soon();
        }

        // Without the seal, so that positions are easy to name: 1 opening, 2 new epoch, 3.. invoices.
        await gateway.DisposeAsync().AsTask().Soon();
        Damage(shop.JournalPath, $"DELETE FROM entry WHERE position > {sales + 2}");
    }

    internal static void Damage(string path, string sql)
    {
        using var file = SqliteFile.OpenWriter(path);
        file.Execute(
            "DROP TRIGGER entry_runs_on; DROP TRIGGER entry_stays; DROP TRIGGER entry_is_kept; DROP TRIGGER line_only_rises; DROP TRIGGER granted_only_rises; "
            + "DROP TRIGGER catalogue_stays; DROP TRIGGER catalogue_is_kept; PRAGMA foreign_keys=OFF");
        file.Execute(sql);
        file.Execute(Triggers);
    }

    private static string Triggers { get; } = string.Join(
        '\n',
        JournalSchema.Tables.Split("CREATE ").Where(part => part.StartsWith("TRIGGER", StringComparison.Ordinal) && !part.Contains("verdict", StringComparison.Ordinal))
            .Select(part => "CREATE " + part));
}
