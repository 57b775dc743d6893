using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Invoicing.Registers.Lines;

/// <summary>A lock file in the way of UUCP: <c>LCK..ttyUSB0</c> holds the process id in ten characters. Terminal programs respect it.</summary>
/// <remarks>Source: Filesystem Hierarchy Standard 3.0, 5.9 (/var/lock).</remarks>
internal sealed class UucpLock : IDisposable
{
    /// <summary>No program takes longer to write its id; by then an empty lock file belongs to nobody.</summary>
    private static readonly TimeSpan WritingLimit = TimeSpan.FromSeconds(5);

    private readonly string _path;

    private UucpLock(string path) => _path = path;

    /// <summary>Takes the lock; a lock of a process that no longer lives is removed.</summary>
    /// <returns><see langword="null"/> where there is no folder for lock files, or it is not ours to write.</returns>
    /// <exception cref="LineUnavailableException">A living process holds it.</exception>
    internal static UucpLock? Take(PortPlace place, string? lockFolder)
    {
        if (lockFolder is not { } folder || !Directory.Exists(folder))
        {
            return null;
        }

        string path = FileOf(place.Node, folder);
        for (int attempt = 0; attempt < 2; attempt++)
        {
            if (TryCreate(path, out bool writable))
            {
                return new(path);
            }

            if (!writable)
            {
                return null;
            }

            try
            {
                RemoveStale(path, place);
            }
            catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
            {
                throw place.Unavailable($"lock file {path}: {fault.Message}", fault);
            }
        }

        throw place.Unavailable($"lock file {path} comes back as soon as it is removed; another program is taking the port");
    }

    /// <summary>The living process that a port's lock file names; <see langword="null"/> if there is none.</summary>
    internal static int? HolderOf(string node, string folder)
    {
        string path = FileOf(node, folder);
        try
        {
            return int.TryParse(File.ReadAllText(path).Trim(), CultureInfo.InvariantCulture, out int id) && IsAlive(id, path) ? id : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // No lock file, or one that is not ours to read: nobody can be named.
            return null;
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It stays, and names a process that will be gone: whoever looks next may remove it.
        }
    }

    /// <summary>
    /// Whether a process still holds what it locked. Ours does not: in a container, the one before had the same id, and between our own
    /// lines the lock on the device decides. Nor does one that started after the lock was written: its id is a dead one's, used again.
    /// </summary>
    private static bool IsHolder(int id, string path) => id != Environment.ProcessId && IsAlive(id, path);

    /// <summary>LCK..ttyUSB0 for /dev/ttyUSB0, LCK..pts_3 for /dev/pts/3. Names of links would let two names of one port pass.</summary>
    private static string FileOf(string node, string folder)
    {
        string device = DevicePath.Resolve(node);
        string name = device.StartsWith("/dev/", StringComparison.Ordinal) ? device["/dev/".Length..] : device;
        return Path.Combine(folder, "LCK.." + name.Replace('/', '_'));
    }

    private static bool IsAlive(int id, string path)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.StartTime <= File.GetLastWriteTime(path);
        }
        catch (Win32Exception)
        {
            // It lives, and when it started is not ours to know.
            return true;
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException)
        {
            // There is no such process, or not any more.
            return false;
        }
    }

    /// <summary>Under another name first, then moved: a process that is killed in between must not leave a lock that names nobody.</summary>
    private static bool TryCreate(string path, out bool writable)
    {
        writable = true;
        string written = $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
        try
        {
            File.WriteAllText(written, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId,10}\n"));
            try
            {
                File.Move(written, path, overwrite: false);
                return true;
            }
            catch
            {
                File.Delete(written);
                throw;
            }
        }
        catch (UnauthorizedAccessException)
        {
            writable = false;
            return false;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        catch (IOException)
        {
            // Read-only folder, or none any more: the lock on the device has to do, as the options say.
            writable = false;
            return false;
        }
    }

    private static void RemoveStale(string path, PortPlace place)
    {
        string text;
        try
        {
            text = File.ReadAllText(path).Trim();
        }
        catch (FileNotFoundException)
        {
            return;
        }

        // An empty file is one that is just being written, or whose writer died before it wrote.
        if (text.Length == 0 && TimeProvider.System.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(path) > WritingLimit)
        {
            File.Delete(path);
            return;
        }

        // Any other file without a readable id is foreign: not ours to remove.
        if (!int.TryParse(text, CultureInfo.InvariantCulture, out int id))
        {
            throw place.Unavailable($"lock file {path} names no process; remove it if no program uses the port");
        }

        if (IsHolder(id, path))
        {
            throw place.Unavailable($"in use by {PortHolder.Describe(id)}, says lock file {path}");
        }

        File.Delete(path);
    }
}
