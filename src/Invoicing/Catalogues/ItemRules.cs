using Invoicing.Sales;

namespace Invoicing.Catalogues;

/// <summary>What an item must be.</summary>
internal static class ItemRules
{
    private const string CleanText = "text without control characters and without halves of characters";

    /// <summary>The item with its texts in composed form and single blanks.</summary>
    public static CatalogueItem Tidy(CatalogueItem item, Func<string, string> compose)
    {
        string key = CatalogueText.Collapse(item.Key.Value, compose);
        return item with
        {
            Key = key.Length == 0 || key == item.Key.Value ? item.Key : new(item.Key.Kind, key),
            Name = CatalogueText.Collapse(item.Name, compose),
            Unit = CatalogueText.Collapse(item.Unit, compose),
        };
    }

    /// <summary>The first fault of an item; <see langword="null"/> if it has none.</summary>
    public static (string Part, string Expected, string Found)? Fault(CatalogueItem item)
    {
        if (!Enum.IsDefined(item.Key.Kind))
        {
            return ("key", "a PLU, a bar code, a department, or words", $"kind {(int)item.Key.Kind}");
        }

        return item.Nature is { } nature && !Enum.IsDefined(nature) ? ("nature", "1 to 5", $"{(int)nature}")
            : TextFault("key", item.Key.Value, 1, CatalogueKey.MaxLength(item.Key.Kind))
            ?? TextFault("name", item.Name, 0, CatalogueItem.MaxName)
            ?? TextFault("unit", item.Unit, 0, CatalogueItem.MaxUnit)
            ?? (item is { Name.Length: 0, Unit.Length: 0, Rate: null, Nature: null }
                ? ("item", "a name, a unit, a rate or a nature", "none of them")
                : null);
    }

    /// <summary>Whether lines of a nature belong to the sum of a rate: promotions and notes come to nothing and need name none.</summary>
    public static bool NeedsRate(LineNature nature) => nature is not (LineNature.Promotion or LineNature.Note);

    private static (string Part, string Expected, string Found)? TextFault(string part, string text, int least, int most)
    {
        int length = CatalogueText.Length(text);
        if (length >= least && length <= most && (least == 0 || !string.IsNullOrWhiteSpace(text)))
        {
            return CatalogueText.IsClean(text) ? null : (part, CleanText, CatalogueText.Show(text));
        }

        string expected = least == 0 ? $"at most {most} characters" : $"{least} to {most} characters that are not all blank";
        return (part, expected, $"{length} characters, {CatalogueText.Show(text)}");
    }
}
