using System.Text.RegularExpressions;

namespace Invoicing.Architecture.Tests;

public sealed partial class FolderArrowTests
{
    /// <summary>All but Rpc, which bears the namespaces of the packages that it stands in for: its folders cannot be told from its types.</summary>
    public static TheoryData<string> Names => [.. Product.Built.Where(product => product.Name != "Invoicing.Rpc").Select(product => product.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Compiled_folders_use_only_what_their_row_allows_and_never_in_a_circle(string name)
    {
        var product = Product.Named(name);
        using AssemblyUses assembly = new(product.AssemblyPath);
        List<(string From, string To)> types = [.. assembly.Uses()];
        HashSet<(string From, string To)> uses = FolderGraph.Between(types, product.RootNamespace);

        Assert.Equal([], FolderGraph.Circle(uses));
        Assert.Empty(Forbidden(name, uses).SelectMany(arrow => types.Where(use =>
            FolderGraph.NodeOf(use.From, product.RootNamespace) == arrow.From && FolderGraph.NodeOf(use.To, product.RootNamespace) == arrow.To)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_folder_has_its_row(string name) =>
        Assert.All(Product.Named(name).Folders, folder => _ = FolderRules.Of(name, folder));

    /// <summary>Source is judged too: a constant of another folder is gone from what was compiled, its name is still here.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Source_of_a_folder_names_only_what_its_row_allows(string name)
    {
        var product = Product.Named(name);
        HashSet<(string From, string To)> uses = [];
        foreach (string source in product.Sources.Where(source => source.Contains('/')))
        {
            string folder = source.Split('/')[0];
            foreach (Match named in QualifiedName().Matches(WithoutComments(product.Read(source))))
            {
                string? node = FolderGraph.NodeOf(named.Value + ".X", product.RootNamespace);
                if (node is not null && node != folder && (product.Folders.Contains(node) || node == "Protos"))
                {
                    uses.Add((folder, node));
                }
            }
        }

        Assert.Empty(Forbidden(name, uses));
        Assert.Equal([], FolderGraph.Circle(uses));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_is_of_the_namespace_of_its_folder(string name)
    {
        var product = Product.Named(name);
        foreach (string source in product.Sources)
        {
            string[] spaces = [.. NamespaceLine().Matches(product.Read(source)).Select(match => match.Groups["name"].Value)];
            string[] path = source.Split('/')[..^1];
            Assert.True(
                spaces.Length == 1 ? spaces[0] == string.Join('.', [product.RootNamespace, .. path]) : source is "Program.cs" or "GlobalUsings.cs",
                $"expected one namespace, that of its folder, in {name}/{source}, found '{string.Join(' ', spaces)}'");
        }
    }

#if !FULL_FEED
    [Fact]
    public void Rpc_declares_only_namespaces_of_the_packages_it_stands_in_for()
    {
        var rpc = Product.Named("Invoicing.Rpc");
        string[] spaces = [.. rpc.Load().GetTypes().Select(type => type.Namespace).OfType<string>().Distinct()];

        Assert.Contains("Grpc.Core", spaces);
        string[] packages = ["Grpc.", "Microsoft.AspNetCore.Builder", "Microsoft.Extensions.DependencyInjection"];
        string[] generated = ["System.", "Microsoft.CodeAnalysis", "Microsoft.Extensions.Logging.Generated"];
        Assert.DoesNotContain(
            spaces, space => !packages.Concat(generated).Any(allowed => space.StartsWith(allowed, StringComparison.Ordinal)));
    }
#endif

    private static IEnumerable<(string From, string To)> Forbidden(string project, IEnumerable<(string From, string To)> uses) =>
        uses.Where(use => !use.From.StartsWith(':') && !use.To.StartsWith(':')
            && FolderRules.Of(project, use.From)?.Contains(use.To) == false);

    private static string WithoutComments(string source) => Comment().Replace(source, string.Empty);

    [GeneratedRegex(@"//[^\n]*", RegexOptions.NonBacktracking)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(?:Invoicing|FirmwareSim)(?:\.\w+)+", RegexOptions.NonBacktracking)]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"^namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NamespaceLine();
}
