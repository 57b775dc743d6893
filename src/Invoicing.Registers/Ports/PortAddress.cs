using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Invoicing.Registers.Ports;

/// <summary>A port as an operator names it: by node, by the adapter's identity, or by its place in the USB tree.</summary>
/// <remarks>
/// <list type="bullet">
/// <item><c>/dev/ttyUSB0</c>, <c>/dev/serial/by-id/…</c>, <c>COM3</c>: a node or a link to one.</item>
/// <item><c>usb:VID:PID[:SERIAL][@PATH][.ifNN]</c>: hexadecimal ids; the serial with <c>%XX</c> for what is not a letter, digit, <c>-</c>,
/// <c>_</c>, <c>~</c> or <c>.</c>; the place (<c>1-1.2</c> or <c>1-1.2:1.0</c>) to tell equal adapters apart; the interface, two hexadecimal
/// digits as in <c>/dev/serial/by-id</c>, for adapters with several ports.</item>
/// <item><c>usb-path:1-1.2:1.0</c> or <c>usb-path:1-1.2</c>: whatever is plugged in there.</item>
/// </list>
/// Equal if written alike.
/// </remarks>
public sealed partial record PortAddress
{
    private const string UsbForm = "usb:VID:PID[:SERIAL][@PATH][.ifNN] with ids of four hexadecimal digits and a path such as 1-1.2";
    private const string PathForm = "usb-path: with a path such as 1-1.2 or 1-1.2:1.0";

    private PortAddress()
    {
    }

    /// <summary>The node or link; <see langword="null"/> for an address by identity or place.</summary>
    public string? Node { get; private init; }

    /// <summary>The adapter's vendor id.</summary>
    public ushort? Vendor { get; private init; }

    /// <summary>The adapter's product id.</summary>
    public ushort? Product { get; private init; }

    /// <summary>The adapter's serial; <see langword="null"/> for any or none.</summary>
    public string? Serial { get; private init; }

    /// <summary>Place in the USB tree, of an adapter or of one of its ports.</summary>
    public string? Path { get; private init; }

    /// <summary>The port's interface number.</summary>
    public byte? Interface { get; private init; }

    /// <summary>Reads an address.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">Says what was expected and what was found.</exception>
    public static PortAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith("usb-path:", StringComparison.Ordinal))
        {
            string path = text["usb-path:".Length..];
            return PathPattern().IsMatch(path) ? new() { Path = path } : throw new FormatException($"expected {PathForm}, found '{text}'");
        }

        return text.StartsWith("usb:", StringComparison.Ordinal) ? ParseUsb(text)
            : text.Length > 0 ? new() { Node = text }
            : throw new FormatException("expected the path of a serial port or usb:VID:PID, found nothing");
    }

    /// <summary>The shortest address that means this port and none of the others, now and when adapters without a serial come and go.</summary>
    /// <param name="port">A port.</param>
    /// <param name="listing">All ports.</param>
    public static PortAddress Of(ListedPort port, ImmutableArray<ListedPort> listing)
    {
        ArgumentNullException.ThrowIfNull(port);
        if (!port.IsUsb)
        {
            return new() { Node = port.Node };
        }

        ListedPort[] siblings = [.. listing.Where(other => other.UsbDevice == port.UsbDevice)];
        if (siblings.Count(other => other.Interface == port.Interface) > 1)
        {
            return new() { Path = port.BusPath };
        }

        // Without a serial an adapter that is alone today has a twin tomorrow; its place is all that it has for a name.
        bool alone = port.Serial is not null && !listing.Any(other => IsTwin(other, port));
        return new()
        {
            Vendor = port.Vendor,
            Product = port.Product,
            Serial = port.Serial,
            Path = alone ? null : port.UsbDevice,
            Interface = siblings.Length > 1 ? port.Interface : null,
        };
    }

    /// <summary>The address as it is written.</summary>
    public override string ToString()
    {
        if (Node is not null)
        {
            return Node;
        }

        if (Vendor is null)
        {
            return $"usb-path:{Path}";
        }

        string serial = Serial is null ? string.Empty : ":" + Escape(Serial);
        string path = Path is null ? string.Empty : "@" + Path;
        string part = Interface is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $".if{Interface:x2}");
        return string.Create(CultureInfo.InvariantCulture, $"usb:{Vendor:x4}:{Product:x4}{serial}{path}{part}");
    }

    private static bool IsTwin(ListedPort other, ListedPort port) =>
        other.UsbDevice != port.UsbDevice && (other.Vendor, other.Product, other.Serial) == (port.Vendor, port.Product, port.Serial);

    /// <summary>usb:VID:PID[:SERIAL][@PATH][.ifNN], taken apart from its end, as only serials can hold anything.</summary>
    private static PortAddress ParseUsb(string text)
    {
        string rest = text["usb:".Length..];
        byte? part = null;
        if (InterfacePattern().IsMatch(rest))
        {
            part = byte.Parse(rest.AsSpan(rest.Length - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            rest = rest[..^".ifNN".Length];
        }

        string? path = null;
        int at = rest.LastIndexOf('@');
        if (at >= 0)
        {
            path = rest[(at + 1)..];
            rest = rest[..at];
        }

        string[] ids = rest.Split(':', 3);
        if (ids.Length < 2 || ids is [_, _, ""] || !TryId(ids[0], out ushort vendor) || !TryId(ids[1], out ushort product)
            || (path is not null && !PathPattern().IsMatch(path)))
        {
            throw new FormatException($"expected {UsbForm} (in a serial, '@' is written %40), found '{text}'");
        }

        string? serial = ids.Length == 3 ? Uri.UnescapeDataString(ids[2]) : null;
        return new() { Vendor = vendor, Product = product, Serial = serial, Path = path, Interface = part };
    }

    private static bool TryId(string text, out ushort id) =>
        ushort.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out id) && text.Length == 4;

    private static string Escape(string serial)
    {
        string escaped = Uri.EscapeDataString(serial);

        // A serial that ends as an interface does must not be read as one.
        return InterfacePattern().IsMatch(escaped) ? $"{escaped[..^".ifNN".Length]}%2E{escaped[^4..]}" : escaped;
    }

    /// <summary>Bus, up to six hubs' ports (USB has seven tiers), then configuration and interface, then the port within that.</summary>
    [GeneratedRegex(
        @"^[0-9]{1,3}-[0-9]{1,3}(\.[0-9]{1,3}){0,6}(:[0-9]{1,3}\.[0-9]{1,3}(-port[0-9]{1,2})?)?\z",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex PathPattern();

    [GeneratedRegex(@"\.if[0-9a-fA-F]{2}\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex InterfacePattern();
}
