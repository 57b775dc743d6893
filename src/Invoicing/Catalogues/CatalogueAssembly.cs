using System.Collections.Immutable;

namespace Invoicing.Catalogues;

/// <summary>
/// Puts items that come one by one into a version: each is judged, and two of one key and first day are told by their lines.
/// </summary>
internal sealed class CatalogueAssembly(ReadingFaults faults, Func<string, string> compose)
{
    private readonly List<CatalogueItem> _items = [];
    private readonly Dictionary<(CatalogueKey Key, DateOnly From), int> _lines = [];

    /// <summary>Adds an item.</summary>
    /// <param name="line">Where it stands.</param>
    /// <param name="item">The item.</param>
    /// <param name="column">
    /// Names the column of a part (<c>key</c>, <c>name</c>, <c>unit</c>, <c>nature</c>, <c>item</c>), for faults.
    /// </param>
    public void Add(int line, CatalogueItem item, Func<string, string> column)
    {
        CatalogueItem tidy = ItemRules.Tidy(item, compose);
        if (ItemRules.Fault(tidy) is { } fault)
        {
            faults.Add(line, column(fault.Part), fault.Expected, fault.Found);
        }
        else if (!_lines.TryAdd((tidy.Key, tidy.ValidFrom), line))
        {
            int first = _lines[(tidy.Key, tidy.ValidFrom)];
            faults.Add(line, column("key"), $"one item for {tidy.Key} from each first day on", $"another than in line {first}");
        }
        else if (_items.Count == ShopCatalogue.MaxItems)
        {
            faults.Add(line, string.Empty, $"at most {ShopCatalogue.MaxItems} items", "more");
        }
        else
        {
            _items.Add(tidy);
        }
    }

    /// <summary>The version, or the faults.</summary>
    public CatalogueReading Read(ImmutableArray<string> ignored)
    {
        if (!faults.Any && _items.Count == 0)
        {
            faults.Add(0, string.Empty, "at least one item", "none");
        }

        if (faults.Any)
        {
            return new(null, faults.ToImmutable(), ignored);
        }

        try
        {
            return new(ShopCatalogue.Create(_items, compose), [], ignored);
        }
        catch (ArgumentException fault)
        {
            faults.Add(0, string.Empty, "items that make a catalogue", fault.Message); // too many bytes: each item is well
            return new(null, faults.ToImmutable(), ignored);
        }
    }
}
