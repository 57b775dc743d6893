using System.Collections.Immutable;

namespace Invoicing.Registers.Ports;

/// <summary>A serial port as the system lists it: what is plugged in, where, and how it can be named.</summary>
/// <remarks>
/// Texts come from the device and are whatever its maker or an attacker wrote there; control characters are replaced by U+FFFD, nothing else
/// is trusted. Equal if everything in it is. On Windows only <see cref="Node"/> is known.
/// </remarks>
public sealed record ListedPort
{
    /// <summary>What to open now: <c>/dev/ttyUSB0</c>, <c>COM3</c>. Changes with each replug.</summary>
    public required string Node { get; init; }

    /// <summary>Name of the kernel's driver, <c>ftdi_sio</c>.</summary>
    public string? Driver { get; init; }

    /// <summary>USB vendor id; <see langword="null"/> for a UART on the board.</summary>
    public ushort? Vendor { get; init; }

    /// <summary>USB product id.</summary>
    public ushort? Product { get; init; }

    /// <summary>The adapter's serial number. Many have none, and some makers give all units the same one.</summary>
    public string? Serial { get; init; }

    /// <summary>The maker's name.</summary>
    public string? Manufacturer { get; init; }

    /// <summary>The product's name.</summary>
    public string? ProductText { get; init; }

    /// <summary>USB interface number (<c>bInterfaceNumber</c>), 0..255: which of an adapter's ports it is.</summary>
    public byte? Interface { get; init; }

    /// <summary>
    /// Place in the USB tree, <c>1-1.2:1.0</c>: bus, ports of the hubs on the way, configuration and interface; with <c>-port1</c> and so on
    /// where one interface has several ports. The same socket keeps it whatever the node's number is.
    /// </summary>
    public string? BusPath { get; init; }

    /// <summary>Name under <c>/dev/serial/by-id</c>, which udev gives or would give.</summary>
    public string? ById { get; init; }

    /// <summary>Name under <c>/dev/serial/by-path</c>, which udev gives or would give.</summary>
    public string? ByPath { get; init; }

    /// <summary>Links to the node directly under <c>/dev</c> and under <c>/dev/serial</c>, sorted.</summary>
    public ImmutableArray<string> Links { get; init; } = [];

    /// <summary>Whether it hangs on USB.</summary>
    public bool IsUsb => Vendor is not null && Product is not null && BusPath is not null;

    /// <summary>The part of <see cref="BusPath"/> that all ports of one adapter share, <c>1-1.2</c>.</summary>
    internal string? UsbDevice => BusPath?.Split(':')[0];

    /// <inheritdoc/>
    public bool Equals(ListedPort? other) =>
        other is not null
        && (Node, Driver, Vendor, Product, Serial, Manufacturer, ProductText) ==
            (other.Node, other.Driver, other.Vendor, other.Product, other.Serial, other.Manufacturer, other.ProductText)
        && (Interface, BusPath, ById, ByPath) == (other.Interface, other.BusPath, other.ById, other.ByPath)
        && Links.AsSpan().SequenceEqual(other.Links.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Node, Vendor, Product, Serial, BusPath);
}
