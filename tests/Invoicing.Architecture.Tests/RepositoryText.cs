using Invoicing.Testing;

namespace Invoicing.Architecture.Tests;

/// <summary>The files that are the repository: no build output, nothing that version control keeps for itself.</summary>
public static class RepositoryText
{
    private static readonly string[] NotOurs = ["bin", "obj", "artifacts", "TestResults", "node_modules"];

    /// <summary>Paths below the root, with '/' between names.</summary>
    public static IEnumerable<string> Files() => Under(RepositoryFolder.Path)
        .Select(path => Path.GetRelativePath(RepositoryFolder.Path, path).Replace('\\', '/'))
        .Order(StringComparer.Ordinal);

    /// <summary>The text of a file, or nothing if it is not text.</summary>
    public static string? Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(RepositoryFolder.File(path));
        return bytes.AsSpan(0, Math.Min(bytes.Length, 4096)).Contains((byte)0) ? null : System.Text.Encoding.UTF8.GetString(bytes);
    }

    private static IEnumerable<string> Under(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file) != ".git"))
        {
            yield return file;
        }

        // .git and its like are the tools' own; .ci is ours.
        foreach (string below in Directory.EnumerateDirectories(folder)
            .Where(name => Path.GetFileName(name) is ".ci" || (!Path.GetFileName(name).StartsWith('.') && !NotOurs.Contains(Path.GetFileName(name)))))
        {
            foreach (string file in Under(below))
            {
                yield return file;
            }
        }
    }
}
