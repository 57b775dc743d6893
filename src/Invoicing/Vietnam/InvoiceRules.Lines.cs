using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Vietnam;

/// <content>One line.</content>
public static partial class InvoiceRules
{
    private const int MaxName = 500;
    private const int MaxUnit = 50;
    private const int MaxGoodsCode = 50;

    /// <summary>Judges a line.</summary>
    /// <returns>Whether its amount can be added to others.</returns>
    private static bool JudgeLine(SaleLine line, int index, InvoiceKind kind, ref FaultList faults)
    {
        // Paths are made only for faults: most lines have none, and there are many lines.
        FaultList found = new();
        JudgeText(line.Name, 1, MaxName, RuleIds.Name, nameof(line.Name), ref found);
        JudgeText(line.Unit, 0, MaxUnit, RuleIds.Unit, nameof(line.Unit), ref found);
        JudgeText(line.Code ?? string.Empty, 0, MaxGoodsCode, RuleIds.GoodsCode, nameof(line.Code), ref found);
        if (kind is InvoiceKind.Sales or InvoiceKind.SalesWithFees && line.Rate.Kind is TaxRateKind.Percent or TaxRateKind.Other)
        {
            found.Add(RuleIds.RateKind, nameof(line.Rate), "KCT or KKKNT on a sales invoice, which states no VAT", line.Rate.ToString());
        }

        bool fits = JudgeDecimal(line.Quantity, nameof(line.Quantity), ref found);
        fits &= JudgeDecimal(line.UnitPrice, nameof(line.UnitPrice), ref found);
        bool canAdd = JudgeAmount(line.Amount, nameof(line.Amount), ref found);
        fits &= canAdd & JudgeAmount(line.Discount, nameof(line.Discount), ref found);
        if (line.Discount < Money.Zero)
        {
            fits = false;
            found.Add(RuleIds.Discount, nameof(line.Discount), "0 or more", line.Discount.ToString());
        }

        if (fits)
        {
            JudgeLineAmount(line, ref found);
        }

        foreach (RuleFault fault in found.ToImmutable())
        {
            faults.Add(fault.RuleId, $"Lines[{index}].{fault.Path}", fault.Expected, fault.Found);
        }

        return canAdd;
    }

    /// <summary>Compares a line's amount with quantity × price − discount.</summary>
    /// <remarks>
    /// Registers round in different ways, so any way is accepted: the amount must be less than one đồng from the exact product. Fuel and
    /// weighed goods are sold by amount too, and their quantity is then rounded to thousandths by the meter or the scale: a quantity with a
    /// fraction widens this by half a thousandth × price (50,000 ₫ of petrol at 21,490 ₫ is printed as 2.327 l, which are 50,007 ₫).
    /// A voided line has a negative quantity; its discount is taken off its magnitude, as it was off the line that it voids.
    /// </remarks>
    private static void JudgeLineAmount(SaleLine line, ref FaultList found)
    {
        decimal quantity = decimal.Abs(line.Quantity);
        decimal price = decimal.Abs(line.UnitPrice);
        var quantityMicros = (Int128)(quantity * SixDecimals.Scale);
        var priceMicros = (Int128)(price * SixDecimals.Scale);
        Int128 square = (Int128)SixDecimals.Scale * SixDecimals.Scale;
        bool isNegative = decimal.IsNegative(line.Quantity) != decimal.IsNegative(line.UnitPrice);

        // In millionths of millionths of a đồng. A product beyond every amount is a fault of its own, and would not fit.
        Int128 most = 4 * square * MaxAmount.Dong;
        if (priceMicros != 0 && quantityMicros > most / priceMicros)
        {
            found.Add(RuleIds.LineAmount, nameof(line.Amount), Product(line), line.Amount.ToString());
            return;
        }

        Int128 product = quantityMicros * priceMicros;
        Int128 tolerance = decimal.IsInteger(quantity) ? square : square + (priceMicros * (SixDecimals.Scale / 2000));
        Int128 discount = square * line.Discount.Dong;
        Int128 amount = square * (isNegative ? -line.Amount.Dong : line.Amount.Dong);
        if (discount >= product + tolerance)
        {
            string worth = $"at most what the line is worth, {Product(line)}";
            found.Add(RuleIds.Discount, nameof(line.Discount), worth, line.Discount.ToString());
        }
        else if (Int128.Abs(product - discount - amount) >= tolerance)
        {
            string sum = $"{Product(line)} {(isNegative ? '+' : '-')} discount {line.Discount}";
            found.Add(RuleIds.LineAmount, nameof(line.Amount), sum, line.Amount.ToString());
        }
    }

    private static string Product(SaleLine line) => $"{RuleText.Show(line.Quantity)} × {RuleText.Show(line.UnitPrice)}";

    private static bool JudgeDecimal(decimal value, string path, ref FaultList found)
    {
        if (SixDecimals.Fits(value))
        {
            return true;
        }

        found.Add(RuleIds.Decimals, path, "at most 15 digits before and 6 behind the point", RuleText.Show(value));
        return false;
    }
}
