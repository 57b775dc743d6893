using Invoicing.Sales;
using System.Globalization;
using System.Text.RegularExpressions;
using Invoicing.Registers.Text;
using Invoicing.Vietnam;

namespace Invoicing.Registers.Receipts;

/// <summary>Reads the lines of a print by a template, and believes them only if they add up to the printed total.</summary>
/// <remarks>Takes any lines, whatever printed them; never throws for what they say. Safe for any number of threads.</remarks>
/// <param name="template">How the till prints.</param>
/// <exception cref="Invoicing.Settings.SettingsException">A pattern of the template cannot be used. Thrown by the constructor.</exception>
internal sealed class ReceiptReader(ReceiptTemplate template)
{
    /// <summary>Most lines that are read: the longest receipt seen in a shop has some 300.</summary>
    internal const int MostLines = 4096;

    private readonly TemplatePatterns _patterns = TemplatePatterns.Of(template, template.Name);

    /// <summary>Reads a print.</summary>
    /// <param name="lines">Its lines, from the top, in composed text.</param>
    internal ReceiptReading Read(IReadOnlyList<string> lines)
    {
        if (lines.Count > MostLines)
        {
            return new(CaptureClass.NotRead, $"expected at most {MostLines} lines, found {lines.Count}");
        }

        string[] plain = [.. lines.Select(PlainLetters.Of)];
        ReceiptDraft draft = new(template);
        ReadHead(lines, plain, draft);
        if (Marked(plain) is { } marked)
        {
            return draft.Headed(marked);
        }

        ReadBody(lines, plain, draft);
        return draft.Judge();
    }

    /// <summary>Reads the number of a print whose end is missing, as far as it can be relied on: the last line may be half of one.</summary>
    /// <param name="lines">Its lines, from the top, in composed text.</param>
    /// <param name="text">Why it is torn, for people.</param>
    internal ReceiptReading ReadTorn(IReadOnlyList<string> lines, string text)
    {
        string[] some = [.. lines.Take(Math.Min(lines.Count - 1, MostLines))];
        ReceiptDraft draft = new(template);
        ReadHead(some, [.. some.Select(PlainLetters.Of)], draft);
        return draft.Headed(new(CaptureClass.Torn, text));
    }

    private ReceiptReading? Marked(string[] plain)
    {
        foreach ((TemplatePart part, CaptureClass found) in ((TemplatePart, CaptureClass)[])
            [
                (TemplatePart.Kitchen, CaptureClass.Kitchen), (TemplatePart.ProForma, CaptureClass.ProForma), (TemplatePart.Copy, CaptureClass.Copy),
                (TemplatePart.Other, CaptureClass.Other),
            ])
        {
            if (_patterns.Parts.TryGetValue(part, out Regex? pattern) && Array.Find(plain, pattern.IsMatch) is { } line)
            {
                return new(found, $"a line says so: '{line.Trim()}'");
            }
        }

        return null;
    }

    /// <summary>Number, date, time and cashier stand anywhere, and the first that is found counts.</summary>
    private void ReadHead(IReadOnlyList<string> lines, string[] plain, ReceiptDraft draft)
    {
        draft.Number = First(lines, plain, TemplatePart.Number, "number");
        draft.Cashier = First(lines, plain, TemplatePart.Cashier, "cashier");
        if (First(lines, plain, TemplatePart.Date, "date") is { } text
            && DateOnly.TryParseExact(text, template.DateFormat.Split('|'), CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date))
        {
            draft.Date = date;
        }

        if (First(lines, plain, TemplatePart.Time, "time") is { } clock
            && TimeOnly.TryParseExact(clock, ["H:m", "H:m:s", "h:m tt", "h:m:s tt"], CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time))
        {
            draft.Time = time;
        }
    }

