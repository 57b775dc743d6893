using System.Collections.Immutable;
using Invoicing.Sales;

namespace Invoicing.Catalogues;

public sealed partial class ShopCatalogue
{
    /// <summary>Fills what a register left empty in a sale's lines. Pure.</summary>
    /// <remarks>
    /// <para>
    /// A line's item is looked for in this order, and the first that counts on the day is the line's: its code as a PLU, its code as a bar
    /// code, its words, its department. The most particular statement so comes first: a code means one article, words may be
    /// shared by several registers, a department is what is left where a register keeps nothing else.
    /// </para>
    /// <para>
    /// Name, unit and rate are filled where the line has none; a nature that the item states is the line's. Where line and item
    /// both state a rate and the two differ, that is a fault (<see cref="CatalogueFault.RatesDiffer"/>). What is then still missing
    /// is one, too
    /// (<see cref="CatalogueFault.NotCovered"/>): the name, and the rate unless the line is a promotion or a note.
    /// </para>
    /// </remarks>
    /// <param name="sale">What was rung up.</param>
    /// <param name="issuedOn">Date of issue of the invoice, in GMT+7.</param>
    /// <param name="isWithoutVat">
    /// Whether the invoice states no VAT (a sales invoice): rates are then neither filled, nor compared, nor missed.
    /// </param>
    public CatalogueCompletion Complete(Sale sale, DateOnly issuedOn, bool isWithoutVat = false)
    {
        ArgumentNullException.ThrowIfNull(sale);
        ImmutableArray<CatalogueFault>.Builder? faults = null;
        ImmutableArray<SaleLine>.Builder? lines = null;
        for (int i = 0; i < sale.Lines.Length; i++)
        {
            SaleLine line = sale.Lines[i];
            CatalogueItem? item = Find(line, issuedOn);
            SaleLine completed = item is null ? line : Fill(line, item, isWithoutVat);
            foreach (CatalogueFault fault in Faults(line, completed, item, i, isWithoutVat))
            {
                (faults ??= ImmutableArray.CreateBuilder<CatalogueFault>()).Add(fault);
            }

            if (!ReferenceEquals(completed, line))
            {
                lines ??= sale.Lines.ToBuilder();
                lines[i] = completed;
            }
        }

        return new(
            lines is null ? sale : sale with { Lines = lines.ToImmutable() }, lines is not null, faults?.ToImmutable() ?? []);
    }

    private static SaleLine Fill(SaleLine line, CatalogueItem item, bool isWithoutVat)
    {
        bool takesName = IsEmpty(line.Name) && item.Name.Length > 0;
        bool takesUnit = IsEmpty(line.Unit) && item.Unit.Length > 0;
        bool takesNature = item.Nature is { } nature && nature != line.Nature;
        bool takesRate = !isWithoutVat && line.Rate is null && item.Rate is not null;
        return !(takesName || takesUnit || takesNature || takesRate) ? line : line with
        {
            Name = takesName ? item.Name : line.Name,
            Unit = takesUnit ? item.Unit : line.Unit,
            Nature = item.Nature ?? line.Nature,
            Rate = takesRate ? item.Rate : line.Rate,
        };
    }

    private static IEnumerable<CatalogueFault> Faults(SaleLine line, SaleLine completed, CatalogueItem? item, int index, bool isWithoutVat)
    {
        string found = item is null
            ? $"none, and no item for {Names(line)}"
            : $"none, and none in the item of {item.Key}";
        if (IsEmpty(completed.Name))
        {
            yield return new(
                CatalogueFault.NotCovered, $"Lines[{index}].Name", "a name, from the register or from the shop's catalogue", found);
        }

        if (isWithoutVat)
        {
            yield break;
        }

        if (completed.Rate is null && ItemRules.NeedsRate(completed.Nature))
        {
            yield return new(
                CatalogueFault.NotCovered, $"Lines[{index}].Rate", "a rate, from the register or from the shop's catalogue", found);
        }

        if (line.Rate is { } stated && item?.Rate is { } listed && stated != listed)
        {
            yield return new(
                CatalogueFault.RatesDiffer,
                $"Lines[{index}].Rate",
                $"{listed}, as the shop's catalogue states for {item.Key}",
                $"{stated} from the register");
        }
    }

    private static string Names(SaleLine line)
    {
        string[] names =
        [
            .. IsEmpty(line.Code) ? [] : new[] { $"code {CatalogueText.Show(line.Code!)}" },
            .. IsEmpty(line.Name) ? [] : new[] { $"words {CatalogueText.Show(line.Name)}" },
            .. IsEmpty(line.Department) ? [] : new[] { $"department {CatalogueText.Show(line.Department!)}" },
        ];
        return names.Length == 0 ? "a line without code, words and department" : string.Join(", ", names);
    }

    private static bool IsEmpty(string? text) => string.IsNullOrWhiteSpace(text);

    private CatalogueItem? Find(SaleLine line, DateOnly issuedOn) =>
        Find(CatalogueKeyKind.Plu, line.Code, issuedOn)
        ?? Find(CatalogueKeyKind.BarCode, line.Code, issuedOn)
        ?? Find(CatalogueKeyKind.Words, line.Name, issuedOn)
        ?? Find(CatalogueKeyKind.Department, line.Department, issuedOn);

    private CatalogueItem? Find(CatalogueKeyKind kind, string? text, DateOnly issuedOn)
    {
        if (IsEmpty(text))
        {
            return null;
        }

        string value = CatalogueText.Collapse(text!, _compose);
        return Find(new CatalogueKey(kind, value), issuedOn);
    }
}
