using System.Xml.Linq;

namespace Invoicing.Architecture.Tests;

/// <summary>What a project file says that it needs; conditions do not matter, a reference is a reference.</summary>
public sealed class ProjectFile
{
    private readonly XDocument _xml;
    private readonly string _folder;

    public ProjectFile(string path)
    {
        _xml = XDocument.Load(path);
        _folder = Path.GetDirectoryName(path)!;
    }

    /// <summary>Names of the projects that it references.</summary>
    public IReadOnlyList<string> Projects => [.. Includes("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))).Order(StringComparer.Ordinal)];

    /// <summary>Names of the packages and shared frameworks that it references.</summary>
    public IReadOnlyList<string> Packages => [.. Includes("PackageReference").Concat(Includes("FrameworkReference")).Order(StringComparer.Ordinal)];

    /// <summary>Referenced project files that are not there.</summary>
    public IReadOnlyList<string> Missing => [.. Includes("ProjectReference").Where(path => !File.Exists(Path.Combine(_folder, path)))];

    /// <summary>What else reaches into other projects: source or assemblies taken in by path.</summary>
    public IReadOnlyList<string> BackDoors => [.. Includes("Compile").Concat(Includes("Reference")).Concat(Includes("Import"))];

    private IEnumerable<string> Includes(string element) =>
        _xml.Descendants(element).Select(e => (string?)e.Attribute("Include") ?? (string?)e.Attribute("Project") ?? string.Empty).Where(value => value.Length > 0);
}
