using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>A bug that a firmware engineer may well make: one place of the reference client, changed in a copy.</summary>
/// <param name="Case">The case that must find it.</param>
/// <param name="Rule">The rule that the report must name.</param>
/// <param name="File">The file.</param>
/// <param name="Is">What stands there, once.</param>
/// <param name="Was">What the bug makes of it.</param>
internal sealed record PlantedBug(string Case, string Rule, string File, string Is, string Was)
{
    private static string Folder => Path.Combine(ReferenceBuild.Folder, "bugs");

    internal static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.bug").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    internal static PlantedBug Read(string name)
    {
        string text = System.IO.File.ReadAllText(Path.Combine(Folder, name));
        string[] parts = text.Split(["--- is\n", "\n--- was\n"], StringSplitOptions.None);
        Assert.Equal(3, parts.Length);
        var head = parts[0].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return new(head["case"], head["rule"], head["file"], parts[1], parts[2].TrimEnd('\n'));
    }

    /// <summary>Copies the client with this bug and makes its library; what the bug does not touch is taken from the sound objects.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="sound">Objects of the sound client.</param>
    internal async Task<string> BuildAsync(TempFolder folder, IReadOnlyList<string> sound)
    {
        string copy = folder.File("reference-c");
        foreach (string source in Directory.GetFiles(ReferenceBuild.Folder, "*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".c", StringComparison.Ordinal) || f.EndsWith(".h", StringComparison.Ordinal)))
        {
            string to = Path.Combine(copy, Path.GetRelativePath(ReferenceBuild.Folder, source));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            System.IO.File.Copy(source, to);
        }

        string file = Path.Combine(copy, File);
        string whole = await System.IO.File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal(2, whole.Split(Is).Length);
        await System.IO.File.WriteAllTextAsync(file, whole.Replace(Is, Was, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        bool isHeader = File.EndsWith(".h", StringComparison.Ordinal);
        IReadOnlyList<string> bugged = await ReferenceBuild.ObjectsAsync(copy, isHeader ? ReferenceBuild.LibrarySources : [File], folder.File("objects"));
        HashSet<string> replaced = [.. bugged.Select(o => Path.GetFileName(o))];
        string library = folder.File("client.so");
        await ReferenceBuild.LibraryAsync(library, [.. bugged, .. sound.Where(o => !replaced.Contains(Path.GetFileName(o)))]);
        return library;
    }
}
