using System.Collections.Immutable;
using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Vietnam;

/// <summary>The rules that a sale must keep to become an invoice, and an invoice to be accepted. All faults are given at once.</summary>
/// <remarks>
/// Pure: no clock, no state, safe on any thread. Nothing is corrected: a sale at fault is held. Only what would make the rest meaningless
/// stops the judging (more lines than are allowed, amounts too large to be added). Each rule's source stands at its id in the code.
/// </remarks>
public static partial class InvoiceRules
{
    /// <summary>Most lines of a sale. Source: entry.proto, InvoiceContent.lines.</summary>
    public const int MaxLines = 500;

    /// <summary>Most payments of a sale. Source: entry.proto, InvoiceContent.payments.</summary>
    public const int MaxPayments = 16;

    /// <summary>Largest magnitude of any amount: 15 digits, so that 500 lines are far from the end of 64 bits.</summary>
    public static readonly Money MaxAmount = new(999_999_999_999_999);

    /// <summary>Judges a sale.</summary>
    /// <param name="sale">What was rung up.</param>
    /// <param name="kind">Kind of invoice that it shall become.</param>
    /// <returns>Every rule that it breaks; empty if none.</returns>
    public static ImmutableArray<RuleFault> Judge(Sale sale, InvoiceKind kind)
    {
        ArgumentNullException.ThrowIfNull(sale);
        FaultList faults = new();
        _ = JudgeSale(sale, kind, isAdjustment: false, ref faults);
        return faults.ToImmutable();
    }

    /// <summary>Judges a seller, as an enrolment or a configuration names it.</summary>
    /// <returns>Every rule that it breaks; empty if none.</returns>
    public static ImmutableArray<RuleFault> Judge(Seller seller)
    {
        ArgumentNullException.ThrowIfNull(seller);
        FaultList faults = new();
        JudgeSeller(seller, ref faults);
        return faults.ToImmutable();
    }

    /// <summary>Judges an invoice that somebody else made: its sale, and code, series, number and sums by rate against it.</summary>
    /// <returns>Every rule that it breaks; empty if none.</returns>
    public static ImmutableArray<RuleFault> Judge(Invoice invoice)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        FaultList faults = new();
        JudgeParts(invoice, ref faults);
        TaxBreakdown? taxes = JudgeSale(invoice.Sale, invoice.Kind, isAdjustment: false, ref faults);
        if (taxes is not null && !taxes.HasSameSums(invoice.Taxes))
        {
            faults.Add(RuleIds.Taxes, nameof(invoice.Taxes), taxes.ToString(), invoice.Taxes.ToString());
        }

        return faults.ToImmutable();
    }

    private static void JudgeText(string text, int least, int most, string rule, string path, ref FaultList faults)
    {
        int length = RuleText.Length(text);
        if (length > most || length < least || (least > 0 && string.IsNullOrWhiteSpace(text)))
        {
            string expected = least == 0 ? $"at most {most} characters" : $"{least} to {most} characters that are not all blank";
            faults.Add(rule, path, expected, $"{length} characters, {RuleText.Show(text)}");
        }

        if (!RuleText.IsClean(text))
        {
            faults.Add(RuleIds.Text, path, "text without control characters and without halves of characters", RuleText.Show(text));
        }

        if (!VietnameseText.IsComposed(text))
        {
            faults.Add(RuleIds.ComposedText, path, "text in composed form", RuleText.Show(text));
        }
    }

    private static bool JudgeAmount(Money amount, string path, ref FaultList faults)
    {
        if (amount >= -MaxAmount && amount <= MaxAmount)
        {
            return true;
        }

        faults.Add(RuleIds.Amount, path, $"at most 15 digits ({MaxAmount})", amount.ToString());
        return false;
    }
}
