using System.Globalization;
using System.Text;

namespace Invoicing.Registers.Ports;

/// <summary>The names that udev gives to serial ports, for systems where it does not run.</summary>
/// <remarks>Source: what systemd documents of its usb_id and path_id built-ins, and the links of running systems; 60-serial.rules.</remarks>
internal static class UdevNames
{
    /// <summary>Bytes of a vendor's or model's name that usb_id keeps.</summary>
    private const int LongestName = 63;

    /// <summary>Characters besides letters and digits that stay in a name.</summary>
    private const string Kept = "#+-.:=@_";

    /// <summary><c>usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0</c>: maker, product and serial, interface, port.</summary>
    internal static string ById(ListedPort port, int? portNumber)
    {
        string vendor = Clean(port.Manufacturer ?? $"{port.Vendor:x4}", LongestName);
        string model = Clean(port.ProductText ?? $"{port.Product:x4}", LongestName);

        // A serial with anything but printable ASCII, or with a comma, does not count.
        string serial = port.Serial is { } text && text.All(c => c is >= ' ' and <= '\x7F' and not ',') ? Clean(text, int.MaxValue) : string.Empty;
        string name = serial.Length == 0 ? $"usb-{vendor}_{model}" : $"usb-{vendor}_{model}_{serial}";
        return string.Create(CultureInfo.InvariantCulture, $"{name}-if{port.Interface:x2}{Suffix(portNumber)}");
    }

    /// <summary><c>pci-0000:00:14.0-usb-0:1.2:1.0-port0</c>: the way from the board to the port.</summary>
    /// <param name="above">The port's device and what lies above it, nearest first.</param>
    /// <param name="portNumber">Port within its interface, if the driver numbers them.</param>
    internal static string? ByPath(IReadOnlyList<SysfsNode> above, int? portNumber)
    {
        List<string> parts = [];
        string? skip = null;
        foreach (SysfsNode level in above)
        {
            string? subsystem = level.Subsystem;
            if (subsystem is null || subsystem == skip)
            {
                continue;
            }

            if (subsystem == "usb" && level.Name.IndexOf('-', StringComparison.Ordinal) is > 0 and int dash)
            {
                parts.Insert(0, "usb-0:" + level.Name[(dash + 1)..]);
            }
            else if (subsystem is "pci" or "platform")
            {
                parts.Insert(0, $"{subsystem}-{level.Name}");
            }
            else
            {
                continue;
            }

            // Bridges and hubs on the way have the same kind as what hangs on them, and no part of the name.
            skip = subsystem;
        }

        return parts.Count == 0 ? null : string.Join('-', parts) + Suffix(portNumber);
    }

    private static string Suffix(int? portNumber) => portNumber is { } number ? $"-port{number}" : string.Empty;

    private static string Clean(string text, int most)
    {
        StringBuilder clean = new();
        foreach (string word in text.Split([' ', '\t', '\n', '\v', '\f', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            clean.Append(clean.Length == 0 ? string.Empty : "_");
            foreach (char c in word)
            {
                clean.Append(char.IsAsciiLetterOrDigit(c) || Kept.Contains(c, StringComparison.Ordinal) || c > '\x7F' ? c : '_');
            }
        }

        return clean.Length > most ? clean.ToString(0, most) : clean.ToString();
    }
}
