using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Invoicing.Registers.Lines;

/// <summary>Finds out who holds a port, so that "in use" names a program that a person can close.</summary>
internal static class PortHolder
{
    /// <summary>Looks through the open files of all processes that we may look into.</summary>
    /// <param name="path">The port.</param>
    /// <param name="ours">Our own handle of it, which does not count.</param>
    /// <returns><c>pid 4711 (minicom)</c>, or what is known instead.</returns>
    internal static string Find(string path, SafeFileHandle? ours = null)
    {
        string[] target = [DevicePath.Resolve(path)];
        string own = ours is null ? string.Empty : ours.DangerousGetHandle().ToString(CultureInfo.InvariantCulture);
        foreach (int id in Processes())
        {
            if (Held(id, target, id == Environment.ProcessId ? own : string.Empty).Length > 0)
            {
                return Describe(id);
            }
        }

        return "another program (which one only root can see: fuser -v)";
    }

    /// <summary>Who holds which of these ports, by open file or by lock file; ports that nobody is seen to hold are left out.</summary>
    /// <remarks>Other users' processes only root sees, so a port that is not in the answer may still be in use: opening it tells.</remarks>
    /// <param name="nodes">Device nodes, no links.</param>
    /// <param name="lockFolder">Folder of lock files, or <see langword="null"/>.</param>
    internal static Dictionary<string, string> FindAll(IReadOnlyCollection<string> nodes, string? lockFolder)
    {
        Dictionary<string, string> holders = new(StringComparer.Ordinal);
        foreach (int id in Processes())
        {
            foreach (string node in Held(id, nodes, except: string.Empty))
            {
                holders.TryAdd(node, Describe(id));
            }
        }

        foreach (string node in nodes)
        {
            if (lockFolder is not null && !holders.ContainsKey(node) && UucpLock.HolderOf(node, lockFolder) is { } id)
            {
                holders.Add(node, Describe(id));
            }
        }

        return holders;
    }

    /// <summary>A process by its id, with its name where it still has one.</summary>
    internal static string Describe(int id)
    {
        string self = id == Environment.ProcessId ? ", this program" : string.Empty;
        return $"pid {id} ({NameOf(id)}{self})";
    }

    private static string NameOf(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/comm").Trim();
        }
        catch (IOException)
        {
            return "ended meanwhile";
        }
    }

    private static IEnumerable<int> Processes() => Directory.EnumerateDirectories("/proc")
        .Select(process => int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : 0)
        .Where(id => id > 0);

    /// <summary>Those of the targets that a process has open.</summary>
    private static string[] Held(int id, IReadOnlyCollection<string> targets, string except)
    {
        try
        {
            return
            [
                .. Directory.EnumerateFileSystemEntries($"/proc/{id}/fd")
                    .Where(link => !string.Equals(Path.GetFileName(link), except, StringComparison.Ordinal))
                    .Select(link => new FileInfo(link).LinkTarget)
                    .OfType<string>()
                    .Where(target => targets.Contains(target, StringComparer.Ordinal))
                    .Distinct(StringComparer.Ordinal),
            ];
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
        {
            // Another user's process, or one that ended while we looked: it cannot be named, which the caller's answer says.
            return [];
        }
    }
}
