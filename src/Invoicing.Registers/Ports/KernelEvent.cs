using System.Text;

namespace Invoicing.Registers.Ports;

/// <summary>What the kernel tells of a device: one datagram of <c>NETLINK_KOBJECT_UEVENT</c>.</summary>
/// <param name="Action"><c>add</c>, <c>remove</c>, <c>change</c>, <c>bind</c> and others.</param>
/// <param name="Device">Path below sysfs' root, from <c>/devices</c> on.</param>
/// <param name="Subsystem">Class or bus, <c>tty</c>.</param>
/// <param name="Node">Name below <c>/dev</c>, if it has one.</param>
internal sealed record KernelEvent(string Action, string Device, string? Subsystem, string? Node)
{
    /// <summary>Longest datagram that is looked at: the kernel's variables have at most 2 KiB, and the path before them at most 4.</summary>
    internal const int LongestDatagram = 8 * 1024;

    /// <summary>Most variables that the kernel writes (UEVENT_NUM_ENVP).</summary>
    private const int MostVariables = 64;

    /// <summary>Whether a serial port may have come or gone.</summary>
    internal bool IsOfTty => Subsystem == "tty";

    /// <summary><c>ACTION@DEVPATH\0 (KEY=VALUE\0)*</c>. What has another form (udev's own messages begin with "libudev") is no event.</summary>
    internal static KernelEvent? Parse(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length > LongestDatagram || !TryHeader(Cut(ref datagram), out string action, out string device))
        {
            return null;
        }

        string? subsystem = null;
        string? node = null;
        for (int i = 0; i < MostVariables && !datagram.IsEmpty; i++)
        {
            ReadOnlySpan<byte> variable = Cut(ref datagram);
            subsystem ??= ValueOf(variable, "SUBSYSTEM="u8);
            node ??= ValueOf(variable, "DEVNAME="u8);
        }

        return new(action, device, subsystem, node);
    }

    private static bool TryHeader(ReadOnlySpan<byte> header, out string action, out string device)
    {
        (action, device) = (string.Empty, string.Empty);
        int at = header.IndexOf((byte)'@');
        if (at <= 0 || header[..at].ContainsAnyExceptInRange((byte)'a', (byte)'z') || header[(at + 1)..] is not [(byte)'/', ..] path)
        {
            return false;
        }

        (action, device) = (Encoding.ASCII.GetString(header[..at]), Encoding.UTF8.GetString(path));
        return true;
    }

    private static string? ValueOf(ReadOnlySpan<byte> variable, ReadOnlySpan<byte> key) =>
        variable.StartsWith(key) ? Encoding.UTF8.GetString(variable[key.Length..]) : null;

    /// <summary>Takes the text up to the next zero.</summary>
    private static ReadOnlySpan<byte> Cut(ref ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf((byte)0);
        ReadOnlySpan<byte> text = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return text;
    }
}
