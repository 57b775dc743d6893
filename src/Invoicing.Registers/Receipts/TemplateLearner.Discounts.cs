using System.Text.RegularExpressions;

namespace Invoicing.Registers.Receipts;

/// <summary>Which words take something off the goods above, and which off the whole receipt.</summary>
internal static partial class TemplateLearner
{
    /// <summary>Most words for discounts of one till; each doubles what is tried.</summary>
    private const int MostDiscountWords = 3;

    /// <summary>Words for discounts that stand before an amount somewhere, and are not only the beginning of a longer one.</summary>
    private static string[] DiscountWords(string[][] receipts)
    {
        List<string> found = [];
        HashSet<string> lines = new(StringComparer.Ordinal);
        foreach (string word in LearnerWords.Discounts)
        {
            Regex pattern = Compile(LearnerWords.Discount([word], "amount"));
            string[] matched = [.. receipts.SelectMany(receipt => receipt).Where(line => pattern.IsMatch(line))];
            if (Array.Exists(matched, line => !lines.Contains(line)))
            {
                found.Add(word);
            }

            lines.UnionWith(matched);
        }

        return [.. found.Take(MostDiscountWords)];
    }

    /// <summary>Every discount on the whole, where receipts have any: most tills know no other.</summary>
    private static ReceiptTemplate Plain(ReceiptTemplate template, string[] words) =>
        words.Length == 0 ? template : template.With(TemplatePart.ReceiptDiscount, LearnerWords.Discount(words, "amount"));

    /// <summary>Every way to give the words to goods and receipt, the printed amounts of goods before or after their discount.</summary>
    private static IEnumerable<ReceiptTemplate> DiscountWays(ReceiptTemplate template, string[] words)
    {
        for (int goods = 1; goods < 1 << words.Length; goods++)
        {
            string[] onGoods = [.. words.Where((_, i) => (goods & (1 << i)) != 0)];
            string[] onWhole = [.. words.Except(onGoods, StringComparer.Ordinal)];
            ReceiptTemplate way = template.With(TemplatePart.ItemDiscount, LearnerWords.Discount(onGoods, "discount"))
                .With(TemplatePart.ReceiptDiscount, onWhole.Length == 0 ? null : LearnerWords.Discount(onWhole, "amount"));
            yield return way;
            yield return way with { AmountsAreAfterDiscount = true };

            // One word for both: those on goods are indented.
            ReceiptTemplate indented = template
                .With(TemplatePart.ItemDiscount, LearnerWords.Discount(onGoods, "discount").Replace(@"^\W*", @"^\s+\W*", StringComparison.Ordinal))
                .With(TemplatePart.ReceiptDiscount, LearnerWords.Discount(words, "amount").Replace(@"^\W*", "^", StringComparison.Ordinal));
            yield return indented;
            yield return indented with { AmountsAreAfterDiscount = true };
        }
    }

    /// <summary>Receipts that show between them as much as there is: each one with something that those before have not, then the first.</summary>
    private static int[] MostVaried(string[][] receipts)
    {
        Regex[] features =
        [
            .. LearnerWords.Payments.Select(payment => Compile(payment.Line)),
            .. LearnerWords.Discounts.Select(word => Compile(LearnerWords.Discount([word], "amount"))),
            .. new[] { LearnerWords.Subtotal, LearnerWords.Tax, LearnerWords.Change }.Select(words => Compile(LearnerWords.WithAmount(words))),
        ];
        HashSet<int> seen = [];
        List<int> chosen = [];
        for (int i = 0; i < receipts.Length && chosen.Count < MostReceipts; i++)
        {
            int before = seen.Count;
            seen.UnionWith(Enumerable.Range(0, features.Length).Where(f => Array.Exists(receipts[i], features[f].IsMatch)));
            if (seen.Count > before)
            {
                chosen.Add(i);
            }
        }

        chosen.AddRange(Enumerable.Range(0, receipts.Length).Except(chosen).Take(MostReceipts - chosen.Count).ToArray());
        return [.. chosen.Order()];
    }
}
