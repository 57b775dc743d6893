using Invoicing.Testing;

namespace Invoicing.Architecture.Tests;

/// <summary>Listings under review: a file that a test compares, and writes anew only when <c>INVOICING_WRITE_SURFACE=1</c> says so.</summary>
internal static class FrozenText
{
    public const string Variable = "INVOICING_WRITE_SURFACE";

    public static bool IsWriting => Environment.GetEnvironmentVariable(Variable) == "1";

    public static string PathOf(string name) => RepositoryFolder.File("tests", "Invoicing.Architecture.Tests", "Surface", name + ".txt");

    /// <summary>The lines of a listing; none if it was never written.</summary>
    public static IReadOnlyList<string> Read(string name) => File.Exists(PathOf(name)) ? File.ReadAllLines(PathOf(name)) : [];

    public static void Write(string name, IReadOnlyList<string> lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), string.Concat(lines.Select(line => line + "\n")));
    }

    /// <summary>Compares, or writes when told to.</summary>
    public static void Check(string name, IReadOnlyList<string> current)
    {
        if (IsWriting)
        {
            Write(name, current);
        }

        IReadOnlyList<string> frozen = Read(name);
        string[] gone = [.. frozen.Except(current)];
        string[] come = [.. current.Except(frozen)];
        Assert.True(
            gone.Length == 0 && come.Length == 0 && frozen.Count == current.Count,
            $"Surface/{name}.txt differs; review it and set {Variable}=1 to write it anew.\n"
                + string.Concat(gone.Select(line => $"  - {line}\n").Concat(come.Select(line => $"  + {line}\n"))));
    }
}
