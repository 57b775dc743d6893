using System.Diagnostics;
using Invoicing.Testing;

namespace Invoicing.Sqlite.Tests;

public sealed class SqliteFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string DatabasePath => _folder.File("test.db");

    [Fact]
    public void What_is_committed_is_read_by_another_connection_and_what_is_rolled_back_is_not()
    {
        using SqliteFile writer = NewTable();
        writer.Begin();
        Assert.True(writer.InTransaction);
        writer.Execute("INSERT INTO t VALUES(1, 'one', x'01')");
        writer.Commit();
        writer.Begin();
        writer.Execute("INSERT INTO t VALUES(2, 'two', x'02')");
        writer.Rollback();
        writer.Rollback();

        using var reader = SqliteFile.OpenReader(DatabasePath);
        Assert.Equal(1, reader.Scalar("SELECT count(*) FROM t"));
        Assert.False(writer.InTransaction);
    }

    [Fact]
    public void Values_come_back_as_they_went_in()
    {
        using SqliteFile writer = NewTable();
        using SqliteStatement insert = writer.Statement("INSERT INTO t VALUES(?, ?, ?)");
        insert.Bind(0, long.MinValue).Bind(1, "Cà phê \u0000 đá").Bind(2, new byte[] { 0, 255 }).Run();
        Assert.Equal(1, insert.Bind(0, 7).Bind(1, (string?)null).Bind(2, ReadOnlySpan<byte>.Empty).Run());
        insert.Bind(0, 8).BindNull(1).BindNull(2).Run();
        Assert.Equal(8, writer.LastRowId);

        using SqliteStatement read = writer.Statement("SELECT id, name, content FROM t ORDER BY id");
        Assert.True(read.Step());
        Assert.Equal(long.MinValue, read.Number(0));
        Assert.Equal("Cà phê \u0000 đá", read.Text(1));
        Assert.Equal([0, 255], read.Blob(2).ToArray());
        Assert.True(read.Step());
        Assert.True(read.IsNull(1));
        Assert.False(read.IsNull(2));
        Assert.Equal(string.Empty, read.Text(1));
        Assert.Equal(0, read.Blob(2).Length);
        Assert.True(read.Step());
        Assert.True(read.IsNull(2));
        Assert.False(read.Step());
    }

    [Fact]
    public void A_statement_that_failed_can_be_used_again()
    {
        using SqliteFile writer = NewTable();
        using SqliteStatement insert = writer.Statement("INSERT INTO t VALUES(?, 'x', x'00')");
        insert.Bind(0, 1).Run();

        SqliteException fault = Assert.Throws<SqliteException>(() => insert.Bind(0, 1).Run());
        Assert.True(fault.IsConstraint);
        Assert.False(fault.IsTransient);
        Assert.False(fault.IsDamage);
        Assert.Contains("UNIQUE", fault.Message, StringComparison.Ordinal);
        insert.Bind(0, 2).Run();
        Assert.Equal(2, writer.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public void A_file_is_made_as_the_design_demands()
    {
        using SqliteFile writer = NewTable();

        Assert.Equal(2, writer.Scalar("PRAGMA synchronous"));
        Assert.Equal(2, writer.Scalar("PRAGMA auto_vacuum"));
        Assert.Equal(1, writer.Scalar("PRAGMA foreign_keys"));
        Assert.Equal(0, writer.Scalar("PRAGMA mmap_size"));
        Assert.True(File.Exists(DatabasePath + "-wal"));
        Assert.Equal(SqliteFile.Version.Length, SqliteFile.Version.Trim().Length);
        Assert.StartsWith("3.", SqliteFile.Version, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_left_empty_by_a_crash_is_made_as_a_new_one()
    {
        File.WriteAllBytes(DatabasePath, []);

        using var writer = SqliteFile.OpenWriter(DatabasePath);

        Assert.Equal(2, writer.Scalar("PRAGMA auto_vacuum"));
    }

    [Fact]
    public void A_reader_cannot_write()
    {
        using SqliteFile writer = NewTable();
        using var reader = SqliteFile.OpenReader(DatabasePath);

        Assert.Throws<SqliteException>(() => reader.Execute("INSERT INTO t VALUES(1, 'x', x'00')"));
        Assert.Equal(0, writer.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public void A_reader_of_a_file_that_is_not_there_is_told_so_and_makes_none()
    {
        SqliteException fault = Assert.Throws<SqliteException>(() => SqliteFile.OpenReader(DatabasePath));

        Assert.Contains(DatabasePath, fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(DatabasePath));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_a_fault_of_the_world()
    {
        InvoicingException fault = Assert.ThrowsAny<InvoicingException>(() => SqliteFile.OpenWriter(_folder.File("none/test.db")));
        Assert.Contains("none", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_database_says_so_and_gives_the_lock_back()
    {
        File.WriteAllText(DatabasePath, new string('x', 5000));

        Assert.True(Assert.Throws<SqliteException>(() => SqliteFile.OpenWriter(DatabasePath)).IsDamage);

        File.Delete(DatabasePath);
        using SqliteFile writer = NewTable();
    }

    [Fact]
    public void The_log_is_counted_after_each_commit_and_starts_anew_after_a_checkpoint()
    {
        using SqliteFile writer = NewTable();
        int before = writer.LogPages;
        for (int i = 0; i < 50; i++)
        {
            writer.Execute($"INSERT INTO t VALUES({i}, '{new string('x', 500)}', x'00')");
        }

        Assert.True(writer.LogPages >= before + 50);
        long length = new FileInfo(DatabasePath + "-wal").Length;
        (int log, int copied) = writer.Checkpoint();
        Assert.Equal(log, copied);
        Assert.Equal(0, writer.LogPages);
        writer.Execute("INSERT INTO t VALUES(99, 'x', x'00')");
        Assert.InRange(writer.LogPages, 1, 5);
        Assert.Equal(length, new FileInfo(DatabasePath + "-wal").Length);
    }

    [Fact]
    public void A_reader_in_the_way_delays_the_logs_start_and_loses_nothing()
    {
        using SqliteFile writer = NewTable();
        writer.Execute("INSERT INTO t VALUES(1, 'x', x'00')");
        using var reader = SqliteFile.OpenReader(DatabasePath);
        reader.Execute("BEGIN");
        Assert.Equal(1, reader.Scalar("SELECT count(*) FROM t"));
        writer.Execute("INSERT INTO t VALUES(2, 'x', x'00')");

        (int log, int copied) = writer.Checkpoint();

        Assert.True(copied < log, "the reader's snapshot should hold the newest pages back");
        Assert.True(writer.LogPages > 0);
        Assert.Equal(1, reader.Scalar("SELECT count(*) FROM t"));
        reader.Execute("COMMIT");
        Assert.Equal(2, reader.Scalar("SELECT count(*) FROM t"));
        (log, copied) = writer.Checkpoint();
        Assert.Equal(log, copied);
    }

    [Fact]
    public void A_file_that_is_abandoned_keeps_its_log_for_the_next_start()
    {
        using SqliteFile writer = NewTable();
        writer.Execute("INSERT INTO t VALUES(1, 'x', x'00')");
        writer.Abandon();

        Assert.True(new FileInfo(DatabasePath + "-wal").Length > 0);
        using var again = SqliteFile.OpenWriter(DatabasePath);
        Assert.Equal(1, again.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public void A_writer_that_is_closed_leaves_one_file_and_its_locks()
    {
        NewTable().Dispose();

        Assert.False(File.Exists(DatabasePath + "-wal"));
        using var reader = SqliteFile.OpenReader(DatabasePath);
        Assert.Equal(0, reader.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public void The_second_writer_is_told_who_has_the_file()
    {
        using SqliteFile writer = NewTable();

        FileInUseException fault = Assert.Throws<FileInUseException>(() => SqliteFile.OpenWriter(DatabasePath));

        Assert.Equal(Environment.ProcessId, fault.ProcessId);
        Assert.Equal(DatabasePath, fault.Path);
        Assert.Contains($"in use by pid {Environment.ProcessId}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_writer_of_another_process_is_named_and_its_death_frees_the_file()
    {
        NewTable().Dispose();
        using Process holder = Process.Start(new ProcessStartInfo(
            "flock", ["--exclusive", "--nonblock", DatabasePath + ".lock", "sh", "-c", $"echo -n $$ > '{DatabasePath}.pid'; echo; exec sleep 60"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Soon();

        FileInUseException fault = Assert.Throws<FileInUseException>(() => SqliteFile.OpenWriter(DatabasePath));
        Assert.Equal(int.Parse(File.ReadAllText(DatabasePath + ".pid"), null), fault.ProcessId);

        using (var sleeper = Process.GetProcessById(fault.ProcessId))
        {
            sleeper.Kill();
        }

        await holder.WaitForExitAsync(TestContext.Current.CancellationToken).Soon();
        using var writer = SqliteFile.OpenWriter(DatabasePath);
    }

    [Fact]
    public void The_names_of_a_folder_can_be_flushed_and_one_that_is_not_there_is_a_fault()
    {
        DurableFolder.Flush(_folder.Path);

        SqliteException fault = Assert.Throws<SqliteException>(() => DurableFolder.Flush(_folder.File("none")));
        Assert.Contains("open of the folder failed", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private SqliteFile NewTable()
    {
        var writer = SqliteFile.OpenWriter(DatabasePath);
        writer.Execute("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, content BLOB)");
        return writer;
    }
}
