using System.Collections.Immutable;
using Invoicing.Registers.Text;

namespace Invoicing.Registers.EscPos.Pages;

/// <summary>How a printer lays out text: settings of the device, never taken from the stream alone.</summary>
public sealed record PageOptions
{
    /// <summary>Columns of a printer for 80 mm paper in font A: 576 dots by 12.</summary>
    public const int DefaultColumns = 48;

    /// <summary>Widest that can be set: 80 columns of a slip printer, doubled for its small font.</summary>
    public const int MostColumns = 160;

    /// <summary>Code page of the text.</summary>
    public CodePage Text { get; init; } = CodePage.Named("utf-8");

    /// <summary>
    /// What <c>ESC t n</c> selects on this printer, by n. A number that is not here changes nothing, because the same number means different
    /// tables on different printers.
    /// </summary>
    public ImmutableDictionary<int, CodePage> ByCommand { get; init; } = ImmutableDictionary<int, CodePage>.Empty;

    /// <summary>Columns in font A; text beyond them goes on in the next line, as it does on paper. 0: lines end only where the till ends them.</summary>
    public int Columns { get; init; } = DefaultColumns;

    /// <summary>Columns in font B; 0 as for <see cref="Columns"/>.</summary>
    public int SmallColumns { get; init; } = DefaultColumns * 4 / 3;

    /// <summary>What is wrong with the settings, or <see langword="null"/>.</summary>
    public string? Fault() => (Columns, SmallColumns) is ( >= 0 and <= MostColumns, >= 0 and <= MostColumns)
        ? null
        : $"expected 0 to {MostColumns} columns, found {Columns} and {SmallColumns}";
}
