using System.Collections.Immutable;
using Invoicing.Registers.Receipts;
using Invoicing.Registers.Text;
using Invoicing.Sales;

namespace Invoicing.Registers.LineText;

/// <summary>Shows a person what is made of captured receipts of plain text: before a code page and a template are chosen, and afterwards.</summary>
public static class LineTextPreview
{
    /// <summary>Reads a captured receipt as a driver of these settings does.</summary>
    /// <param name="piece">The receipt with its bytes.</param>
    /// <param name="options">The driver's settings.</param>
    /// <exception cref="Invoicing.Settings.SettingsException">A pattern of the template cannot be used.</exception>
    public static ReceiptPreview Read(KeptCapture piece, LineTextOptions options)
    {
        ArgumentNullException.ThrowIfNull(piece);
        ArgumentNullException.ThrowIfNull(options);
        return new LineTextReading(options).Preview(piece.Bytes, piece.IsWhole);
    }

    /// <summary>Makes a first template out of captured receipts, for a person to look at.</summary>
    /// <param name="receipts">Sales receipts of one register, at least one; of more than twelve the first are tried.</param>
    /// <param name="page">Their code page.</param>
    /// <param name="name">What the template will be called.</param>
    /// <exception cref="ArgumentException">There is no receipt.</exception>
    public static LearnedTemplate Learn(IEnumerable<ReadOnlyMemory<byte>> receipts, CodePage page, string name)
    {
        ArgumentNullException.ThrowIfNull(receipts);
        ArgumentNullException.ThrowIfNull(page);
        return TemplateLearner.Learn([.. receipts.Select(receipt => LineTextReading.LinesOf(receipt.Span, page))], name);
    }

    /// <summary>Shows a receipt's text under every code page, the likeliest first.</summary>
    public static ImmutableArray<CodePagePreview> CodePages(ReadOnlyMemory<byte> receipt) =>
        CodePagePreview.Of(LineTextReading.SplitEnds(receipt.Span).Select(line => receipt[line]));
}
