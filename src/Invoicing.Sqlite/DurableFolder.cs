using System.Runtime.InteropServices;

namespace Invoicing.Sqlite;

/// <summary>Makes the names in a folder durable: a new file's name must be on the disk too, or a power cut takes the whole file with it.</summary>
/// <remarks>.NET refuses to open a folder, so this is open, fsync and close of POSIX. NTFS journals its directory entries by itself.</remarks>
public static partial class DurableFolder
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;

    /// <summary>Flushes the names of a folder to the disk.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="SqliteException">The disk refuses; the folder's files may be gone after a power cut.</exception>
    public static void Flush(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(folder, OperatingSystem.IsLinux() ? ReadOnly | CloseOnExec : ReadOnly);
        if (descriptor < 0)
        {
            throw Fault(folder, "open");
        }

        bool flushed = Fsync(descriptor) == 0;
        SqliteException? fault = flushed ? null : Fault(folder, "fsync");
        _ = Close(descriptor); // read-only: nothing can be lost here
        if (fault is not null)
        {
            throw fault;
        }
    }

    private static SqliteException Fault(string folder, string action)
    {
        const int IoError = 10; // SQLITE_IOERR
        return new($"{folder}: {action} of the folder failed: {Marshal.GetLastPInvokeErrorMessage()}", IoError);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
