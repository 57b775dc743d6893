using System.Collections.Immutable;

namespace Invoicing.Catalogues;

/// <summary>What came of reading a list of goods.</summary>
/// <param name="Catalogue">The version; <see langword="null"/> if the list has a fault.</param>
/// <param name="Faults">Every fault, the first <see cref="MaxFaults"/> of them; empty if there is a version.</param>
/// <param name="IgnoredColumns">Columns that mean nothing here, such as prices and stock; a misspelt one is seen in this list.</param>
public sealed record CatalogueReading(
    ShopCatalogue? Catalogue, ImmutableArray<CatalogueFileFault> Faults, ImmutableArray<string> IgnoredColumns)
{
    /// <summary>
    /// Most faults that are told: a list with a thousand faults is of another form than is thought, and more lines say no more.
    /// </summary>
    public const int MaxFaults = 1000;
}
