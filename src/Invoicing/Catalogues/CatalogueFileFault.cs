using System.Globalization;

namespace Invoicing.Catalogues;

/// <summary>One thing in a list of goods that cannot be used.</summary>
/// <param name="Line">Line of the file, or number of the record, from 1; 0 for the whole.</param>
/// <param name="Column">Its column as the file calls it; empty for the whole line.</param>
/// <param name="Expected">What is wanted.</param>
/// <param name="Found">What is there, shortened.</param>
public sealed record CatalogueFileFault(int Line, string Column, string Expected, string Found)
{
    /// <summary><c>line 7, column 'thuế suất': expected 0%, …, found '7%'</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"line {Line}{(Column.Length == 0 ? string.Empty : $", column '{Column}'")}: expected {Expected}, found {Found}");
}
