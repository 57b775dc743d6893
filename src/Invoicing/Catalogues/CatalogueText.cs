using System.Text;

namespace Invoicing.Catalogues;

/// <summary>What texts of a catalogue must be, and how blanks in them count.</summary>
internal static class CatalogueText
{
    private const int MostShown = 60; // a fault's text is for people: enough to know the text by

    /// <summary>Composed form, with one blank wherever there were several, and none at the ends.</summary>
    public static string Collapse(string text, Func<string, string> compose)
    {
        string composed = HasHalves(text) ? text : compose(text); // halves of characters have no composed form, and are a fault elsewhere
        if (!NeedsCollapsing(composed))
        {
            return composed;
        }

        var collapsed = new StringBuilder(composed.Length);
        foreach (char c in composed)
        {
            if (!char.IsWhiteSpace(c))
            {
                collapsed.Append(c);
            }
            else if (collapsed.Length > 0 && collapsed[^1] != ' ')
            {
                collapsed.Append(' ');
            }
        }

        return collapsed.ToString().TrimEnd();
    }

    /// <summary>Whether text can stand in the version's bytes and in an invoice: no control characters, no halves of characters.</summary>
    public static bool IsClean(string text)
    {
        foreach (char c in text)
        {
            if (char.IsControl(c) || c is '\uFFFE' or '\uFFFF')
            {
                return false;
            }
        }

        return !HasHalves(text);
    }

    /// <summary>Characters as the law counts them: a letter outside the first plane is one.</summary>
    public static int Length(string text) => text.Length - text.Count(char.IsLowSurrogate);

    /// <summary>In quotes, cut, and with what is not clean written as its code.</summary>
    public static string Show(string text)
    {
        StringBuilder shown = new("'");
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, MostShown)))
        {
            _ = char.IsControl(c) || char.IsSurrogate(c) || c is '\uFFFE' or '\uFFFF' ? shown.Append($"\\u{(int)c:X4}") : shown.Append(c);
        }

        return shown.Append(text.Length > MostShown ? "…'" : "'").ToString();
    }

    private static bool HasHalves(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    return true;
                }

                i++;
            }
        }

        return false;
    }

    private static bool NeedsCollapsing(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i]) && (text[i] != ' ' || i == 0 || i + 1 == text.Length || text[i - 1] == ' '))
            {
                return true;
            }
        }

        return false;
    }
}
