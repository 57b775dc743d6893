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
    internal static UucpLock? Take(SerialLineOptions options)
    {
        if (options.LockFolder is not { } folder || !Directory.Exists(folder))
        {
            return null;
        }

        // LCK..ttyUSB0 for /dev/ttyUSB0, LCK..pts_3 for /dev/pts/3. Names of links would let two names of one port pass.
        string device = DevicePath.Resolve(options.Path);
        string name = device.StartsWith("/dev/", StringComparison.Ordinal) ? device["/dev/".Length..] : device;
        string path = Path.Combine(folder, "LCK.." + name.Replace('/', '_'));
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
                RemoveStale(path, options.Path);
            }
            catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
            {
                throw new LineUnavailableException(options.Path, $"lock file {path}: {fault.Message}", fault);
            }
        }

        throw new LineUnavailableException(options.Path, $"lock file {path} comes back as soon as it is removed; another program is taking the port");
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
    private static bool IsHolder(int id, string path)
    {
        if (id == Environment.ProcessId)
        {
            return false;
        }

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

    private static void RemoveStale(string path, string line)
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
            throw new LineUnavailableException(line, $"lock file {path} names no process; remove it if no program uses the port");
        }

        if (IsHolder(id, path))
        {
            throw new LineUnavailableException(line, $"in use by {PortHolder.Describe(id)}, says lock file {path}");
        }

        File.Delete(path);
    }
}
