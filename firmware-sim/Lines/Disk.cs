using Microsoft.Win32.SafeHandles;

namespace FirmwareSim.Lines;

/// <summary>Brings what was written onto the disk, or says that it did not.</summary>
/// <remarks>
/// Linux' fsync is called directly: seen with an injected EIO, <c>RandomAccess.FlushToDisk</c> of .NET 10 returns as if all were well,
/// and a register would print a receipt that is not on its disk.
/// </remarks>
internal static class Disk
{
    /// <summary>Returns when the bytes are on the disk.</summary>
    /// <exception cref="IOException">The bytes may not be on the disk; only a restart can tell.</exception>
    public static void Flush(SafeFileHandle file, string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
        }
        else if (Libc.Sync(file) != 0)
        {
            throw Libc.Failed("fsync", path);
        }
    }
}
