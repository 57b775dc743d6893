using System.Collections.Immutable;
using System.Globalization;
using Invoicing.Amounts;
using Invoicing.Sales;

namespace Invoicing.Registers.Eutron.Records;

/// <summary>The goods of a receipt, added up in one reading of its signs. One thread at a time.</summary>
internal sealed class ReceiptSum
{
    /// <summary>Name of the line that a surcharge on the whole receipt becomes.</summary>
    private const string Surcharge = "Phụ thu";

    /// <summary>Quantities are in thousandths.</summary>
    private const decimal Scale = 1_000m;

    private readonly List<SaleLine> _lines = [];
    private readonly PluTable _names;
    private long _subtotal;

    private ReceiptSum(PluTable names) => _names = names;

    /// <summary>What the lines and discounts come to.</summary>
    public long Total => _lines.Sum(line => line.Amount.Dong) + _subtotal;

    /// <summary>What was taken off the whole receipt, not negative.</summary>
    public Money ReceiptDiscount => new(Math.Max(0, -_subtotal));

    /// <summary>Adds up a receipt.</summary>
    /// <returns><see langword="null"/> if an amount or quantity is no number.</returns>
    public static ReceiptSum? Of(LogReceipt receipt, PluTable names, SignReading reading)
    {
        ReceiptSum sum = new(names);
        foreach (FlowRecord record in receipt.Records)
        {
            if (!sum.Take(record, reading))
            {
                return null;
            }
        }

        return sum;
    }

    /// <summary>The lines, with a surcharge on the receipt as one of them.</summary>
    /// <param name="isReturned">Whether goods come back: signs are turned around, as a refund states them.</param>
    /// <param name="rate">The rate of all lines; <see langword="null"/> if the register does not say.</param>
    public ImmutableArray<SaleLine> Lines(bool isReturned, TaxRate? rate)
    {
        IEnumerable<SaleLine> lines = _subtotal <= 0 ? _lines : _lines.Append(Goods(Surcharge, null, null, 1_000, _subtotal));
        return [.. lines.Select(line => Priced(line with { Rate = rate }, isReturned ? -1 : 1))];
    }

    /// <summary>The price follows from what was paid: the log has no prices.</summary>
    private static SaleLine Priced(SaleLine line, int sign)
    {
        decimal worth = Math.Abs(line.Amount.Dong) + line.Discount.Dong;
        return line with
        {
            Quantity = sign * line.Quantity,
            Amount = new(sign * line.Amount.Dong),
            UnitPrice = line.Quantity == 0 ? 0 : decimal.Round(worth / Math.Abs(line.Quantity), 6),
        };
    }

    private static SaleLine Goods(string name, string? code, string? department, long thousandths, long amount) => new()
    {
        Code = code,
        Name = name,
        Quantity = thousandths / Scale,
        UnitPrice = 0,
        Rate = null,
        Department = department,
        Amount = new(amount),
    };

    private static bool IsNegative(in FlowRecord record, SignReading reading) =>
        reading == SignReading.Turned ? record.IsNegative != record.IsCancelled : record.IsNegative;

    private bool Take(in FlowRecord record, SignReading reading)
    {
        int sign = IsNegative(record, reading) ? -1 : 1;
        switch (record.Type)
        {
            case FlowType.Department or FlowType.Plu:
                if (record.Amount is not { } amount || record.Quantity is not { } quantity || (record.Type == FlowType.Plu && record.Article is null))
                {
                    return false;
                }

                string? code = record.Article?.ToString(CultureInfo.InvariantCulture);
                string name = record.Article is { } article ? _names.NameOf(article) ?? string.Empty : string.Empty;
                string department = record.Department.ToString(CultureInfo.InvariantCulture);
                _lines.Add(Goods(name, code, department, sign * quantity, sign * amount));
                return true;
            case FlowType.DiscountPercent or FlowType.DiscountAmount:
                return record.Amount is { } discount && OnLine(record.Article, sign * discount);
            case FlowType.SubtotalPercent or FlowType.SubtotalAmount:
                _subtotal += sign * (record.Amount ?? 0);
                return record.Amount is not null;
            default:
                return true;
        }
    }

    /// <summary>Puts a discount or surcharge on the last line of its article, or else on the last line.</summary>
    private bool OnLine(long? article, long change)
    {
        string? code = article?.ToString(CultureInfo.InvariantCulture);
        int at = _lines.FindLastIndex(line => line.Code is not null && line.Code == code);
        at = at < 0 ? _lines.Count - 1 : at;
        if (at < 0)
        {
            return false;
        }

        // A discount brings the amount nearer to 0, on a line that comes back too; what goes beyond the discount is a higher price.
        SaleLine line = _lines[at];
        long off = line.Amount.Dong >= 0 ? -change : change;
        _lines[at] = line with
        {
            Amount = new(line.Amount.Dong + change),
            Discount = new(Math.Max(0, line.Discount.Dong + off)),
        };
        return true;
    }
}
