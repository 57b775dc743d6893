using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Vietnam;

/// <content>The receipt as a whole: counts, payments, sums.</content>
public static partial class InvoiceRules
{
    private const int MaxReceiptNumber = 32;
    private const int MaxCashier = 50;

    /// <summary>Judges a sale and, where its amounts can be added up, works out its sums by rate.</summary>
    /// <returns>The sums by rate, or <see langword="null"/> where faults forbid to make any.</returns>
    internal static TaxBreakdown? JudgeSale(Sale sale, InvoiceKind kind, bool isAdjustment, ref FaultList faults)
    {
        JudgeText(sale.ReceiptNumber ?? string.Empty, 0, MaxReceiptNumber, RuleIds.ReceiptNumber, nameof(sale.ReceiptNumber), ref faults);
        JudgeText(sale.Cashier ?? string.Empty, 0, MaxCashier, RuleIds.Cashier, nameof(sale.Cashier), ref faults);
        bool canAdd = JudgeAmount(sale.Total, nameof(sale.Total), ref faults);
        canAdd &= JudgeAmount(sale.ReceiptDiscount, nameof(sale.ReceiptDiscount), ref faults);
        JudgeBuyer(sale.Buyer, ref faults);
        if (isAdjustment && sale.ReceiptDiscount != Money.Zero)
        {
            faults.Add(
                RuleIds.AdjustmentDiscount, nameof(sale.ReceiptDiscount), "none in an adjustment: its lines say what changes",
                sale.ReceiptDiscount.ToString());
        }

        if (sale.Total < Money.Zero && !isAdjustment)
        {
            faults.Add(
                RuleIds.Total, nameof(sale.Total), "0 or more: goods taken back are a correction, not a sale", sale.Total.ToString());
        }

        JudgePayments(sale, ref faults);
        if (sale.Lines.Length is 0 or > MaxLines)
        {
            faults.Add(RuleIds.Lines, nameof(sale.Lines), $"1 to {MaxLines} lines", $"{sale.Lines.Length}");
            return null;
        }

        for (int i = 0; i < sale.Lines.Length; i++)
        {
            canAdd &= JudgeLine(sale.Lines[i], i, kind, isAdjustment, ref faults);
        }

        return canAdd ? JudgeSums(sale, isAdjustment, ref faults) : null;
    }

    private static TaxBreakdown? JudgeSums(Sale sale, bool isAdjustment, ref FaultList faults)
    {
        List<(TaxRate Rate, long Amount)> sums = TaxCalculation.SumByRate(sale);
        Money whole = Money.Zero;
        bool canShare = true;
        foreach ((TaxRate rate, long amount) in sums)
        {
            whole += new Money(amount);
            if (amount < 0 && !isAdjustment)
            {
                canShare = false;
                faults.Add(RuleIds.RateSum, nameof(sale.Lines), $"lines at {rate} that come to 0 or more", new Money(amount).ToString());
            }
        }

        if (sale.ReceiptDiscount < Money.Zero || (sale.ReceiptDiscount > Money.Zero && sale.ReceiptDiscount > whole && !isAdjustment))
        {
            canShare = false;
            faults.Add(
                RuleIds.Discount, nameof(sale.ReceiptDiscount), $"0 to the sum of the lines ({whole})", sale.ReceiptDiscount.ToString());
        }

        if (!canShare)
        {
            return null;
        }

        TaxBreakdown taxes = TaxCalculation.Calculate(sums, sale.ReceiptDiscount.Dong, sale.PricesIncludeTax);
        if (taxes.Total == sale.Total)
        {
            return taxes;
        }

        string tax = sale.PricesIncludeTax ? string.Empty : $" + tax {taxes.Tax}";
        string sum = $"{taxes.Total} (lines {whole} - discount {sale.ReceiptDiscount}{tax})";
        faults.Add(RuleIds.TotalSum, nameof(sale.Total), sum, sale.Total.ToString());
        return null;
    }

    private static void JudgePayments(Sale sale, ref FaultList faults)
    {
        if (sale.Payments.Length > MaxPayments)
        {
            faults.Add(RuleIds.Payments, nameof(sale.Payments), $"at most {MaxPayments} payments", $"{sale.Payments.Length}");
            return;
        }

        bool canAdd = true;
        Money sum = Money.Zero;
        for (int i = 0; i < sale.Payments.Length; i++)
        {
            Payment payment = sale.Payments[i];
            if (!Enum.IsDefined(payment.Means))
            {
                faults.Add(RuleIds.PaymentMeans, $"Payments[{i}].Means", "0 to 7, as in TLK/1", RuleText.Show((int)payment.Means));
            }

            bool fits = JudgeAmount(payment.Amount, $"Payments[{i}].Amount", ref faults);
            canAdd &= fits;
            sum += fits ? payment.Amount : Money.Zero;
        }

        if (canAdd && sale.Payments.Length > 0 && sum != sale.Total)
        {
            faults.Add(RuleIds.PaymentSum, nameof(sale.Payments), $"payments that come to the total, {sale.Total}", sum.ToString());
        }
    }
}