    private string? First(IReadOnlyList<string> lines, string[] plain, TemplatePart part, string group)
    {
        if (_patterns.Parts.TryGetValue(part, out Regex? pattern))
        {
            for (int i = 0; i < plain.Length; i++)
            {
                if (pattern.Match(plain[i]).Groups[group] is { Success: true, Length: > 0 } found)
                {
                    return Original(lines[i], found)?.Trim();
                }
            }
        }

        return null;
    }

    private void ReadBody(IReadOnlyList<string> lines, string[] plain, ReceiptDraft draft)
    {
        int at = _patterns.Parts.TryGetValue(TemplatePart.Start, out Regex? start) ? Array.FindIndex(plain, start.IsMatch) + 1 : 0;
        bool inItems = start is null || at > 0;
        draft.IsStarted = start is not null && at > 0;
        while (at < plain.Length && !IsPart(TemplatePart.End, plain[at]))
        {
            if (TryReadSum(plain[at], draft, ref inItems) || IsHead(plain[at]) || !inItems)
            {
                at++;
            }
            else
            {
                at += ReadItem(lines, plain, at, draft);
            }
        }
    }

    /// <summary>Reads a line that is no goods: sums, discounts, payments. The first of them ends the goods.</summary>
    private bool TryReadSum(string line, ReceiptDraft draft, ref bool inItems)
    {
        foreach (TemplatePart part in (TemplatePart[])
            [TemplatePart.Total, TemplatePart.Subtotal, TemplatePart.Tax, TemplatePart.ReceiptDiscount, TemplatePart.ItemsEnd])
        {
            if (_patterns.Parts.TryGetValue(part, out Regex? pattern) && pattern.Match(line) is { Success: true } sum)
            {
                draft.Sum(part, sum.Groups["amount"].Value);
                inItems = false;
                return true;
            }
        }

        if (inItems)
        {
            return false;
        }

        for (int i = 0; i < _patterns.Payments.Length; i++)
        {
            if (_patterns.Payments[i].Match(line) is { Success: true } paid)
            {
                draft.Pay(template.Payments[i].Means, paid.Groups["amount"].Value);
                return true;
            }
        }

        if (_patterns.Parts.TryGetValue(TemplatePart.Change, out Regex? change) && change.Match(line) is { Success: true } back)
        {
            draft.Sum(TemplatePart.Change, back.Groups["amount"].Value);
            return true;
        }

        return false;
    }

    /// <summary>Reads goods, or a discount on the ones above.</summary>
    /// <returns>Lines taken.</returns>
    private int ReadItem(IReadOnlyList<string> lines, string[] plain, int at, ReceiptDraft draft)
    {
        if (draft.HasItems && _patterns.Parts.TryGetValue(TemplatePart.ItemDiscount, out Regex? discount) && discount.Match(plain[at]) is { Success: true } off)
        {
            draft.Discount(off.Groups["discount"].Value);
            return 1;
        }

        foreach ((Regex line, Regex? next) in _patterns.Items)
        {
            Match first = line.Match(plain[at]);
            Match? second = first.Success && next is not null && at + 1 < plain.Length ? next.Match(plain[at + 1]) : null;
            if (first.Success && (next is null || second is { Success: true }) && draft.TryItem(
                group => Original(lines[at], first.Groups[group]) ?? (second is null ? null : Original(lines[at + 1], second.Groups[group]))))
            {
                return second is null ? 1 : 2;
            }
        }

        draft.Unread(VietnameseText.Compose(lines[at]).Trim());
        return 1;
    }

    private bool IsHead(string line) =>
        IsPart(TemplatePart.Number, line) || IsPart(TemplatePart.Date, line) || IsPart(TemplatePart.Time, line) || IsPart(TemplatePart.Cashier, line);

    private bool IsPart(TemplatePart part, string line) => _patterns.Parts.TryGetValue(part, out Regex? pattern) && pattern.IsMatch(line);

    /// <summary>What was printed where a group matched: lines without marks are as long as with them.</summary>
    private static string? Original(string line, Group group) => group.Success ? line.Substring(group.Index, group.Length) : null;
}
