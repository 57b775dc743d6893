using Invoicing.Catalogues;
using Invoicing.Hashing;

namespace Invoicing.Gateway.Journal;

/// <content>The versions of the shop's catalogue: all that ever were in force, since invoices name them.</content>
public static partial class JournalExport
{
    /// <summary>The imports of catalogues in their order; the last one is in force.</summary>
    /// <param name="journalPath">The journal.</param>
    /// <exception cref="InvoicingException">Not there, or no journal of this format.</exception>
    public static IReadOnlyList<CatalogueVersion> Catalogues(string journalPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(journalPath);
        return JournalCatalogues.List(journalPath);
    }

    /// <summary>Reads a version of the shop's catalogue.</summary>
    /// <param name="journalPath">The journal.</param>
    /// <param name="hash">Its name; <see langword="null"/> for the one in force.</param>
    /// <returns><see langword="null"/> if the journal has none of that name, or none at all.</returns>
    /// <exception cref="InvoicingException">Not there, or no journal of this format.</exception>
    /// <exception cref="JournalCorruptException">The version's bytes are not those that its name is of.</exception>
    public static (CatalogueVersion Version, ShopCatalogue Catalogue)? Catalogue(string journalPath, Sha256Hash? hash = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(journalPath);
        return JournalCatalogues.Read(journalPath, hash);
    }
}
