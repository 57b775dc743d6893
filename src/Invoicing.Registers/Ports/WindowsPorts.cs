using System.Collections.Immutable;
using System.Runtime.Versioning;
using Microsoft.Win32;

namespace Invoicing.Registers.Ports;

/// <summary>Lists serial ports from Windows' registry: names only, as the drivers that are loaded write them there.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsPorts
{
    internal static ImmutableArray<ListedPort> List()
    {
        using RegistryKey? key = Registry.LocalMachine.OpenSubKey(@"HARDWARE\DEVICEMAP\SERIALCOMM");
        return key is null
            ? []
            :
            [
                .. key.GetValueNames()
                    .Select(name => key.GetValue(name) as string)
                    .OfType<string>()
                    .Distinct(StringComparer.OrdinalIgnoreCase)
                    .OrderBy(name => name.Length)
                    .ThenBy(name => name, StringComparer.Ordinal)
                    .Select(name => new ListedPort { Node = name }),
            ];
    }
}
