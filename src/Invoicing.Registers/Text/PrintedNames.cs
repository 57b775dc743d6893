using System.Collections.Immutable;
using Invoicing.Catalogues;

namespace Invoicing.Registers.Text;

/// <summary>Names of goods as a device prints them: without the marks that its code page cannot carry, and cut where its column ends.</summary>
/// <remarks>
/// A shop's list says <c>ĐÈN LED Điện Quang 9 W</c> and a till writes <c>DEN LED Điện Quang</c>: what it writes is not in the list, and its sales
/// are held. So the list is given what the device makes of each name, once, when it is imported, and nothing is guessed when a sale comes.
/// </remarks>
public static class PrintedNames
{
    /// <summary>Narrowest column of names: on less than this, too many goods look alike.</summary>
    public const int FewestColumns = 8;

    /// <summary>What arrives of a name.</summary>
    /// <param name="name">The name in the shop's list.</param>
    /// <param name="page">Code page of the device.</param>
    /// <param name="columns">Characters of its column of names; 0 where names are not cut.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is neither 0 nor at least <see cref="FewestColumns"/> wide.</exception>
    public static string Of(string name, CodePage page, int columns = 0)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(page);
        if (columns != 0)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(columns, FewestColumns);
        }

        string written = CodePageDecoder.Line(page, CodePageEncoder.Encode(page, name));
        return (columns != 0 && written.Length > columns ? written[..columns] : written).Trim();
    }

    /// <summary>Items for words as the device prints them, to be added to a list of goods.</summary>
    /// <param name="items">The list.</param>
    /// <param name="page">Code page of the device.</param>
    /// <param name="columns">As for <see cref="Of(string, CodePage, int)"/>.</param>
    /// <returns>
    /// An item for each text that the device makes of words, that the list does not have, and under which all goods that are printed so have one
    /// unit, rate and nature: what two goods of different rates are both printed as is left out, and a sale of either is held.
    /// </returns>
    public static ImmutableArray<CatalogueItem> Of(IEnumerable<CatalogueItem> items, CodePage page, int columns = 0)
    {
        ArgumentNullException.ThrowIfNull(items);
        CatalogueItem[] words = [.. items.Where(item => item.Key.Kind == CatalogueKeyKind.Words)];
        HashSet<CatalogueKey> listed = [.. words.Select(item => item.Key)];
        ImmutableArray<CatalogueItem>.Builder printed = ImmutableArray.CreateBuilder<CatalogueItem>();
        foreach (IGrouping<CatalogueKey, CatalogueItem> alike in words.Where(item => Of(item.Key.Value, page, columns).Length > 0)
            .GroupBy(item => new CatalogueKey(CatalogueKeyKind.Words, Of(item.Key.Value, page, columns))))
        {
            CatalogueItem[][] goods = [.. alike.GroupBy(item => item.Key).Select(good => good.OrderBy(item => item.ValidFrom).ToArray())];
            if (!listed.Contains(alike.Key) && Array.TrueForAll(goods, good => good.Select(Stated).SequenceEqual(goods[0].Select(Stated))))
            {
                printed.AddRange(goods[0].Select(item => item with { Key = alike.Key, Name = string.Empty }));
            }
        }

        return printed.ToImmutable();

        static object Stated(CatalogueItem item) => (item.ValidFrom, item.Unit, item.Rate, item.Nature);
    }
}
