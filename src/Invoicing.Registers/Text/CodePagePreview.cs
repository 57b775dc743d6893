using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Invoicing.Vietnam;

namespace Invoicing.Registers.Text;

/// <summary>The same bytes under one code page, for a person who has to choose.</summary>
/// <param name="Page">The code page.</param>
/// <param name="Lines">What the bytes say under it, composed.</param>
/// <param name="Undefined">Bytes that mean nothing in it.</param>
/// <param name="VietnameseLetters">Letters with Vietnamese marks that it finds.</param>
public sealed record CodePagePreview(CodePage Page, ImmutableArray<string> Lines, int Undefined, int VietnameseLetters)
{
    /// <summary>Most lines that are shown: what fits on a screen under twelve code pages.</summary>
    public const int MostLines = 8;

    /// <summary>Shows bytes under every code page, the likeliest first: fewest bytes without meaning, then UTF-8, which other text hardly ever is by chance, then most Vietnamese letters.</summary>
    /// <param name="lines">Lines of text as the printer gets them. Those without a byte above 7Fh are the same everywhere and left out.</param>
    public static ImmutableArray<CodePagePreview> Of(IEnumerable<ReadOnlyMemory<byte>> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ReadOnlyMemory<byte>[] telling = [.. lines.Where(line => line.Span.ContainsAnyExceptInRange((byte)0, (byte)0x7F)).Take(MostLines)];
        return [.. CodePage.All.Select(page => Of(page, telling)).OrderBy(shown => shown.Undefined)
            .ThenByDescending(shown => shown.Page.IsUtf8).ThenByDescending(shown => shown.VietnameseLetters)];
    }

    /// <summary>The previews as a table: a name and its lines.</summary>
    public static string Format(ImmutableArray<CodePagePreview> previews)
    {
        StringBuilder table = new();
        foreach (CodePagePreview preview in previews)
        {
            table.Append(CultureInfo.InvariantCulture, $"{preview.Page.Name,-10}  {preview.Undefined} without meaning, {preview.VietnameseLetters} Vietnamese letters\n");
            foreach (string line in preview.Lines)
            {
                table.Append("            ").Append(line).Append('\n');
            }
        }

        return table.ToString();
    }

    private static CodePagePreview Of(CodePage page, ReadOnlyMemory<byte>[] lines)
    {
        CodePageDecoder decoder = new(page);
        ImmutableArray<string>.Builder shown = ImmutableArray.CreateBuilder<string>(lines.Length);
        StringBuilder text = new();
        foreach (ReadOnlyMemory<byte> line in lines)
        {
            decoder.Decode(line.Span, text.Clear());
            shown.Add(VietnameseText.Compose(text.ToString()));
        }

        int letters = shown.Sum(line => line.Count(c => PlainLetters.Of(c) != c && c is not ('₫' or '\u00D0')));
        return new(page, shown.MoveToImmutable(), decoder.UndefinedCount, letters);
    }
}
