using System.Globalization;

namespace Invoicing.Sqlite;

/// <summary>One writer process per database file, held by the operating system and so released by any death of the process.</summary>
/// <remarks>
/// A file beside the database (<c>name.lock</c>) is opened without sharing: on Linux that is an advisory lock (flock), on Windows a share
/// mode. SQLite's own locks are per transaction and would let two writers take turns. The owner's pid stands in a second file
/// (<c>name.pid</c>), because the first cannot be read while it is held; it is for people and decides nothing.
/// Source: design.md 5.9 and 5.15.
/// </remarks>
public sealed class WriterLock : IDisposable
{
    private const int CannotOpen = 14; // SQLITE_CANTOPEN

    private readonly FileStream _file;

    private WriterLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <param name="databasePath">The database file.</param>
    /// <exception cref="FileInUseException">Another writer has it.</exception>
    /// <exception cref="SqliteException">The folder is not there or cannot be written to, or the system gives no locks.</exception>
    public static WriterLock Take(string databasePath)
    {
        ArgumentException.ThrowIfNullOrEmpty(databasePath);
        string path = databasePath + ".lock";
        string ownerPath = databasePath + ".pid";
        FileStream file = TryOpen(path) ?? throw new FileInUseException(databasePath, ReadOwner(ownerPath));
        try
        {
            RequireThatItHolds(path);
            File.WriteAllText(ownerPath, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Gives the lock back. The file stays: removing it would let two processes lock two files of one name.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>A setting of .NET and some file systems turn locks off without a word: then two writers would ruin the file.</summary>
    private static void RequireThatItHolds(string path)
    {
        using FileStream? second = TryOpen(path);
        if (second is not null)
        {
            throw new SqliteException($"{path}: expected a lock that holds, found that the system gives none; use a local disk", CannotOpen);
        }
    }

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SqliteException($"{path}: cannot be made: {fault.Message}", CannotOpen);
        }
    }

    private static int ReadOwner(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(path), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) ? pid : 0;
        }
        catch (IOException)
        {
            return 0; // the owner has just taken the lock and not yet written who it is
        }
    }
}
