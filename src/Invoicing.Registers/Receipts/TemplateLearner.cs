using System.Text.RegularExpressions;
using Invoicing.Registers.Text;

namespace Invoicing.Registers.Receipts;

/// <summary>Makes a first template out of captured receipts: tries what receipts look like until their lines add up to their totals.</summary>
/// <remarks>
/// The hard check of the reader is the judge, so what is learned is what will be done. Sums can agree by accident, where a label is taken for goods or
/// a sum before a discount for the total; so a template that reads even one of the receipts in a doubtful way (<see cref="IsSure"/>) is none. A
/// person looks at the extraction and edits the file; nothing learned is used unseen.
/// </remarks>
internal static partial class TemplateLearner
{
    /// <summary>Most receipts that are looked at: more of one till say no more, and each costs a second of trying.</summary>
    internal const int MostReceipts = 12;

    private const int MostWords = 5;
    private const int MostStarts = 6;
    private const int MostPatternCharacters = 120;

    /// <summary>Templates that are tried with every way to read discounts: those that read the most without.</summary>
    private const int MostRefined = 6;

    /// <summary>Learns from receipts of one till.</summary>
    /// <param name="receipts">The lines of each; at least one.</param>
    /// <param name="name">What the template will be called.</param>
    /// <exception cref="ArgumentException">There is no receipt.</exception>
    internal static LearnedTemplate Learn(IReadOnlyList<IReadOnlyList<string>> receipts, string name)
    {
        if (receipts.Count == 0)
        {
            throw new ArgumentException("expected at least one receipt, found none: capture a few sales first", nameof(receipts));
        }

        string[][] plain = [.. receipts.Select(lines => lines.Select(PlainLetters.Of).ToArray())];
        ReceiptTemplate head = Heads(new ReceiptTemplate { Name = name }, plain);
        int[] chosen = MostVaried(plain);
        Sample[] some = [.. chosen.Select(i => new Sample(receipts[i], plain[i]))];
        string[] words = DiscountWords(plain);
        List<(int Score, ReceiptTemplate Template)> first = [];
        foreach (ReceiptTemplate candidate in Candidates(Plain(head, words), [.. some.Select(sample => sample.Plain)]))
        {
            first.Add((Score(candidate, some), candidate));
            if (first[^1].Score == some.Length)
            {
                break;
            }
        }

        ReceiptTemplate best = Refined(first, words, some) ?? head;
        return new(best, [.. receipts.Select(new ReceiptReader(best).Read)]);
    }

    /// <summary>The best of what was tried, with discounts read in the way that adds up most often.</summary>
    /// <remarks>
    /// A discount below the last goods adds up as theirs and as the receipt's. The printed subtotal tells which: the way counts that agrees with it
    /// oftenest, and where it always does the template demands it, so that what these receipts did not show is left to a person.
    /// </remarks>
    /// <returns><see langword="null"/> if nothing reads any receipt for sure.</returns>
    private static ReceiptTemplate? Refined(List<(int Score, ReceiptTemplate Template)> tried, string[] words, Sample[] some)
    {
        (int Score, ReceiptTemplate Template)[] order = [.. tried.OrderByDescending(one => one.Score)]; // the first of equals stays before the others
        ((int Read, int Firm) best, ReceiptTemplate? found) = ((0, 0), null);
        foreach ((int score, ReceiptTemplate template) in order.Take(MostRefined))
        {
            foreach (ReceiptTemplate way in (ReceiptTemplate[])[template, .. DiscountWays(template, words)])
            {
                int read = ReferenceEquals(way, template) ? score : Score(way, some);
                if (read == 0 || read < best.Read)
                {
                    continue;
                }

                ReceiptTemplate demanding = way with { SubtotalIsBeforeDiscount = true };
                int firm = Score(demanding, some);
                if ((read, firm).CompareTo(best) > 0)
                {
                    (best, found) = ((read, firm), firm == read ? demanding : way);
                }

                if (best == (some.Length, some.Length))
                {
                    return found;
                }
            }
        }

        return found;
    }

