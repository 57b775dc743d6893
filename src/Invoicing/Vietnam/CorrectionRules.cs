using System.Collections.Immutable;
using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Vietnam;

/// <summary>What the law allows to put right, and how. Pure; all faults at once.</summary>
/// <remarks>Source: Circular 91/2026/TT-BTC, Art. 10. Each rule's clause stands at its id in the code.</remarks>
public static class CorrectionRules
{
    private const int MaxReason = 255;

    /// <summary>What somebody is told who wants an invoice cancelled.</summary>
    public static RuleFault Cancellation { get; } = new(
        RuleIds.NoCancellation, "Type", "a replacement, goods taken back, or a notice about the buyer",
        "a cancellation, which the law no longer knows (official letter 348/CT-CS)");

    /// <summary>Judges a correction before its invoice is numbered.</summary>
    /// <param name="type">How.</param>
    /// <param name="corrected">Which invoice.</param>
    /// <param name="reason">Why.</param>
    /// <param name="draft">The new invoice; <see langword="null"/> in a notice.</param>
    /// <param name="original">The invoice that is corrected, where it is at hand.</param>
    /// <param name="before">Earlier corrections of the same invoice, in their order.</param>
    /// <returns>Every rule that it breaks; empty if none.</returns>
    public static ImmutableArray<RuleFault> Judge(
        CorrectionType type, CorrectedInvoice corrected, string reason, InvoiceDraft? draft, Invoice? original, IReadOnlyList<Correction> before)
    {
        ArgumentNullException.ThrowIfNull(corrected);
        ArgumentNullException.ThrowIfNull(reason);
        ArgumentNullException.ThrowIfNull(before);
        FaultList faults = new();
        int length = RuleText.Length(reason);
        if (length is 0 or > MaxReason || !RuleText.IsClean(reason))
        {
            faults.Add(RuleIds.CorrectionReason, "Reason", $"1 to {MaxReason} characters", $"{length} characters, {RuleText.Show(reason)}");
        }

        JudgeOrder(type, corrected, before, ref faults);
        if (draft is not null)
        {
            JudgeParts(corrected, draft, original, ref faults);
            if (type == CorrectionType.Adjustment)
            {
                JudgeReturn(draft, original, before, ref faults);
            }
        }

        return faults.ToImmutable();
    }

    /// <summary>Judges a notice about the buyer.</summary>
    /// <param name="right">The right buyer data.</param>
    /// <param name="original">What the invoice states; <see langword="null"/> where it named no buyer, or that is not known.</param>
    /// <returns>Every rule that it breaks; empty if none.</returns>
    public static ImmutableArray<RuleFault> JudgeNotice(Buyer right, Buyer? original)
    {
        ArgumentNullException.ThrowIfNull(right);
        FaultList faults = new();
        foreach (RuleFault fault in InvoiceRules.Judge(right))
        {
            faults.Add(fault.RuleId, fault.Path, fault.Expected, fault.Found);
        }

        if (original is not null && right.TaxCode != original.TaxCode)
        {
            faults.Add(
                RuleIds.Notice, "Buyer.TaxCode", $"the tax code of the invoice, {RuleText.Show(original.TaxCode)}: replace the invoice",
                RuleText.Show(right.TaxCode));
        }

        if (right.Name.Length == 0 && right.Person.Length == 0 && right.Address.Length == 0)
        {
            faults.Add(RuleIds.Notice, "Buyer", "the right name or address", "neither");
        }

        return faults.ToImmutable();
    }

    private static void JudgeOrder(CorrectionType type, CorrectedInvoice corrected, IReadOnlyList<Correction> before, ref FaultList faults)
    {
        if (!Enum.IsDefined(type))
        {
            faults.Add(RuleIds.CorrectionMethod, "Type", "a replacement, an adjustment or a notice", RuleText.Show((int)type));
            return;
        }

        if (before.FirstOrDefault(earlier => earlier.Type == CorrectionType.Replacement) is { } replacement)
        {
            faults.Add(
                RuleIds.Replaced, "Corrected", $"the invoice in force, {replacement.Invoice?.Code.ToString() ?? "its replacement"}",
                $"{corrected.Code}, which was replaced");
        }
        else if (type == CorrectionType.Replacement && before.Any(earlier => earlier.Type == CorrectionType.Adjustment))
        {
            faults.Add(RuleIds.SameMethod, "Type", "an adjustment, as the first correction of this invoice", "a replacement");
        }
    }

    private static void JudgeParts(CorrectedInvoice corrected, InvoiceDraft draft, Invoice? original, ref FaultList faults)
    {
        if (draft.Kind != corrected.Kind)
        {
            faults.Add(RuleIds.CorrectionParts, "Kind", $"kind {(int)corrected.Kind}, as {corrected.Code}", $"{(int)draft.Kind}");
        }

        if (draft.IssuedOn < corrected.IssuedOn)
        {
            faults.Add(
                RuleIds.CorrectionParts, "IssuedOn", $"{corrected.IssuedOn:O} or later, the date of {corrected.Code}", $"{draft.IssuedOn:O}");
        }

        if (original is not null && original.SellerTaxCode != draft.SellerTaxCode)
        {
            faults.Add(RuleIds.CorrectionParts, "Seller", original.SellerTaxCode.ToString(), draft.SellerTaxCode.ToString());
        }
    }

    private static void JudgeReturn(InvoiceDraft draft, Invoice? original, IReadOnlyList<Correction> before, ref FaultList faults)
    {
        foreach (RateSum sum in draft.Taxes.Sums.Where(sum => sum.Net + sum.Tax > Money.Zero))
        {
            string what = $"goods taken back at {sum.Rate} (0 or less): a wrong invoice of a cash register is replaced, not adjusted";
            faults.Add(RuleIds.CorrectionMethod, "Lines", what, (sum.Net + sum.Tax).ToString());
        }

        if (original is null)
        {
            return;
        }

        foreach (RateSum sum in draft.Taxes.Sums)
        {
            Money left = Gross(original.Taxes, sum.Rate) + before.Aggregate(
                Money.Zero, (all, earlier) => earlier.Invoice is { } invoice ? all + Gross(invoice.Taxes, sum.Rate) : all);
            if (-(sum.Net + sum.Tax) > left)
            {
                faults.Add(
                    RuleIds.ReturnedTooMuch, "Lines", $"at most {left} given back at {sum.Rate}, what is left of {original.Code}",
                    (-(sum.Net + sum.Tax)).ToString());
            }
        }
    }

    private static Money Gross(TaxBreakdown taxes, TaxRate rate) =>
        taxes.Sums.Where(sum => sum.Rate == rate).Aggregate(Money.Zero, (all, sum) => all + sum.Net + sum.Tax);
}
