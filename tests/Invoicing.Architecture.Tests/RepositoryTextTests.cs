using System.Text.RegularExpressions;
using Invoicing.Testing;

namespace Invoicing.Architecture.Tests;

/// <summary>Sizes, names and words that hold for the whole repository.</summary>
public sealed partial class RepositoryTextTests
{
    private const int MostLines = 400; // style.md §5

    private static readonly string[] EmptyWords = ["Manager", "Managers", "Helper", "Helpers", "Util", "Utils", "Utilities", "Data", "Info"];

    private static readonly string[] BannedFolders = [.. EmptyWords, "Common", "Misc", "Shared", "Core"];

    public static TheoryData<string> Names => [.. Product.All.Where(product => product.HasCode).Select(product => product.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void No_source_file_is_too_long(string name)
    {
        var product = Product.Named(name);
        foreach (string source in product.Sources)
        {
            int lines = product.Read(source).Count(c => c == '\n');
            Assert.True(lines <= MostLines, $"expected at most {MostLines} lines in {name}/{source}, found {lines}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_is_left_to_be_done_later(string name)
    {
        var product = Product.Named(name);

        Assert.DoesNotContain(product.Sources, source => LeftForLater().IsMatch(product.Read(source)));
    }

    /// <summary>Grpc.Core is a namespace that Rpc stands in for.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Folders_have_names_that_say_something(string name)
    {
        var product = Product.Named(name);
        string[] folders = [.. product.Sources.SelectMany(source => source.Split('/')[..^1]).Distinct()];

        Assert.DoesNotContain(
            folders, folder => BannedFolders.Contains(folder, StringComparer.OrdinalIgnoreCase) && (name, folder) != ("Invoicing.Rpc", "Core"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Types_have_names_that_say_something(string name)
    {
        var product = Product.Named(name);

        Assert.DoesNotContain(
            product.Sources.Select(source => Path.GetFileName(source).Split('.')[0]),
            type => name != "Invoicing.Rpc" && EmptyWords.Any(word => type.EndsWith(word, StringComparison.Ordinal)));
    }

    /// <summary>A folder is a namespace: a type of its name would hide it (design.md §3).</summary>
    [Fact]
    public void No_type_bears_the_name_of_a_folder()
    {
        string[] folders = [.. Product.All.Where(product => product.Name != "Invoicing.Rpc").SelectMany(product => product.Sources.SelectMany(source => source.Split('/')[..^1])).Distinct()];
        string[] types = [.. Product.All.SelectMany(product => product.Sources.Select(source => Path.GetFileName(source).Split('.')[0])).Distinct()];

        Assert.Empty(folders.Intersect(types));
        Assert.Empty(folders.Intersect(ProtoListing.Files.SelectMany(file => file.MessageTypes.Select(m => m.Name).Concat(file.Services.Select(s => s.Name)))));
    }

    [Fact]
    public void The_repository_knows_no_machine()
    {
        List<string> found = [];
        int read = 0;
        foreach (string path in RepositoryText.Files())
        {
            if (RepositoryText.Read(path) is string text)
            {
                read++;
                found.AddRange(MachinePath().Matches(text).Select(match => $"{path}: {match.Value}"));
            }
        }

        Assert.True(read > 100, $"expected to read the whole repository, found {read} files under {RepositoryFolder.Path}");
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("see /wo" + "rk/main", true)]
    [InlineData("'/ho" + "me/lan/x'", true)]
    [InlineData(@"C:\Us" + @"ers\lan", true)]
    [InlineData("https://example.org/wo" + "rk/x", false)]
    [InlineData("/dev/ttyUSB0 and /var/lib/invoicing", false)]
    public void Machine_paths_are_told_from_others(string text, bool isMachinePath) => Assert.Equal(isMachinePath, MachinePath().IsMatch(text));

    // Written so that it does not match itself.
    [GeneratedRegex(@"(?<![\w./}-])/(?:wor[k]|tm[p]|hom[e]|roo[t]|far[m]|User[s])/|[A-Z]:\\User[s]\\", RegexOptions.None, 10_000)]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK|XXX)\b|NotImplementedException", RegexOptions.NonBacktracking)]
    private static partial Regex LeftForLater();
}