    /// <summary>Number, date, time and the words around the total: what one look at the lines tells.</summary>
    private static ReceiptTemplate Heads(ReceiptTemplate template, string[][] receipts)
    {
        template = template with { Payments = [.. LearnerWords.Payments.Where(payment => Occurs(payment.Line, receipts) > 0)] };
        foreach ((TemplatePart part, string pattern) in ((TemplatePart, string)[])
            [
                (TemplatePart.Date, LearnerWords.Date), (TemplatePart.Time, LearnerWords.Time),
                (TemplatePart.Subtotal, LearnerWords.WithAmount(LearnerWords.Subtotal)),
                (TemplatePart.Tax, LearnerWords.WithAmount(LearnerWords.Tax)), (TemplatePart.Change, LearnerWords.WithAmount(LearnerWords.Change)),
            ])
        {
            template = Occurs(pattern, receipts) > 0 ? template.With(part, pattern) : template;
        }

        return template.With(TemplatePart.Number, NumberPattern(receipts));
    }

    /// <summary>The first label behind which every receipt has a number, and each another one.</summary>
    private static string? NumberPattern(string[][] receipts) => LearnerWords.Numbers.Select(LearnerWords.Number).FirstOrDefault(pattern =>
    {
        Regex regex = Compile(pattern);
        string[] found = [.. receipts.Select(lines => lines.Select(line => regex.Match(line).Groups["number"].Value).FirstOrDefault(n => n.Length > 0) ?? string.Empty)];
        return Array.TrueForAll(found, number => number.Length > 0) && found.Distinct(StringComparer.Ordinal).Count() == found.Length;
    });

    private static IEnumerable<ReceiptTemplate> Candidates(ReceiptTemplate head, string[][] receipts)
    {
        string[] totals = [.. LearnerWords.Totals.Select(LearnerWords.Total).Where(total => Occurs(total, receipts) == receipts.Length).Take(MostWords)];
        string?[] starts = [.. Starts(totals, receipts).Distinct(StringComparer.Ordinal).Take(MostStarts)];
        ItemPattern[] items = [.. LearnerWords.Items.Where(item => IsMet(item.Line) && (item.Next is null || IsMet(item.Next)))];
        bool[] inclusive = head.Parts.ContainsKey(TemplatePart.Tax) ? [true, false] : [true];
        return
            from total in totals
            from start in starts
            from includes in inclusive
            from numbers in LearnerWords.Formats.Where(format => Fits(format, total, receipts))
            from item in items
            select head.With(TemplatePart.Total, total).With(TemplatePart.Start, start) with
            {
                Numbers = numbers,
                Items = [item],
                PricesIncludeTax = includes,
            };

        bool IsMet(string pattern) => Occurs(pattern, receipts) * 2 >= receipts.Length;
    }

    /// <summary>Where goods may begin: behind a heading, behind a line that all receipts share, behind a ruled line, or at the top.</summary>
    private static IEnumerable<string?> Starts(string[] totals, string[][] receipts)
    {
        if (Occurs(LearnerWords.Heading, receipts) == receipts.Length)
        {
            yield return LearnerWords.Heading;
        }

        if (Occurs(LearnerWords.Rule, receipts) == receipts.Length)
        {
            yield return LearnerWords.Rule;
        }

        yield return null;
        Regex[] ends = [.. totals.Select(Compile)];
        IEnumerable<string> before = receipts[0].TakeWhile(line => !Array.Exists(ends, end => end.IsMatch(line)));
        foreach (string line in before.Reverse().Where(line => line.Trim() is { Length: > 0 and <= MostPatternCharacters }))
        {
            string pattern = $@"^\s*{Regex.Replace(Regex.Escape(line.Trim()), @"(\\ )+", @"\s+", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)}\s*$";
            if (Occurs(pattern, receipts) == receipts.Length)
            {
                yield return pattern;
            }
        }
    }

    /// <summary>Whether every receipt's total is an amount in a format.</summary>
    private static bool Fits(NumberFormat format, string total, string[][] receipts)
    {
        Regex regex = Compile(total);
        return receipts.All(lines => lines.Select(line => regex.Match(line)).First(match => match.Success) is var match
            && format.TryAmount(match.Groups["amount"].Value, out long amount) && amount > 0 && HasMinorDigits(match.Groups["amount"].Value.Trim("-()".ToCharArray()), format));

        static bool HasMinorDigits(string text, NumberFormat format) =>
            format.MinorDigits == 0 || (text.Length > format.MinorDigits && text[^(format.MinorDigits + 1)] == format.DecimalMark);
    }

    private static int Occurs(string pattern, string[][] receipts)
    {
        Regex regex = Compile(pattern);
        return receipts.Count(lines => Array.Exists(lines, regex.IsMatch));
    }

    private static Regex Compile(string pattern) => TemplatePatterns.Make(nameof(TemplateLearner), "learned", pattern, null);
}
