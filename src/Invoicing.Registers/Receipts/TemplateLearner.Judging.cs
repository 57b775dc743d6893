using System.Text.RegularExpressions;
using Invoicing.Sales;

namespace Invoicing.Registers.Receipts;

/// <summary>Which of the receipts a template reads, and whether it can be believed.</summary>
internal static partial class TemplateLearner
{
    /// <summary>Receipts of which a template that is any good reads one, whatever discounts stand on them.</summary>
    private const int Hopeless = 6;

    private static readonly Regex NoName = Compile(LearnerWords.NoName);
    private static readonly Regex[] Totals = [.. LearnerWords.Totals.Select(LearnerWords.Total).Select(Compile)];

    /// <summary>How many receipts a template reads for sure; 0 if it reads one that it should not.</summary>
    private static int Score(ReceiptTemplate template, Sample[] receipts)
    {
        ReceiptReader reader = new(template);
        int sure = 0;
        int lines = 0;
        bool isCounting = true; // that goods are numbered, and the number is taken for the quantity
        for (int i = 0; i < receipts.Length; i++)
        {
            if (i == Hopeless && sure == 0)
            {
                return 0;
            }

            Sample receipt = receipts[i];
            ReceiptReading reading = reader.Read(receipt.Lines);
            if (reading.Class is not (CaptureClass.Sale or CaptureClass.NoReceiptNumber))
            {
                continue;
            }

            if (!IsSure(reading, receipt.Plain, template))
            {
                return 0;
            }

            sure++;
            lines += reading.Lines.Length;
            isCounting &= !reading.Lines.Where((line, n) => line.Quantity != n + 1).Any();
        }

        // Names and amounts only, one on each receipt: any label with the total behind it looks so.
        bool isBare = !template.Items.IsEmpty && !HasPrice(template.Items[0]);
        return isBare && (lines <= sure || (isCounting && lines > sure)) ? 0 : sure;
    }

    /// <summary>Whether nothing speaks against a reading that adds up.</summary>
    private static bool IsSure(ReceiptReading reading, string[] plain, ReceiptTemplate template) =>
        reading is { UnreadAmounts: 0, PaysOtherwise: false, Total.Dong: > 0 }
        && reading.Lines.All(line => line.Name.Any(char.IsLetter) && !NoName.IsMatch(Text.PlainLetters.Of(line.Name)))
        && !HasOtherTotal(reading.Total!.Value.Dong, plain, template);

    /// <summary>Whether behind the total another sum stands that may be what was paid.</summary>
    private static bool HasOtherTotal(long total, string[] plain, ReceiptTemplate template)
    {
        Regex own = Compile(template.Parts[TemplatePart.Total]);
        int at = Array.FindIndex(plain, own.IsMatch);
        Regex[] known =
        [
            .. template.Payments.Select(payment => Compile(payment.Line)),
            .. new[] { TemplatePart.Tax, TemplatePart.Change, TemplatePart.Subtotal, TemplatePart.ReceiptDiscount }
                .Where(template.Parts.ContainsKey).Select(part => Compile(template.Parts[part])),
        ];
        return plain.Skip(at + 1).Where(line => !Array.Exists(known, pattern => pattern.IsMatch(line)))
            .SelectMany(line => Totals.Select(pattern => pattern.Match(line)).Where(match => match.Success).Take(1))
            .Any(match => !template.Numbers.TryAmount(match.Groups["amount"].Value, out long other) || other != total);
    }

    private static bool HasPrice(ItemPattern item) => (item.Line + item.Next).Contains("{price}", StringComparison.Ordinal);

    /// <summary>One receipt, with and without marks.</summary>
    private sealed record Sample(IReadOnlyList<string> Lines, string[] Plain);
}
