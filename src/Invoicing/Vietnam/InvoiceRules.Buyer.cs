using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Vietnam;

/// <content>Who bought.</content>
public static partial class InvoiceRules
{
    /// <summary>Judges buyer data. A wrong check digit is no fault (see <see cref="TaxCode.HasValidCheckDigit"/>).</summary>
    /// <returns>Every rule that it breaks; empty if none.</returns>
    public static System.Collections.Immutable.ImmutableArray<RuleFault> Judge(Buyer buyer)
    {
        ArgumentNullException.ThrowIfNull(buyer);
        FaultList faults = new();
        JudgeBuyer(buyer, ref faults);
        return faults.ToImmutable();
    }

    private static void JudgeBuyer(Buyer? buyer, ref FaultList faults)
    {
        if (buyer is null)
        {
            return;
        }

        JudgeText(buyer.Name, 0, 400, RuleIds.Buyer, "Buyer.Name", ref faults);
        JudgeText(buyer.Address, 0, 400, RuleIds.Buyer, "Buyer.Address", ref faults);
        JudgeText(buyer.Person, 0, 100, RuleIds.Buyer, "Buyer.Person", ref faults);
        JudgeText(buyer.Passport, 0, 20, RuleIds.Buyer, "Buyer.Passport", ref faults);
        JudgeText(buyer.Phone, 0, 20, RuleIds.Buyer, "Buyer.Phone", ref faults);
        JudgeText(buyer.Email, 0, 50, RuleIds.Buyer, "Buyer.Email", ref faults);
        JudgeText(buyer.BudgetCode, 0, 7, RuleIds.Buyer, "Buyer.BudgetCode", ref faults);
        JudgeText(buyer.CustomerCode, 0, 50, RuleIds.Buyer, "Buyer.CustomerCode", ref faults);
        if (buyer.TaxCode.Length > 0 && !TaxCode.TryParse(buyer.TaxCode, out _))
        {
            faults.Add(
                RuleIds.BuyerCode, "Buyer.TaxCode", "10 digits, 10 digits '-' 3 digits, or 12 digits", RuleText.Show(buyer.TaxCode));
        }

        if (buyer.PersonalId.Length > 0 && (buyer.PersonalId.Length != 12 || !TaxCode.TryParse(buyer.PersonalId, out _)))
        {
            faults.Add(RuleIds.BuyerCode, "Buyer.PersonalId", "12 digits", RuleText.Show(buyer.PersonalId));
        }
    }
}
