using System.Globalization;
using System.Text;

namespace Invoicing.Vietnam;

/// <summary>How rules count, accept and show text.</summary>
internal static class RuleText
{
    private const int MostShown = 60; // a fault's text is for people: enough to know the line by

    /// <summary>Counts characters as the law's schemas do: code points, so a letter outside the first plane is one.</summary>
    public static int Length(string text)
    {
        int count = text.Length;
        foreach (char c in text)
        {
            count -= char.IsLowSurrogate(c) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Whether text can stand in UTF-8 and XML 1.0: no control characters, no half characters, no U+FFFE or U+FFFF.</summary>
    public static bool IsClean(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsControl(c) || c is '\uFFFE' or '\uFFFF')
            {
                return false;
            }

            if (!char.IsSurrogate(c))
            {
                continue;
            }

            if (i + 1 == text.Length || !char.IsSurrogatePair(c, text[i + 1]))
            {
                return false;
            }

            i++;
        }

        return true;
    }

    /// <summary>Shows a number in a fault, alike in every culture: the text of a fault is signed.</summary>
    public static string Show(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Shows text in a fault: in quotes, cut, and with what is not clean written as its code.</summary>
    public static string Show(string text)
    {
        StringBuilder shown = new("'");
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, MostShown)))
        {
            // Halves too: a cut may part a pair, and the text of a fault is signed. Marks, because they are not seen on a letter.
            _ = char.IsControl(c) || VietnameseText.IsMark(c) || char.IsSurrogate(c) || c is '\uFFFE' or '\uFFFF'
                ? shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}")
                : shown.Append(c);
        }

        return shown.Append(text.Length > MostShown ? "…'" : "'").ToString();
    }
}
