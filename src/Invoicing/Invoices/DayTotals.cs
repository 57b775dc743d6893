using System.Collections.Immutable;
using System.Globalization;
using Invoicing.Amounts;
using Invoicing.Sales;

namespace Invoicing.Invoices;

/// <summary>What is recorded of a register's day: by rate, by means of payment and by what became of its records.</summary>
/// <remarks>
/// Rates and payments are of everything that was coded, so goods taken back count with their sign; that is what the day owes. Held sales
/// have no place there and are told apart. Immutable.
/// </remarks>
/// <param name="Taxes">By rate.</param>
/// <param name="Payments">By means of payment, in the order of means.</param>
/// <param name="Parts">By what became of the records, in the order of parts.</param>
public sealed record DayTotals(TaxBreakdown Taxes, ImmutableArray<Payment> Payments, ImmutableArray<DayPartSum> Parts)
{
    /// <summary>What everything coded comes to.</summary>
    public Money Total => Taxes.Total;

    /// <summary>Sales that became invoices.</summary>
    public long Sales => Count(DayPart.Invoice);

    /// <summary>Records of a part.</summary>
    public long Count(DayPart part) => Parts.Where(sum => sum.Part == part).Sum(sum => sum.Count);

    /// <summary>What a part comes to.</summary>
    public Money TotalOf(DayPart part) => Parts.Where(sum => sum.Part == part).Aggregate(Money.Zero, (all, sum) => all + sum.Total);

    /// <summary>Compares with what the register printed.</summary>
    /// <remarks>
    /// A register counts receipts and adds up what it rang up, whatever became of it here: its count is that of invoices and held sales, its total
    /// theirs. Taxes and payments are compared only if nothing was held and nothing taken back, because registers differ in where they count that.
    /// </remarks>
    /// <returns>Each difference with what was expected (here) and found (at the register); empty if they agree.</returns>
    public ImmutableArray<RuleFault> DifferencesTo(StatedTotals stated)
    {
        ArgumentNullException.ThrowIfNull(stated);
        ImmutableArray<RuleFault>.Builder found = ImmutableArray.CreateBuilder<RuleFault>();
        long count = Count(DayPart.Invoice) + Count(DayPart.Held);
        if (stated.Sales != count)
        {
            found.Add(new("DAY-COUNT", "Sales", Show(count), Show(stated.Sales)));
        }

        Money total = TotalOf(DayPart.Invoice) + TotalOf(DayPart.Held);
        if (stated.Total != total)
        {
            found.Add(new("DAY-TOTAL", "Total", total.ToString(), stated.Total.ToString()));
        }

        if (Count(DayPart.Held) + Count(DayPart.Adjustment) + Count(DayPart.Replacement) == 0)
        {
            CompareTaxes(stated, found);
            ComparePayments(stated, found);
        }

        return found.ToImmutable();
    }

    private void CompareTaxes(StatedTotals stated, ImmutableArray<RuleFault>.Builder found)
    {
        foreach (StatedTax tax in stated.Taxes)
        {
            RateSum here = Taxes.Sums.FirstOrDefault(sum => sum.Rate == tax.Rate);
            if (here.Net != tax.Net || here.Tax != tax.Tax)
            {
                found.Add(new("DAY-TAX", $"Taxes[{tax.Rate}]", $"{here.Net} + {here.Tax}", $"{tax.Net} + {tax.Tax}"));
            }
        }
    }

    private void ComparePayments(StatedTotals stated, ImmutableArray<RuleFault>.Builder found)
    {
        foreach (Payment payment in stated.Payments)
        {
            Money here = Payments.Where(p => p.Means == payment.Means).Aggregate(Money.Zero, (all, p) => all + p.Amount);
            if (here != payment.Amount)
            {
                found.Add(new("DAY-PAYMENT", $"Payments[{payment.Means}]", here.ToString(), payment.Amount.ToString()));
            }
        }
    }

    private static string Show(long count) => count.ToString(CultureInfo.InvariantCulture);
}
