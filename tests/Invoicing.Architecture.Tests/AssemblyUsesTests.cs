namespace Invoicing.Architecture.Tests;

/// <summary>The reader behind these tests is held to samples: what it does not see, no test of this project would.</summary>
public sealed class AssemblyUsesTests : IDisposable
{
    private const string Samples = "Invoicing.Architecture.Tests.Samples";

    private readonly AssemblyUses _assembly = new(typeof(AssemblyUsesTests).Assembly.Location);

    public void Dispose() => _assembly.Dispose();

    [Fact]
    public void Every_way_of_using_another_folder_is_seen() => Assert.Equal(
        ["ByAsyncLocal", "ByBase", "ByCall", "ByCatch", "ByField", "ByGenericArgument", "ByMarking", "ByStaticField", "ByTypeOf", "IByConstraint`1"],
        _assembly.Uses()
            .Where(use => FolderGraph.NodeOf(use.From, Samples) == "Upper" && FolderGraph.NodeOf(use.To, Samples) == "Lower")
            .Select(use => use.From.Split('.')[^1]).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Floating_point_is_seen() => Assert.Equal(
        [$"{Samples}.Lower.LowerThing"],
        _assembly.FloatingPoint().Where(type => type.StartsWith(Samples, StringComparison.Ordinal)));

    [Fact]
    public void A_circle_is_found_and_its_way_is_told()
    {
        Assert.Equal(["B", "C", ":D", "B"], FolderGraph.Circle([("A", "B"), ("B", "C"), ("C", ":D"), (":D", "B"), ("C", "E")]));
        Assert.Equal([], FolderGraph.Circle([("A", "B"), ("B", "C"), ("A", "C"), (":D", "A"), ("B", ":E"), (":E", ":F"), (":F", ":E")]));
    }

    [Fact]
    public void Types_are_told_by_the_first_folder_below_the_root()
    {
        Assert.Equal("Lines", FolderGraph.NodeOf("Invoicing.Registers.Lines.Native.Libc", "Invoicing.Registers"));
        Assert.Equal(":RegistersOptions", FolderGraph.NodeOf("Invoicing.Registers.RegistersOptions", "Invoicing.Registers"));
        Assert.Equal(":List", FolderGraph.NodeOf("Invoicing.List`1", "Invoicing"));
        Assert.Null(FolderGraph.NodeOf("<>z__ReadOnlyArray`1", "Invoicing"));
        Assert.Null(FolderGraph.NodeOf("System.Object", "Invoicing"));
    }
}
