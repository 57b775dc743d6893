using Invoicing.Hashing;

namespace Invoicing.Catalogues;

/// <summary>A version of a shop's catalogue that was put in force, as a journal keeps it.</summary>
/// <param name="Hash">The version's name.</param>
/// <param name="ImportedAt">When it was imported, by the device's clock.</param>
/// <param name="Source">Where it came from: a file's name, a register.</param>
/// <param name="Items">How many items it has.</param>
/// <param name="Position">The entry that says so.</param>
public sealed record CatalogueVersion(Sha256Hash Hash, DateTimeOffset ImportedAt, string Source, int Items, long Position);
