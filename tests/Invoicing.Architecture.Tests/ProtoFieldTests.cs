using Invoicing.Testing;

namespace Invoicing.Architecture.Tests;

/// <summary>A number once given on the wire or in signed bytes means the same for ever.</summary>
public sealed class ProtoFieldTests
{
    private const string Listing = "protos";

    private static readonly string[] Frozen = ["a.M.x = 1 : uint32", "a.M.y = 4 : bytes", "a.E.ONE = 1 : value", "a.S.Do = 0 : a.M -> a.M"];

    [Fact]
    public void Numbers_names_and_types_are_those_under_review_and_only_grow()
    {
        IReadOnlyList<string> current = ProtoListing.Lines();
        Assert.Empty(ProtoListing.Breaks(FrozenText.Read(Listing), current));

        FrozenText.Check(Listing, current);
    }

    [Fact]
    public void Every_proto_file_is_under_review() => Assert.Equal(
        RepositoryText.Files().Where(path => path.StartsWith("protos/", StringComparison.Ordinal)).Select(path => path["protos/".Length..]),
        ProtoListing.Files.Select(file => file.Name));

    [Theory]
    [InlineData("a.M.z = 5 : bytes")]
    [InlineData("a.N.x = 1 : bytes")]
    [InlineData("a.E.TWO = 2 : value")]
    public void Higher_numbers_and_new_messages_may_come(string line) => Assert.Empty(ProtoListing.Breaks(Frozen, [.. Frozen, line]));

    [Theory]
    [InlineData("a.M.z = 3 : bytes")] // a hole may be the place of something that was taken away
    [InlineData("a.M.z = 4 : bytes")]
    [InlineData("a.E.ZERO = 0 : value")]
    public void Lower_numbers_may_not(string line) => Assert.Single(ProtoListing.Breaks(Frozen, [.. Frozen, line]));

    [Theory]
    [InlineData("a.M.x = 1 : uint64")]
    [InlineData("a.M.renamed = 1 : uint32")]
    [InlineData("a.M.x = 7 : uint32")]
    public void Nothing_may_go_or_change(string changed) => Assert.NotEmpty(ProtoListing.Breaks(Frozen, [changed, .. Frozen[1..]]));

    [Fact]
    public void The_listing_knows_the_wire()
    {
        IReadOnlyList<string> lines = ProtoListing.Lines();

        Assert.Contains("invoicing.v1.EntryBody.previous_hash = 4 : optional bytes", lines);
        Assert.Contains("invoicing.v1.EntryBody.invoice = 17 : invoicing.v1.InvoiceContent", lines);
        Assert.Contains("invoicing.v1.InvoiceContent.lines = 14 : repeated invoicing.v1.InvoiceLine", lines);
        Assert.Contains("invoicing.v1.IntakeService.Submit = 0 : stream invoicing.v1.IntakeRequest -> stream invoicing.v1.IntakeResponse", lines);
        Assert.True(File.Exists(RepositoryFolder.File("protos", "invoicing", "v1", "entry.proto")));
    }
}
