using Invoicing.Registers.Ports;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Ports;

/// <summary>A machine's /sys and /dev in a folder, laid out and linked as the kernel does, without udev unless told.</summary>
internal sealed class FakeMachine : IDisposable
{
    private const string Host = "devices/pci0000:00/0000:00:14.0";

    private readonly TempFolder _folder = new();

    internal FakeMachine()
    {
        Directory.CreateDirectory(Sys("class/tty"));
        Directory.CreateDirectory(Dev(""));
        Folder(Host, "pci");
        Folder($"{Host}/usb1", "usb");
        Write($"{Host}/usb1", ("idVendor", "1d6b"), ("idProduct", "0002"), ("serial", "0000:00:14.0"));

        // What every PC has: consoles, a pseudo-terminal multiplexer, UARTs without hardware.
        foreach (string name in (string[])["console", "ptmx", "tty0", "tty1"])
        {
            Tty(name, $"devices/virtual/tty/{name}", device: null);
        }
    }

    internal SysfsPorts Ports => new(Sys("").TrimEnd('/'), Dev("").TrimEnd('/'));

    public void Dispose() => _folder.Dispose();

    internal string Dev(string name) => _folder.File("dev/" + name);

    /// <summary>An adapter with a usb-serial driver: its tty hangs below a port device of its own.</summary>
    internal FakeMachine UsbSerial(
        string node, string path, string vendor, string product, string driver, string? serial = null, string? maker = null, string? text = null,
        int part = 0, int port = 0)
    {
        string level = Interface(path, part, vendor, product, serial, maker, text, driver);
        Folder($"{level}/{node}", "usb-serial", driver);
        Write($"{level}/{node}", ("port_number", $"{port}"));
        return Tty(node, $"{level}/{node}/tty/{node}", $"{level}/{node}");
    }

    /// <summary>A CDC-ACM device: its tty hangs on the interface.</summary>
    internal FakeMachine Acm(
        string node, string path, string vendor, string product, string? serial = null, string? maker = null, string? text = null, int part = 0)
    {
        string level = Interface(path, part, vendor, product, serial, maker, text, "cdc_acm");
        return Tty(node, $"{level}/tty/{node}", level);
    }

    /// <summary>A UART on the board; type 0 is a node with nothing behind.</summary>
    internal FakeMachine Uart(string node, int type)
    {
        string level = $"devices/platform/serial8250/serial8250:0.{node[^1]}";
        Folder(level, "serial-base", "serial8250");
        Tty(node, $"{level}/tty/{node}", level);
        Write($"{level}/tty/{node}", ("type", $"{type}"));
        return this;
    }

    internal FakeMachine Unplug(string path, params string[] nodes)
    {
        Directory.Delete(Sys($"{Host}/usb1/{Way(path)}"), recursive: true);
        foreach (string node in nodes)
        {
            File.Delete(Sys($"class/tty/{node}"));
        }

        return this;
    }

    internal FakeMachine Link(string name, string node)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Dev(name))!);
        File.CreateSymbolicLink(Dev(name), Path.GetRelativePath(Path.GetDirectoryName(Dev(name))!, Dev(node)));
        return this;
    }

    internal void Attribute(string path, string name, string text) => Write($"{Host}/usb1/{Way(path)}", (name, text));

    private static string Way(string path)
    {
        // 1-1.2 lies in 1-1.
        List<string> way = [];
        for (int dot = path.IndexOf('.', StringComparison.Ordinal); dot > 0; dot = path.IndexOf('.', dot + 1))
        {
            way.Add(path[..dot]);
        }

        return string.Join('/', way.Append(path));
    }

    private string Interface(
        string path, int part, string vendor, string product, string? serial, string? maker, string? text, string driver)
    {
        string below = $"{Host}/usb1";
        foreach (string hub in Way(path).Split('/'))
        {
            below += "/" + hub;
            Folder(below, "usb", hub == path ? "usb" : "hub");
        }

        Write(below, ("idVendor", vendor), ("idProduct", product));
        Write(below, [.. new[] { ("serial", serial), ("manufacturer", maker), ("product", text) }.Where(pair => pair.Item2 is not null).Select(pair => (pair.Item1, pair.Item2!))]);
        string level = $"{below}/{path}:1.{part}";
        Folder(level, "usb", driver);
        Write(level, ("bInterfaceNumber", $"{part:x2}"));
        return level;
    }

    private FakeMachine Tty(string node, string folder, string? device)
    {
        Folder(folder, "tty");
        if (device is not null)
        {
            LinkSys($"{folder}/device", device);
        }

        LinkSys($"class/tty/{node}", folder);
        File.WriteAllText(Dev(node), string.Empty);
        return this;
    }

    private void Folder(string path, string subsystem, string? driver = null)
    {
        Directory.CreateDirectory(Sys(path));
        LinkSys($"{path}/subsystem", subsystem == "tty" ? "class/tty" : $"bus/{subsystem}");
        if (driver is not null)
        {
            LinkSys($"{path}/driver", $"bus/{subsystem}/drivers/{driver}");
        }
    }

    /// <summary>Relative, as in sysfs.</summary>
    private void LinkSys(string link, string target)
    {
        if (!Path.Exists(Sys(link)) && new FileInfo(Sys(link)).LinkTarget is null)
        {
            File.CreateSymbolicLink(Sys(link), Path.GetRelativePath(Path.GetDirectoryName(Sys(link))!, Sys(target)));
        }
    }

    private void Write(string folder, params (string Name, string Text)[] attributes)
    {
        foreach ((string name, string text) in attributes)
        {
            File.WriteAllText(Sys($"{folder}/{name}"), text + "\n");
        }
    }

    private string Sys(string path) => _folder.File("sys/" + path);
}
