namespace Invoicing.Architecture.Tests;

/// <summary>What is public is a promise, so it is a file under review, and as little as possible.</summary>
public sealed class PublicSurfaceTests
{
    /// <summary>
    /// Most public types of a project (style.md §5). Programs, stubs and the RPC layer promise nothing to anybody. Of Invoicing's types about
    /// half are the closed vocabulary of entries that gateway and authority both match on.
    /// </summary>
    private static readonly Dictionary<string, int> Most = new(StringComparer.Ordinal)
    {
        ["Invoicing"] = 180,
        ["Invoicing.Sqlite"] = 8,
        ["Invoicing.Registers"] = 80,
        ["Invoicing.Gateway"] = 44,
        ["Invoicing.NationalXml"] = 35,
        ["Invoicing.Rpc"] = 0,
        ["Invoicing.Wire"] = 0,
        ["Invoicing.Edge"] = 0,
        ["Invoicing.Authority"] = 0,
        ["Invoicing.Demo"] = 0,
        ["firmware-sim"] = 0,
    };

    public static TheoryData<string> Names => [.. Product.Built.Select(product => product.Name)];

    public static TheoryData<string> Libraries => [.. Product.Built.Select(product => product.Name).Where(name => Most[name] > 0)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_project_has_no_more_public_types_than_its_share(string name)
    {
        int count = PublicSurface.CountTypes(Product.Named(name).Load());

        Assert.True(count <= Most[name], $"expected at most {Most[name]} public types in {name}, found {count}");
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void The_public_surface_is_the_one_under_review(string name) =>
        FrozenText.Check(name, PublicSurface.Of(Product.Named(name).Load()));
}
