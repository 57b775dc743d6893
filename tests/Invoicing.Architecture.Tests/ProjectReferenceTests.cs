using Invoicing.Testing;

namespace Invoicing.Architecture.Tests;

/// <summary>Who may know whom: the table of design.md §3.</summary>
public sealed class ProjectReferenceTests
{
    /// <summary>Exactly these projects, and no packages but these. Rpc is behind Wire's switch: under FullFeed the packages stand there.</summary>
    private static readonly Dictionary<string, (string[] Projects, string[] Packages)> Allowed = new(StringComparer.Ordinal)
    {
        ["Invoicing"] = ([], ["Google.Protobuf", "Grpc.Tools", "Microsoft.Extensions.Logging.Abstractions"]),
        ["Invoicing.Sqlite"] = (["Invoicing"], ["SQLitePCLRaw.bundle_e_sqlite3"]),
        ["Invoicing.Registers"] = (["Invoicing"], ["Microsoft.Extensions.Logging.Abstractions", "System.IO.Ports"]),
        ["Invoicing.Rpc"] = ([], ["Microsoft.AspNetCore.App"]),
        ["Invoicing.Wire"] = (
            ["Invoicing.Rpc"], ["Google.Protobuf", "Grpc.AspNetCore.Server", "Grpc.Net.Client", "Grpc.Tools", "Microsoft.AspNetCore.App"]),
        ["Invoicing.Gateway"] = (["Invoicing", "Invoicing.Sqlite", "Invoicing.Wire"], ["Microsoft.Extensions.Logging.Abstractions", "Polly.Core"]),
        ["Invoicing.NationalXml"] = (["Invoicing"], ["System.Security.Cryptography.Xml"]),
        ["Invoicing.Edge"] = (
            ["Invoicing", "Invoicing.Gateway", "Invoicing.NationalXml", "Invoicing.Registers", "Invoicing.Sqlite"], ["System.CommandLine"]),
        ["Invoicing.Authority"] = (["Invoicing", "Invoicing.Sqlite", "Invoicing.Wire"], ["System.CommandLine"]),
        ["Invoicing.Demo"] = (["Invoicing.Authority", "Invoicing.Edge", "firmware-sim"], ["Spectre.Console", "System.CommandLine"]),
        ["firmware-sim"] = ([], ["System.CommandLine"]),
    };

    /// <summary>
    /// What compiled code may really use of ours. A project sees what its references see, so this is where a forbidden neighbour would
    /// come in unseen. Rpc's types bear the names of packages that Wire's users would reference themselves.
    /// </summary>
    private static readonly Dictionary<string, string[]> Beyond = new(StringComparer.Ordinal)
    {
        ["Invoicing.Gateway"] = ["Invoicing.Rpc"],
        ["Invoicing.Authority"] = ["Invoicing.Rpc"],
        ["Invoicing.Demo"] = ["Invoicing", "Invoicing.Gateway", "Invoicing.Registers", "Invoicing.Sqlite", "Invoicing.Wire", "Invoicing.Rpc"],
    };

    public static TheoryData<string> Names => [.. Product.All.Select(product => product.Name)];

    public static TheoryData<string> BuiltNames => [.. Product.Built.Select(product => product.Name)];

    [Fact]
    public void Every_project_has_its_row() => Assert.Equal(
        Allowed.Keys.Order(StringComparer.Ordinal), Product.All.Select(product => product.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_project_references_exactly_what_its_row_says(string name)
    {
        ProjectFile file = new(Path.Combine(Product.Named(name).Folder, $"{name}.csproj"));

        Assert.Equal(Allowed[name].Projects, file.Projects);
        Assert.Empty(file.Packages.Except(Allowed[name].Packages));
        Assert.Empty(file.Missing);
        Assert.Empty(file.BackDoors);
    }

    [Theory]
    [MemberData(nameof(BuiltNames))]
    public void Compiled_code_uses_no_project_that_it_only_sees_through_another(string name)
    {
        string[] ours = [.. Product.All.Select(product => product.Name)];
        string[] used = [.. Product.Named(name).Load().GetReferencedAssemblies().Select(reference => reference.Name!).Intersect(ours)];

        Assert.Empty(used.Except(Allowed[name].Projects).Except(Beyond.GetValueOrDefault(name, [])));
    }

    /// <summary>Code that was not built with these tests would not be judged by them.</summary>
    [Fact]
    public void Every_project_with_an_entry_point_or_without_need_of_one_was_built() => Assert.Equal(
        Product.All.Where(product => product.HasCode && (product.Sources.Contains("Program.cs") || !IsProgram(product)))
            .Select(product => product.Name).Where(name => name != "Invoicing.Rpc" || !Product.IsFullFeed),
        Product.Built.Select(product => product.Name));

    [Fact]
    public void Every_project_of_the_repository_is_in_the_solution()
    {
        string solution = File.ReadAllText(RepositoryFolder.File("Invoice.sln")).Replace('\\', '/');
        string[] projects = [.. RepositoryText.Files().Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)
            // The Windows run needs another platform's runtime and a second assembly of one of our names (its README says why).
            && !path.StartsWith("tests/windows-run/", StringComparison.Ordinal))];

        Assert.True(projects.Length > Allowed.Count);
        Assert.All(projects, path => Assert.Contains($"\"{path}\"", solution, StringComparison.Ordinal));
    }

    private static bool IsProgram(Product product) =>
        File.ReadAllText(Path.Combine(product.Folder, $"{product.Name}.csproj")).Contains("<OutputType>Exe</OutputType>", StringComparison.Ordinal);
}
