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
        string target = DevicePath.Resolve(path);
        string own = ours is null ? string.Empty : ours.DangerousGetHandle().ToString(CultureInfo.InvariantCulture);
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out int id))
            {
                continue;
            }

            bool self = id == Environment.ProcessId;
            if (Holds(Path.Combine(process, "fd"), target, self ? own : string.Empty))
            {
                return Describe(id);
            }
        }

        return "another program (which one only root can see: fuser -v)";
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

    private static bool Holds(string folder, string target, string except)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(folder).Any(link =>
                !string.Equals(Path.GetFileName(link), except, StringComparison.Ordinal)
                && string.Equals(new FileInfo(link).LinkTarget, target, StringComparison.Ordinal));
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
        {
            // Another user's process, or one that ended while we looked: it cannot be named, which the caller's answer says.
            return false;
        }
    }
}
