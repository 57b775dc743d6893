using System.Reflection;
using Invoicing.Testing;

namespace Invoicing.Architecture.Tests;

/// <summary>One product project: where it lies and what was built from it.</summary>
public sealed record Product(string Name, string Folder)
{
    /// <summary>All that a user gets: everything under src, and the simulator.</summary>
    public static IReadOnlyList<Product> All { get; } =
    [
        .. Directory.GetDirectories(RepositoryFolder.File("src")).Order(StringComparer.Ordinal)
            .Select(folder => new Product(Path.GetFileName(folder), folder)),
        new("firmware-sim", RepositoryFolder.File("firmware-sim")),
    ];

    /// <summary>Whether the packages that Rpc stands in for took its place, so that it was not built.</summary>
#if FULL_FEED
    public const bool IsFullFeed = true;
#else
    public const bool IsFullFeed = false;
#endif

    /// <summary>Those that have code and were built with these tests.</summary>
    public static IReadOnlyList<Product> Built { get; } = [.. All.Where(product => product.HasCode && File.Exists(product.AssemblyPath))];

    public string AssemblyPath => Path.Combine(AppContext.BaseDirectory, $"{Name}.dll");

    /// <summary>Namespace of its root folder.</summary>
    public string RootNamespace => Name == "firmware-sim" ? "FirmwareSim" : Name;

    /// <summary>Its source files, as paths below its folder with '/' between names; nothing generated.</summary>
    public IReadOnlyList<string> Sources { get; } = SourcesOf(Folder);

    public bool HasCode => Sources.Count > 0;

    /// <summary>First-level folders that hold source files.</summary>
    public IReadOnlySet<string> Folders => Sources.Where(source => source.Contains('/')).Select(source => source.Split('/')[0]).ToHashSet();

    public static Product Named(string name) => All.Single(product => product.Name == name);

    public Assembly Load() => Assembly.Load(new AssemblyName(Name));

    public string Read(string source) => File.ReadAllText(Path.Combine(Folder, source));

    public override string ToString() => Name;

    private static string[] SourcesOf(string folder)
    {
        string[] all = [.. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))];
        return [.. all.Where(path => !path.StartsWith("bin/", StringComparison.Ordinal) && !path.StartsWith("obj", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }
}
