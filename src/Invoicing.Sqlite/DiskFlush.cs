using System.Runtime.InteropServices;

namespace Invoicing.Sqlite;

/// <summary>Brings a file's bytes onto the disk, or says that it did not.</summary>
/// <remarks>
/// fsync is called directly: seen with an injected EIO, <see cref="FileStream.Flush(bool)"/> of .NET 10 on Linux returns as if all were well.
/// </remarks>
public static partial class DiskFlush
{
    /// <summary>Writes out what the stream has buffered and flushes the file to the disk.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="IOException">The disk refuses; nothing is known of the file's last bytes.</exception>
    public static void Flush(FileStream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        file.Flush();
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }
        else if (Fsync(file.SafeFileHandle) != 0)
        {
            throw new IOException($"{file.Name}: fsync failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeHandle file);
}
