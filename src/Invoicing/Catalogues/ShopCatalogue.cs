using System.Collections.Immutable;
using Invoicing.Hashing;

namespace Invoicing.Catalogues;

/// <summary>One version of a shop's list of goods: what it states of them, from which day on. Immutable; safe for any thread.</summary>
/// <remarks>
/// <para>
/// A register may know less of its goods than the law wants on an invoice: no unit, no rate, or nothing but a department. What it leaves
/// empty the catalogue in force fills, and nothing is ever guessed. Each version is named by the SHA-256 of <see cref="Bytes"/>, which
/// stands in every invoice that it completed.
/// </para>
/// <para>
/// Items are in the order of kind, key (by UTF-16 units) and first day. Words, names and units are in composed form, with single blanks.
/// </para>
/// </remarks>
public sealed partial class ShopCatalogue
{
    /// <summary>Most items: a large supermarket has 60,000 goods; twice that would take a till's PC more than a second to read.</summary>
    public const int MaxItems = 100_000;

    /// <summary>Most bytes of a version: <see cref="MaxItems"/> items of 160 bytes, which is one with a long name.</summary>
    public const int MaxBytes = 16 << 20;

    private readonly Func<string, string> _compose;
    private readonly Dictionary<CatalogueKey, CatalogueItem[]> _items;

    private ShopCatalogue(ImmutableArray<CatalogueItem> items, byte[] bytes, Func<string, string> compose)
    {
        Items = items;
        Bytes = bytes;
        Hash = Sha256Hash.Of(bytes);
        _compose = compose;
        _items = items.GroupBy(item => item.Key)
            .ToDictionary(group => group.Key, group => group.OrderByDescending(item => item.ValidFrom).ToArray());
    }

    /// <summary>The items, in their order.</summary>
    public ImmutableArray<CatalogueItem> Items { get; }

    /// <summary>The version as bytes: what is hashed, kept and read again.</summary>
    /// <remarks>
    /// UTF-8. A first line <c>invoicing/catalogue/1</c>, then a line for each item: number of the key's kind, key, first day
    /// (<c>2026-07-01</c>), rate as the law writes it, number of the nature, unit, name; a tab between them, a line feed after each line.
    /// What an item does not state is empty.
    /// </remarks>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>SHA-256 of <see cref="Bytes"/>: the version's name.</summary>
    public Sha256Hash Hash { get; }

    /// <summary>Makes a version of items.</summary>
    /// <param name="items">The items, in any order; texts are put into composed form with single blanks.</param>
    /// <param name="compose">Puts Vietnamese text into composed form (NFC).</param>
    /// <exception cref="ArgumentException">
    /// An item has a fault, or two of them one key and first day, or there are too many; names it.
    /// </exception>
    public static ShopCatalogue Create(IEnumerable<CatalogueItem> items, Func<string, string> compose)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(compose);
        CatalogueItem[] tidy = [.. items.Select(item => ItemRules.Tidy(item, compose))];
        if (tidy.Length > MaxItems)
        {
            throw new ArgumentException($"expected at most {MaxItems} items, found {tidy.Length}", nameof(items));
        }

        var keys = new HashSet<(CatalogueKey Key, DateOnly From)>(tidy.Length);
        foreach (CatalogueItem item in tidy)
        {
            if (ItemRules.Fault(item) is { } fault)
            {
                throw new ArgumentException($"{item.Key}, {fault.Part}: expected {fault.Expected}, found {fault.Found}", nameof(items));
            }

            if (!keys.Add((item.Key, item.ValidFrom)))
            {
                throw new ArgumentException($"expected one item for {item.Key} from {item.ValidFrom:yyyy-MM-dd} on, found two", nameof(items));
            }
        }

        Array.Sort(tidy, CatalogueBytes.Compare);
        byte[] bytes = CatalogueBytes.Write(tidy);
        return bytes.Length <= MaxBytes
            ? new([.. tidy], bytes, compose)
            : throw new ArgumentException($"expected a catalogue of at most {MaxBytes} bytes, found {bytes.Length}", nameof(items));
    }

    /// <summary>Reads a version back from its bytes.</summary>
    /// <param name="bytes">As <see cref="Bytes"/> gave them.</param>
    /// <param name="compose">As for <see cref="Create"/>.</param>
    /// <exception cref="InvoicingException">Other bytes, or such as <see cref="Create"/> would not have made.</exception>
    public static ShopCatalogue Read(ReadOnlySpan<byte> bytes, Func<string, string> compose)
    {
        try
        {
            ShopCatalogue read = Create(CatalogueBytes.Read(bytes), compose);
            return read.Bytes.Span.SequenceEqual(bytes)
                ? read
                : throw new InvoicingException("expected the bytes of a catalogue in their one form, found others");
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or OverflowException)
        {
            throw new InvoicingException($"expected the bytes of a catalogue, found others: {fault.Message}", innerException: fault);
        }
    }

    /// <summary>What counts under a key on a day: the item with the newest first day that is not after it.</summary>
    /// <returns><see langword="null"/> if there is none.</returns>
    public CatalogueItem? Find(CatalogueKey key, DateOnly issuedOn) =>
        _items.TryGetValue(key, out CatalogueItem[]? items) ? Array.Find(items, item => item.ValidFrom <= issuedOn) : null;
}
