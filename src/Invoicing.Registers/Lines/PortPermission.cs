using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Invoicing.Registers.Lines.Native;

namespace Invoicing.Registers.Lines;

/// <summary>Says why a port may not be opened and which command helps.</summary>
/// <remarks>Source: inode(7); the groups that own serial ports are the distributions' (dialout at Debian, uucp at Arch).</remarks>
internal static class PortPermission
{
    private const uint OwnerReadWrite = 0x180;
    private const uint GroupReadWrite = 0x30;

    /// <summary>Looks at the node's owner, and at our groups.</summary>
    [SupportedOSPlatform("linux")]
    internal static unsafe string Explain(string node)
    {
        FileStatus status = default;
        if (Libc.Status(Libc.CurrentFolder, node, 0, Libc.BasicStatus, &status) != 0)
        {
            string reason = Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
            return $"no permission, and who owns it cannot be seen ({reason}); as root, see: ls -l {node}";
        }

        string group = NameOf("/etc/group", status.GroupId);
        bool member = LinesOf("/proc/self/status")
            .Where(line => line.StartsWith("Groups:", StringComparison.Ordinal) || line.StartsWith("Gid:", StringComparison.Ordinal))
            .SelectMany(line => line.Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries).Skip(1))
            .Contains(status.GroupId.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal);
        return Sentence(node, Environment.UserName, status.Mode, NameOf("/etc/passwd", status.UserId), group, member);
    }

    /// <summary>The sentence for a node's mode and owners.</summary>
    /// <param name="node">The port.</param>
    /// <param name="user">Who we are.</param>
    /// <param name="mode">The node's mode bits.</param>
    /// <param name="owner">The user that owns it.</param>
    /// <param name="group">The group that owns it.</param>
    /// <param name="isMember">Whether this process is in that group.</param>
    internal static string Sentence(string node, string user, uint mode, string owner, string group, bool isMember)
    {
        if ((mode & GroupReadWrite) != GroupReadWrite)
        {
            string who = (mode & OwnerReadWrite) == OwnerReadWrite ? $"only user {owner} may use it" : "its mode lets nobody use it";
            return $"no permission; {who} (mode {Convert.ToString(mode & 0x1FF, 8)}, group {group}): "
                + $"sudo chgrp dialout {node} && sudo chmod 660 {node}, "
                + "and a udev rule that does so at each plugging";
        }

        return isMember
            ? $"no permission, although user {user} is in group {group} that owns it; "
                + "a sandbox of the service forbids it (systemd: DeviceAllow, container: --device)"
            : $"no permission; it belongs to group {group}: sudo usermod -aG {group} {user}, then start this program anew";
    }

    private static string NameOf(string file, uint id)
    {
        string wanted = id.ToString(CultureInfo.InvariantCulture);
        string? name = LinesOf(file).Select(line => line.Split(':')).FirstOrDefault(parts => parts.Length > 2 && parts[2] == wanted)?[0];
        return name ?? wanted;
    }

    /// <summary>A file that is not there, or not ours to read, leaves numbers where names would be.</summary>
    private static string[] LinesOf(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
