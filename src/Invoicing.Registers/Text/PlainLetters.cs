using System.Collections.Frozen;
using Invoicing.Vietnam;

namespace Invoicing.Registers.Text;

/// <summary>Text without marks, character for character, for comparing words and for printers without Vietnamese letters.</summary>
internal static class PlainLetters
{
    private const string Vowels = "aeiouyAEIOUY";

    private static readonly FrozenDictionary<char, char> Plain = Letters().DistinctBy(pair => pair.Letter)
        .ToFrozenDictionary(pair => pair.Letter, pair => pair.Plain);

    /// <summary>The letter of ASCII that a letter of Vietnamese is written with; any other character as it is.</summary>
    internal static char Of(char c) => c < 0x80 ? c : Plain.TryGetValue(c, out char plain) ? plain : c;

    /// <summary>The text without marks; as long as the composed text it was given, so that places in one are places in the other.</summary>
    internal static string Of(string text) => string.Create(text.Length, text, static (plain, text) =>
    {
        for (int i = 0; i < plain.Length; i++)
        {
            plain[i] = Of(text[i]);
        }
    });

    /// <summary>The text in printable ASCII: without marks, and with '?' for what has no letter there.</summary>
    internal static string Ascii(string text) => string.Create(text.Length, text, static (plain, text) =>
    {
        for (int i = 0; i < plain.Length; i++)
        {
            char c = Of(text[i]);
            plain[i] = c is >= ' ' and <= '~' ? c : c is '\u00A0' ? ' ' : '?';
        }
    });

    private static IEnumerable<(char Letter, char Plain)> Letters()
    {
        foreach (char vowel in Vowels)
        {
            foreach (string shape in (string[])[string.Empty, "\u0302", "\u0306", "\u031B"])
            {
                foreach (string tone in (string[])[string.Empty, .. CodePage.ToneMarks.Select(mark => mark.ToString())])
                {
                    string letter = VietnameseText.Compose($"{vowel}{shape}{tone}");
                    if (letter.Length == 1)
                    {
                        yield return (letter[0], vowel);
                    }
                }
            }
        }

        yield return ('đ', 'd');
        yield return ('Đ', 'D');
        yield return ('\u00D0', 'D'); // what some code pages have in the place of Đ
        yield return ('₫', 'd');
    }
}
