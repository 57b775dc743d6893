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
    private const int MaxDepartment = 20;
    private const int MaxSpecial = 50;

    /// <summary>Judges a line.</summary>
    /// <returns>Whether its amount can be added to others.</returns>
    private static bool JudgeLine(SaleLine line, int index, InvoiceKind kind, bool isAdjustment, ref FaultList faults)
    {
        // Paths are made only for faults: most lines have none, and there are many lines.
        FaultList found = new();
        JudgeText(line.Name, 1, MaxName, RuleIds.Name, nameof(line.Name), ref found);
        JudgeText(line.Unit, 0, MaxUnit, RuleIds.Unit, nameof(line.Unit), ref found);
        JudgeText(line.Code ?? string.Empty, 0, MaxGoodsCode, RuleIds.GoodsCode, nameof(line.Code), ref found);
        JudgeText(line.Department ?? string.Empty, 0, MaxDepartment, RuleIds.Department, nameof(line.Department), ref found);
        bool isRated = JudgeRate(line, kind, ref found);
        bool fits = JudgeDecimal(line.Quantity, nameof(line.Quantity), ref found);
        fits &= JudgeDecimal(line.UnitPrice, nameof(line.UnitPrice), ref found);
        bool canAdd = JudgeAmount(line.Amount, nameof(line.Amount), ref found);
        fits &= canAdd & JudgeAmount(line.Discount, nameof(line.Discount), ref found);
        if (line.Discount < Money.Zero)
        {
            fits = false;
            found.Add(RuleIds.Discount, nameof(line.Discount), "0 or more", line.Discount.ToString());
        }

        fits &= JudgeNature(line, isAdjustment, ref found);
        bool hasProduct = line.Nature is LineNature.Goods or LineNature.Special
            || (line.Nature == LineNature.TradeDiscount && line.Quantity != 0 && line.UnitPrice != 0);
        if (fits && hasProduct)
        {
            JudgeLineAmount(line, ref found);
        }

        foreach (RuleFault fault in found.ToImmutable())
        {
            faults.Add(fault.RuleId, $"Lines[{index}].{fault.Path}", fault.Expected, fault.Found);
        }

        return canAdd && isRated;
    }

    /// <summary>Judges whether the rates of all lines are in force on a day.</summary>
    internal static void JudgeRatesInForce(Sale sale, DateOnly day, TaxRateTable rates, ref FaultList faults)
    {
        for (int i = 0; i < sale.Lines.Length; i++)
        {
            if (TaxCalculation.IsTaxed(sale.Lines[i]) && sale.Lines[i].Rate is { } rate
                && rates.StandingOf(rate, day, out TaxRatePeriod period) == TaxRateStanding.NotInForce)
            {
                faults.Add(RuleIds.RateNotInForce, $"Lines[{i}].Rate", $"a rate in force on {day:O}", period.ToString());
            }
        }
    }

    private static bool JudgeRate(SaleLine line, InvoiceKind kind, ref FaultList found)
    {
        if (line.Rate is not { } rate)
        {
            bool needsNone = !TaxCalculation.IsTaxed(line);
            if (!needsNone)
            {
                found.Add(RuleIds.RateMissing, nameof(line.Rate), "a rate, from the register or from the shop's catalogue", "none");
            }

            return needsNone;
        }

        if (IsWithoutVat(kind) && rate.Kind is TaxRateKind.Percent or TaxRateKind.Other)
        {
            found.Add(RuleIds.RateKind, nameof(line.Rate), "KCT or KKKNT on a sales invoice, which states no VAT", rate.ToString());
        }

        return true;
    }

    /// <summary>Judges what the law wants of a line's nature.</summary>
    /// <returns>Whether quantity × price can be compared with the amount.</returns>
    private static bool JudgeNature(SaleLine line, bool isAdjustment, ref FaultList found)
    {
        string? expected = line.Nature switch
        {
            LineNature.Goods or LineNature.Special => null,
            LineNature.Promotion when line.Amount != Money.Zero || line.Discount != Money.Zero => "a promotion that comes to 0, without a discount",
            LineNature.Promotion => null,
            LineNature.TradeDiscount when line.Discount != Money.Zero || (line.Amount > Money.Zero && !isAdjustment) =>
                "a trade discount with an amount of 0 or less and without a discount of its own",
            LineNature.TradeDiscount => null,
            LineNature.Note when line.Quantity != 0 || line.UnitPrice != 0 || line.Amount != Money.Zero || line.Discount != Money.Zero =>
                "a note without quantity, price and amount",
            LineNature.Note => null,
            _ => "a nature of 1 to 5",
        };
        if (expected is not null)
        {
            string what = $"nature {(int)line.Nature}, {Product(line)}, amount {line.Amount}, discount {line.Discount}";
            found.Add(RuleIds.Nature, nameof(line.Nature), expected, what);
        }

        if (line.Nature == LineNature.Special != line.Special is not null)
        {
            found.Add(
                RuleIds.Special, nameof(line.Special), line.Special is null ? "what the special goods are" : "none on other goods",
                line.Special is null ? "none" : line.Special.Type.ToString());
        }
        else if (line.Special is { } special)
        {
            JudgeText(special.Identity, 1, MaxSpecial, RuleIds.Special, "Special.Identity", ref found);
            JudgeText(special.Engine, 0, MaxSpecial, RuleIds.Special, "Special.Engine", ref found);
            if (!Enum.IsDefined(special.Type))
            {
                found.Add(RuleIds.Special, "Special.Type", "1 to 4", RuleText.Show((int)special.Type));
            }
        }

        return expected is null;
    }

    /// <summary>Whether invoices of a kind state no VAT.</summary>
    internal static bool IsWithoutVat(InvoiceKind kind) => kind is InvoiceKind.Sales or InvoiceKind.SalesWithFees;

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
