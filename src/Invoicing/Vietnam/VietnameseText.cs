using System.Collections.Frozen;
using System.Text;

namespace Invoicing.Vietnam;

/// <summary>Vietnamese text in composed form (NFC): one code point for each letter with its marks.</summary>
/// <remarks>
/// <para>
/// The same letter can be written as one code point or as a letter with combining marks, in several orders; names would then differ that look
/// alike, and lengths that the law limits would be counted wrong. <c>string.Normalize</c> does nothing, and says nothing, in a program without
/// ICU, so the 134 letters of Vietnamese have a table of their own here; tests hold it against ICU's.
/// </para>
/// <para>
/// A letter takes at most one shape (circumflex, breve, horn) and one tone (grave, acute, tilde, hook above, dot below), whichever stand behind it
/// or are in it. Orders that Unicode holds to be the same compose to the same: horn and dot below go anywhere, circumflex and breve must come
/// before a tone above the letter. A letter with any other combining mark is no letter of Vietnamese and stays as it is; rule VN-TEXT-2 then holds the
/// sale. Source: Unicode Standard Annex #15; TCVN 6909:2001 (Decision 1271/QĐ-CT, Part I.IV.1).
/// </para>
/// </remarks>
public static class VietnameseText
{
    private const char FirstMark = '\u0300';
    private const char LastMark = '\u036F';
    private const char DotBelow = '\u0323';
    private const char Circumflex = '\u0302';
    private const char Breve = '\u0306';
    private const char Horn = '\u031B';
    private const char None = '\0';

    /// <summary>In each row: the letter, then with grave, acute, tilde, hook above, dot below.</summary>
    private const string Tones = "\0\u0300\u0301\u0303\u0309\u0323";

    private static readonly (char Shape, string Letters)[] Rows =
    [
        (None, "aàáãảạ"), (Breve, "ăằắẵẳặ"), (Circumflex, "âầấẫẩậ"), (None, "eèéẽẻẹ"), (Circumflex, "êềếễểệ"), (None, "iìíĩỉị"),
        (None, "oòóõỏọ"), (Circumflex, "ôồốỗổộ"), (Horn, "ơờớỡởợ"), (None, "uùúũủụ"), (Horn, "ưừứữửự"), (None, "yỳýỹỷỵ"),
        (None, "AÀÁÃẢẠ"), (Breve, "ĂẰẮẴẲẶ"), (Circumflex, "ÂẦẤẪẨẬ"), (None, "EÈÉẼẺẸ"), (Circumflex, "ÊỀẾỄỂỆ"), (None, "IÌÍĨỈỊ"),
        (None, "OÒÓÕỎỌ"), (Circumflex, "ÔỒỐỖỔỘ"), (Horn, "ƠỜỚỠỞỢ"), (None, "UÙÚŨỦỤ"), (Horn, "ƯỪỨỮỬỰ"), (None, "YỲÝỸỶỴ"),
    ];

    private static readonly FrozenDictionary<char, Letter> Letters = Parts().ToFrozenDictionary(p => p.Composed, p => p.Letter);

    private static readonly FrozenDictionary<Letter, char> Composed = Parts().ToFrozenDictionary(p => p.Letter, p => p.Composed);

    /// <summary>Whether nothing is left to compose, nor that could not be: there is no combining mark (U+0300 to U+036F) in a text.</summary>
    public static bool IsComposed(string text) => text.AsSpan().IndexOfAnyInRange(FirstMark, LastMark) < 0;

    /// <summary>Writes a text in composed form.</summary>
    /// <param name="text">Any text, also one that is not clean.</param>
    /// <returns>The same instance if there is nothing to compose, which is nearly always.</returns>
    public static string Compose(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int mark = text.AsSpan().IndexOfAnyInRange(FirstMark, LastMark);
        if (mark < 0)
        {
            return text;
        }

        StringBuilder composed = new(text.Length);
        int at = 0;
        while (at < text.Length)
        {
            int end = at + 1;
            while (end < text.Length && IsMark(text[end]))
            {
                end++;
            }

            _ = end > at + 1 && TryCompose(text[at], text.AsSpan(at + 1, end - at - 1), out char letter)
                ? composed.Append(letter)
                : composed.Append(text, at, end - at);
            at = end;
        }

        return composed.Length == text.Length ? text : composed.ToString();
    }

    /// <summary>Whether a character is a combining mark that a letter should have been composed with.</summary>
    internal static bool IsMark(char c) => c is >= FirstMark and <= LastMark;

    /// <summary>The letter of ASCII that a letter of Vietnamese is written with; any other character as it is.</summary>
    internal static char WithoutMarks(char c) =>
        c switch { 'đ' => 'd', 'Đ' => 'D', _ => Letters.TryGetValue(c, out Letter letter) ? letter.Base : c };

    private static bool TryCompose(char first, ReadOnlySpan<char> marks, out char composed)
    {
        composed = first;
        if (!Letters.TryGetValue(first, out Letter letter))
        {
            return false;
        }

        foreach (char c in marks)
        {
            // The tone marks that Unicode once had for Vietnamese alone are the same as grave and acute.
            char mark = c switch { '\u0340' => '\u0300', '\u0341' => '\u0301', _ => c };
            bool isShape = mark is Circumflex or Breve or Horn;
            bool isInOrder = isShape
                ? letter.Shape == None && (mark == Horn || letter.Tone is None or DotBelow)
                : letter.Tone == None;
            letter = isShape ? letter with { Shape = mark } : letter with { Tone = mark };
            if (!isInOrder || !Composed.ContainsKey(letter))
            {
                return false;
            }
        }

        composed = Composed[letter];
        return true;
    }

    private static IEnumerable<(char Composed, Letter Letter)> Parts()
    {
        foreach ((char shape, string letters) in Rows)
        {
            for (int i = 0; i < letters.Length; i++)
            {
                yield return (letters[i], new(Base(letters[0]), shape, Tones[i]));
            }
        }
    }

    private static char Base(char letter) => letter switch
    {
        'ă' or 'â' => 'a',
        'ê' => 'e',
        'ô' or 'ơ' => 'o',
        'ư' => 'u',
        'Ă' or 'Â' => 'A',
        'Ê' => 'E',
        'Ô' or 'Ơ' => 'O',
        'Ư' => 'U',
        _ => letter,
    };

    private readonly record struct Letter(char Base, char Shape, char Tone);
}
