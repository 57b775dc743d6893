using Invoicing.Catalogues;
using Invoicing.Hashing;
using Invoicing.Sqlite;
using Invoicing.Vietnam;

namespace Invoicing.Gateway.Journal;

/// <summary>
/// The versions of a shop's catalogue in a journal: all that ever were in force, since invoices name them. Also while a gateway
/// writes it.
/// </summary>
internal static class JournalCatalogues
{
    private const string Columns = "SELECT hash, imported_at, source, items, position, content FROM catalogue";

    /// <summary>The imports in their order; the last one is in force.</summary>
    /// <param name="journalPath">The journal.</param>
    public static IReadOnlyList<CatalogueVersion> List(string journalPath)
    {
        using SqliteFile file = Open(journalPath);
        using SqliteStatement read = file.Statement($"{Columns} ORDER BY id");
        var all = new List<CatalogueVersion>();
        while (read.Step())
        {
            all.Add(Row(read));
        }

        return all;
    }

    /// <summary>Reads a version.</summary>
    /// <param name="journalPath">The journal.</param>
    /// <param name="hash">Its name; <see langword="null"/> for the one in force.</param>
    /// <returns><see langword="null"/> if the journal has none of that name, or none at all.</returns>
    public static (CatalogueVersion Version, ShopCatalogue Catalogue)? Read(string journalPath, Sha256Hash? hash = null)
    {
        using SqliteFile file = Open(journalPath);
        return Read(file, hash);
    }

    /// <summary>The version in force; <see langword="null"/> if the shop has none.</summary>
    internal static ShopCatalogue? InForce(SqliteFile file) => Read(file, hash: null)?.Catalogue;

    /// <summary>Every version whose bytes are not what its name says.</summary>
    internal static IEnumerable<JournalFault> Faults(SqliteFile file)
    {
        using SqliteStatement read = file.Statement($"{Columns} ORDER BY id");
        while (read.Step())
        {
            if (Sha256Hash.Of(read.Blob(5)) != new Sha256Hash(read.Blob(0)))
            {
                yield return Damage(read);
            }
        }
    }

    private static (CatalogueVersion Version, ShopCatalogue Catalogue)? Read(SqliteFile file, Sha256Hash? hash)
    {
        using SqliteStatement read = file.Statement($"{Columns} {(hash is null ? string.Empty : "WHERE hash = ?")} ORDER BY id DESC LIMIT 1");
        if (hash is { } wanted)
        {
            read.Bind(0, wanted.ToArray());
        }

        if (!read.Step())
        {
            return null;
        }

        CatalogueVersion version = Row(read);
        try
        {
            var catalogue = ShopCatalogue.Read(read.Blob(5), CatalogueDrafting.Compose);
            return catalogue.Hash == version.Hash ? (version, catalogue) : throw new JournalCorruptException(file.Path, Damage(read));
        }
        catch (InvoicingException fault) when (fault is not JournalCorruptException)
        {
            throw new JournalCorruptException(file.Path, Damage(read), fault);
        }
    }

    private static CatalogueVersion Row(SqliteStatement read) => new(
        new(read.Blob(0)), DateTimeOffset.FromUnixTimeMilliseconds(read.Number(1)), read.Text(2), (int)read.Number(3), read.Number(4));

    private static JournalFault Damage(SqliteStatement read) =>
        new(read.Number(4), "catalogue", $"bytes with the hash {new Sha256Hash(read.Blob(0))}", $"{Sha256Hash.Of(read.Blob(5))}");

    private static SqliteFile Open(string path)
    {
        var file = SqliteFile.OpenReader(path);
        try
        {
            JournalFile.RequireFormat(file);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
