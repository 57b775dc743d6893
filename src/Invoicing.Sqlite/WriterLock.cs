using System.Globalization;

namespace Invoicing.Sqlite;

/// <summary>One writer process per database file, held by the operating system and so released by any death of the process.</summary>
/// <remarks>
/// A file beside the database (<c>name.lock</c>) is opened without sharing: on Linux that is an advisory lock (flock), on Windows a share
/// mode. It holds the owner's pid for people. SQLite's own locks are per transaction and would let two writers take turns.
/// Source: design.md 5.9 and 5.15.
/// </remarks>
public sealed class WriterLock : IDisposable
{
    private readonly FileStream _file;

    private WriterLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <param name="databasePath">The database file.</param>
    /// <exception cref="FileInUseException">Another writer has it.</exception>
    public static WriterLock Take(string databasePath)
    {
        string path = databasePath + ".lock";
        FileStream file;
        try
        {
            file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new FileInUseException(databasePath, ReadOwner(path));
        }

        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        file.Flush();
        return new(file);
    }

    /// <summary>Gives the lock back. The file stays: removing it would let two processes lock two files of one name.</summary>
    public void Dispose() => _file.Dispose();

    private static int ReadOwner(string path)
    {
        // Reading past the advisory lock needs a shell's way in on Linux; where the system refuses, the owner stays unnamed.
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            Span<byte> text = stackalloc byte[16];
            int length = file.Read(text);
            return int.TryParse(text[..length], NumberStyles.None, CultureInfo.InvariantCulture, out int pid) ? pid : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
