using System.Collections.Immutable;
using System.Text.Json;
using Invoicing.Catalogues;
using Invoicing.Invoices;
using Invoicing.Testing;
using Invoicing.Vietnam;

namespace Invoicing.NationalXml.Tests.Scenarios;

/// <summary>The files of tests/scenarios, read in place.</summary>
public static class ScenarioFolder
{
    private static readonly JsonElement Sellers =
        JsonDocument.Parse(System.IO.File.ReadAllText(File("sellers.json"))).RootElement.GetProperty("sellers");

    public static string Path { get; } = RepositoryFolder.File("tests", "scenarios");

    /// <summary>Names of the scenario files, in their order.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        .. Directory.GetFiles(RepositoryFolder.File("tests", "scenarios"), "*.json").Select(path => System.IO.Path.GetFileName(path)!)
            .Where(name => char.IsAsciiDigit(name[0])).Order(StringComparer.Ordinal),
    ];

    public static string File(string name) => RepositoryFolder.File("tests", "scenarios", name);

    public static Scenario Read(string name) => Scenario.Read(File(name));

    public static Scenario Read(int number) => Read(Names[number - 1]);

    /// <summary>A seller, and what the authority and it chose for codes and series.</summary>
    public static (Seller Seller, string Block, string Letters) Seller(string key)
    {
        JsonElement json = Sellers.GetProperty(key);
        Seller seller = new(
            TaxCode.Parse(Text("tax_code")), Text("name"), Text("address"), Text("place_code"), Text("place_name"), Text("place_address"));
        return (seller, Text("block"), Text("letters"));

        string Text(string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetString()! : string.Empty;
    }

    public static ShopCatalogue Catalogue(string name)
    {
        CatalogueReading reading = CatalogueCsv.Read(System.IO.File.ReadAllBytes(File(name)), CatalogueDrafting.Compose);
        Assert.Empty(reading.Faults);
        Assert.Empty(reading.IgnoredColumns);
        return reading.Catalogue!;
    }
}
