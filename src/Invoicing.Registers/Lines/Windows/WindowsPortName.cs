namespace Invoicing.Registers.Lines.Windows;

/// <summary>Names of Windows' ports.</summary>
internal static class WindowsPortName
{
    private const string Devices = @"\\.\";

    /// <summary>
    /// The name to open: <c>COM10</c> is <c>\\.\COM10</c>, without which Windows knows COM1 to COM9 only, and a line with another name would be
    /// opened as a file.
    /// </summary>
    internal static string ToOpen(string name) => name.StartsWith(Devices, StringComparison.Ordinal) ? name : Devices + name;
}
