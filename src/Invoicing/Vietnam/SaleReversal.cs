using System.Collections.Immutable;
using Invoicing.Amounts;
using Invoicing.Invoices;
using Invoicing.Sales;

namespace Invoicing.Vietnam;

/// <summary>Turns a sale into the differences that undo it: the lines of an adjustment for goods taken back.</summary>
/// <remarks>
/// Decreases are negative (Circular 91/2026/TT-BTC, Art. 10.6 c): quantities and amounts change their sign, prices and line discounts stay. A
/// receipt's discount becomes one line for each rate that takes the discount back, because an adjustment has none of its own. Rounding is
/// symmetrical, so net and tax by rate are those of the sale with the other sign, to the đồng.
/// </remarks>
public static class SaleReversal
{
    /// <summary>Name of the line that takes a receipt's discount back.</summary>
    public const string DiscountName = "Chiết khấu thương mại";

    /// <summary>Judges goods that come back, before anything is worked out from them: what breaks a rule cannot be turned round.</summary>
    /// <param name="goods">What comes back, as a register or a person states it.</param>
    /// <param name="kind">Kind of invoice that the device issues.</param>
    /// <returns>Every rule that they break; empty if none.</returns>
    public static ImmutableArray<RuleFault> Judge(Sale goods, InvoiceKind kind)
    {
        ArgumentNullException.ThrowIfNull(goods);
        FaultList faults = new();
        _ = InvoiceRules.JudgeSale(goods, kind, isAdjustment: goods.ReceiptDiscount == Money.Zero, ref faults);
        return faults.ToImmutable();
    }

    /// <summary>Undoes a whole sale.</summary>
    /// <param name="sale">As it was rung up, judged: each line names its rate.</param>
    /// <param name="key">Key of the record that undoes it.</param>
    public static Sale Of(Sale sale, in SaleKey key)
    {
        ArgumentNullException.ThrowIfNull(sale);
        return sale with
        {
            Key = key,
            RecordHash = null,
            Lines = [.. sale.Lines.Select(Negative), .. Discounts(sale)],
            ReceiptDiscount = Money.Zero,
            Payments = [.. sale.Payments.Select(payment => payment with { Amount = -payment.Amount })],
            Total = -sale.Total,
        };
    }

    private static SaleLine Negative(SaleLine line) => line with { Quantity = -line.Quantity, Amount = -line.Amount };

    private static IEnumerable<SaleLine> Discounts(Sale sale)
    {
        if (sale.ReceiptDiscount == Money.Zero)
        {
            yield break;
        }

        List<(TaxRate Rate, long Amount)> before = TaxCalculation.SumByRate(sale);
        List<(TaxRate Rate, long Amount)> after = TaxCalculation.SumByRate(sale);
        TaxCalculation.TakeOff(after, sale.ReceiptDiscount.Dong);
        for (int i = 0; i < before.Count; i++)
        {
            long share = before[i].Amount - after[i].Amount;
            if (share != 0)
            {
                yield return new()
                {
                    Name = DiscountName,
                    Quantity = 0,
                    UnitPrice = 0,
                    Rate = before[i].Rate,
                    Nature = LineNature.TradeDiscount,
                    Amount = new(share),
                };
            }
        }
    }
}
