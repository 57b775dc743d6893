using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Invoicing.Registers.Text;
using Invoicing.Settings;
using Invoicing.Vietnam;

namespace Invoicing.Registers.Receipts;

/// <summary>A template's patterns, ready to match.</summary>
internal sealed class TemplatePatterns
{
    /// <summary>Longest pattern: a page of text; beyond it somebody pasted something else.</summary>
    private const int MostCharacters = 2000;

    /// <summary>A number as tills print it, with its sign on either side or in brackets and the currency behind it.</summary>
    private const string Number = @"(?<$>[-(]?[0-9]+([.,][0-9]+)*[-)]?)(\s?(vnd|d)\b)?";

    private static readonly (string Word, string Pattern)[] Words =
        [.. new[] { "amount", "price", "qty", "discount" }.Select(word => ($"{{{word}}}", Number.Replace("$", word, StringComparison.Ordinal)))];

    /// <summary>Patterns made before, for the learner, which tries the same ones in many combinations; emptied when it grows over this.</summary>
    private const int MostMade = 512;

    private static readonly ConcurrentDictionary<string, Regex> Made = new(StringComparer.Ordinal);

    private static readonly Dictionary<TemplatePart, string> Required = new()
    {
        [TemplatePart.ItemDiscount] = "discount",
        [TemplatePart.ReceiptDiscount] = "amount",
        [TemplatePart.Subtotal] = "amount",
        [TemplatePart.Tax] = "amount",
        [TemplatePart.Total] = "amount",
        [TemplatePart.Change] = "amount",
        [TemplatePart.Number] = "number",
        [TemplatePart.Date] = "date",
        [TemplatePart.Time] = "time",
        [TemplatePart.Cashier] = "cashier",
    };

    private TemplatePatterns(
        ImmutableDictionary<TemplatePart, Regex> parts, ImmutableArray<(Regex Line, Regex? Next)> items, ImmutableArray<Regex> payments)
    {
        Parts = parts;
        Items = items;
        Payments = payments;
    }

    internal ImmutableDictionary<TemplatePart, Regex> Parts { get; }

    internal ImmutableArray<(Regex Line, Regex? Next)> Items { get; }

    internal ImmutableArray<Regex> Payments { get; }

    /// <summary>Makes all patterns of a template ready.</summary>
    /// <exception cref="SettingsException">One cannot be used; it is named.</exception>
    internal static TemplatePatterns Of(ReceiptTemplate template, string source)
    {
        var parts = template.Parts.ToImmutableDictionary(
            part => part.Key, part => Make(source, KeyOf(part.Key), part.Value, Required.GetValueOrDefault(part.Key)));
        ImmutableArray<(Regex, Regex?)> items = [.. template.Items.Select((item, i) => MakeItem(source, $"items[{i}]", item))];
        ImmutableArray<Regex> payments =
            [.. template.Payments.Select((payment, i) => Make(source, $"payments[{i}].line", payment.Line, "amount"))];
        return new(parts, items, payments);
    }

    /// <summary>The key of a part in a template's file.</summary>
    internal static string KeyOf(TemplatePart part) => char.ToLowerInvariant(part.ToString()[0]) + part.ToString()[1..];

    private static (Regex Line, Regex? Next) MakeItem(string source, string key, ItemPattern item)
    {
        Regex line = Make(source, $"{key}.line", item.Line, null);
        Regex? next = item.Next is null ? null : Make(source, $"{key}.next", item.Next, null);
        HashSet<string> groups = [.. line.GetGroupNames(), .. next?.GetGroupNames() ?? []];
        foreach (string group in (string[])["name", "amount"])
        {
            if (!groups.Contains(group))
            {
                throw new SettingsException(source, key, $"a group '{group}' in the line or the next", "none");
            }
        }

        return (line, next);
    }

    /// <summary>Makes one pattern ready.</summary>
    internal static Regex Make(string source, string key, string pattern, string? group)
    {
        if (pattern.Length > MostCharacters)
        {
            throw new SettingsException(source, key, $"a pattern of at most {MostCharacters} characters", $"{pattern.Length}");
        }

        string plain = PlainLetters.Of(VietnameseText.Compose(pattern));
        foreach ((string word, string number) in Words)
        {
            plain = plain.Replace(word, number, StringComparison.Ordinal);
        }

        Regex regex;
        try
        {
            if (Made.Count > MostMade)
            {
                Made.Clear();
            }

            regex = Made.GetOrAdd(plain, static text => new(
                text, RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant));
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw new SettingsException(source, key, "a regular expression without look-around and back references", $"'{pattern}': {fault.Message}");
        }

        return group is null || regex.GetGroupNames().Contains(group)
            ? regex
            : throw new SettingsException(source, key, $"a pattern with the group '{group}', such as (?<{group}>…)", $"'{pattern}'");
    }
}
