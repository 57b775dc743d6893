using System.Collections.Frozen;
using System.Text;
using Invoicing.Vietnam;

namespace Invoicing.Registers.Text;

/// <summary>Writes text for a printer: each letter as its code page has it, with its tone mark behind it, or without marks.</summary>
internal static class CodePageEncoder
{
    /// <summary>A letter with a tone, taken apart into the letter without it and the mark (never further: code pages have ơ and ê whole).</summary>
    private static readonly FrozenDictionary<char, (char Letter, char Tone)> Parts = TakeApart().DistinctBy(part => part.Whole)
        .ToFrozenDictionary(part => part.Whole, part => (part.Letter, part.Tone));

    /// <summary>Encodes a text; what the code page cannot say is written without marks, and as '?' if that is no ASCII either.</summary>
    /// <param name="page">The printer's code page.</param>
    /// <param name="text">Text without control characters, which become '?'.</param>
    internal static byte[] Encode(CodePage page, string text)
    {
        string composed = VietnameseText.Compose(text);
        if (page.IsUtf8)
        {
            return Encoding.UTF8.GetBytes(string.Create(composed.Length, composed, static (clean, text) =>
            {
                for (int i = 0; i < clean.Length; i++)
                {
                    clean[i] = char.IsControl(text[i]) ? '?' : text[i];
                }
            }));
        }

        List<byte> bytes = new(composed.Length + 8);
        foreach (char c in composed)
        {
            Append(page, c, bytes);
        }

        return [.. bytes];
    }

    private static void Append(CodePage page, char c, List<byte> bytes)
    {
        if (!char.IsControl(c) && page.TryEncode(c, out byte whole))
        {
            bytes.Add(whole);
        }
        else if (Parts.TryGetValue(c, out (char Letter, char Tone) parts)
            && page.TryEncode(parts.Letter, out byte letter) && page.TryEncode(parts.Tone, out byte tone))
        {
            bytes.Add(letter);
            bytes.Add(tone);
        }
        else
        {
            bytes.Add((byte)PlainLetters.Ascii(c.ToString())[0]);
        }
    }

    private static IEnumerable<(char Whole, char Letter, char Tone)> TakeApart()
    {
        foreach (char letter in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY")
        {
            foreach (char tone in CodePage.ToneMarks)
            {
                string whole = VietnameseText.Compose($"{letter}{tone}");
                if (whole.Length == 1)
                {
                    yield return (whole[0], letter, tone);
                }
            }
        }
    }
}
