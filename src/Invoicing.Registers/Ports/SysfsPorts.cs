using System.Collections.Immutable;
using System.Globalization;

namespace Invoicing.Registers.Ports;

/// <summary>Lists serial ports from Linux' sysfs; no udev is needed, so it works in a container.</summary>
/// <remarks>
/// A tty is a serial port if it hangs on a USB interface, or is a UART whose <c>type</c> is not 0 (PCs have nodes for four UARTs, most with
/// nothing behind). What describes an adapter lies above its tty: at the interface for ttyACM, one level higher for ttyUSB, and at the device
/// above that. Source: sysfs(5), Documentation/ABI/stable/sysfs-bus-usb and testing/sysfs-tty of the kernel.
/// </remarks>
/// <param name="sys">Where sysfs is, <c>/sys</c>.</param>
/// <param name="dev">Where the nodes are, <c>/dev</c>.</param>
internal sealed class SysfsPorts(string sys, string dev)
{
    /// <summary>Deepest that a device lies: a PCI bridge or three, a host, seven tiers of USB, interface, port. Ends a walk in any case.</summary>
    private const int MostLevels = 32;

    /// <summary>The ports there are now, by node.</summary>
    internal ImmutableArray<ListedPort> List()
    {
        string folder = Path.Combine(sys, "class", "tty");
        if (!Directory.Exists(folder))
        {
            return [];
        }

        ILookup<string, string> links = Links();
        return
        [
            .. Directory.EnumerateFileSystemEntries(folder)
                .Select(entry => Read(entry, links))
                .OfType<ListedPort>()
                .OrderBy(port => port.Node.Length)
                .ThenBy(port => port.Node, StringComparer.Ordinal),
        ];
    }

    private ListedPort? Read(string entry, ILookup<string, string> links)
    {
        if (SysfsNode.Follow(entry) is not { } tty || SysfsNode.Follow(Path.Combine(tty.Path, "device")) is not { } device)
        {
            return null;
        }

        string node = Path.Combine(dev, tty.Name);
        ImmutableArray<string> named = [.. links[node].Order(StringComparer.Ordinal)];
        ListedPort port = new() { Node = node, Links = named };
        SysfsNode[] above = [.. Above(device)];
        int at = Array.FindIndex(above, level => level.Has("bInterfaceNumber"));
        if (at < 0)
        {
            return tty.Number("type", NumberStyles.None) is > 0
                ? port with { Driver = DriverOf(above), ByPath = LinkIn(named, "by-path") }
                : null;
        }

        SysfsNode? usb = above[at..].Cast<SysfsNode?>().FirstOrDefault(level => level!.Value.Has("idVendor"));
        return usb is null ? null : Describe(port, above, above[at], usb.Value);
    }

    private ListedPort? Describe(ListedPort port, SysfsNode[] above, SysfsNode usbInterface, SysfsNode usb)
    {
        int? portNumber = above[0].Number("port_number", NumberStyles.None);
        ListedPort listed = port with
        {
            Driver = DriverOf(above),
            Vendor = (ushort?)usb.Number("idVendor", NumberStyles.AllowHexSpecifier),
            Product = (ushort?)usb.Number("idProduct", NumberStyles.AllowHexSpecifier),
            Serial = usb.Text("serial"),
            Manufacturer = usb.Text("manufacturer"),
            ProductText = usb.Text("product"),
            Interface = (byte?)usbInterface.Number("bInterfaceNumber", NumberStyles.AllowHexSpecifier),
            BusPath = portNumber > 0 ? $"{usbInterface.Name}-port{portNumber}" : usbInterface.Name,
        };

        // Unplugged while it was read.
        return !listed.IsUsb || listed.Interface is null
            ? null
            : listed with
            {
                ById = LinkIn(port.Links, "by-id") ?? UdevNames.ById(listed, portNumber),
                ByPath = LinkIn(port.Links, "by-path") ?? UdevNames.ByPath(above, portNumber),
            };
    }

    private IEnumerable<SysfsNode> Above(SysfsNode device)
    {
        SysfsNode? level = device;
        for (int i = 0; i < MostLevels && level is { } here && here.Path.StartsWith(sys, StringComparison.Ordinal); i++)
        {
            yield return here;
            level = here.Parent;
        }
    }

    private static string? DriverOf(SysfsNode[] above) =>
        above.Take(2).Select(level => level.Driver).FirstOrDefault(driver => driver is not null);

    private string? LinkIn(ImmutableArray<string> named, string folder)
    {
        string start = Path.Combine(dev, "serial", folder) + Path.DirectorySeparatorChar;
        return named.FirstOrDefault(link => link.StartsWith(start, StringComparison.Ordinal))?[start.Length..];
    }

    /// <summary>What links to which node: udev's names and an operator's own, which rules put directly under /dev.</summary>
    private ILookup<string, string> Links() =>
        new[] { dev, Path.Combine(dev, "serial", "by-id"), Path.Combine(dev, "serial", "by-path") }
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateFileSystemEntries)
            .Select(link => (Link: link, Target: SysfsNode.Follow(link)?.Path))
            .Where(pair => pair.Target is not null)
            .ToLookup(pair => pair.Target!, pair => pair.Link, StringComparer.Ordinal);
}
