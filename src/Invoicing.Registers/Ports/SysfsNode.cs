using System.Globalization;
using System.Text;

namespace Invoicing.Registers.Ports;

/// <summary>One device's folder in sysfs, without links in its path. What is not there, or just went, reads as <see langword="null"/>.</summary>
/// <param name="Path">The folder.</param>
internal readonly record struct SysfsNode(string Path)
{
    /// <summary>USB strings have at most 126 characters; an attribute is at most a page.</summary>
    private const int LongestText = 4096;

    internal string Name => System.IO.Path.GetFileName(Path);

    internal SysfsNode? Parent => System.IO.Path.GetDirectoryName(Path) is { Length: > 0 } parent ? new(parent) : null;

    /// <summary>Name of the class or bus that it belongs to.</summary>
    internal string? Subsystem => TargetOf("subsystem");

    /// <summary>Name of its driver.</summary>
    internal string? Driver => TargetOf("driver");

    /// <summary>The folder that a link in a folder points to; <see langword="null"/> if there is none.</summary>
    /// <remarks>Links of sysfs are relative, and the folder that they lie in is real, so the path is right without asking the system.</remarks>
    internal static SysfsNode? Follow(string link)
    {
        try
        {
            return new DirectoryInfo(link).LinkTarget is { } target
                ? new(System.IO.Path.GetFullPath(target, System.IO.Path.GetDirectoryName(link)!))
                : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>An attribute's text, trimmed, control characters replaced.</summary>
    internal string? Text(string attribute)
    {
        try
        {
            using FileStream file = File.OpenRead(System.IO.Path.Combine(Path, attribute));
            byte[] bytes = new byte[LongestText];
            int count = file.ReadAtLeast(bytes, LongestText, throwOnEndOfStream: false);
            string text = Encoding.UTF8.GetString(bytes, 0, count).Trim('\n', ' ', '\0');
            return text.Length == 0 ? null : string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>An attribute that is a number without sign.</summary>
    internal int? Number(string attribute, NumberStyles style) =>
        int.TryParse(Text(attribute), style, CultureInfo.InvariantCulture, out int number) && number >= 0 ? number : null;

    internal bool Has(string attribute) => File.Exists(System.IO.Path.Combine(Path, attribute));

    private string? TargetOf(string link) => Follow(System.IO.Path.Combine(Path, link))?.Name;
}
