using System.Collections.Immutable;
using System.Globalization;
using Invoicing.Amounts;
using Invoicing.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Registers.Receipts;

/// <summary>The judgement: whether what was found is a sale.</summary>
internal sealed partial class ReceiptDraft
{
    /// <summary>Says what the print is.</summary>
    internal ReceiptReading Judge()
    {
        (CaptureClass found, string text) = Class();
        (string? key, string? noKey) = Key();
        if (found == CaptureClass.Sale && key is null)
        {
            (found, text) = (CaptureClass.NoReceiptNumber, noKey!);
        }

        ImmutableArray<Payment> paid = Paid();
        return Headed(new(found, text)) with
        {
            Key = key,
            UnreadAmounts = _unreadAmounts,
            PaysOtherwise = paid.IsEmpty && _payments.Count > 0,
            Lines = [.. _lines],
            ReceiptDiscount = new(_discount),
            Subtotal = _subtotals.Count == 0 ? null : new(_subtotals[0]),
            Tax = _tax is { } tax ? new(tax) : null,
            Total = _totals.Count == 0 ? null : new(_totals[0]),
            Payments = paid,
            PricesIncludeTax = template.PricesIncludeTax,
        };
    }

    /// <summary>A reading with what stands in the print's head.</summary>
    internal ReceiptReading Headed(ReceiptReading reading) => reading with
    {
        Number = Number is { Length: <= LongestNumber } ? Number : null,
        Scope = Date is { } day && ScopeFormat is { } format ? day.ToString(format, CultureInfo.InvariantCulture) : string.Empty,
        ClosedAt = Date is { } date ? new DateTimeOffset(date.ToDateTime(Time ?? TimeOnly.MinValue), VietnamTime.Offset) : null,
        Cashier = Cashier,
    };

    /// <summary>How a date is written that numbers begin anew with.</summary>
    private string? ScopeFormat => template.Scope switch
    {
        NumberScope.Year => "yyyy",
        NumberScope.Month => "yyyy-MM",
        NumberScope.Day => "yyyy-MM-dd",
        _ => null,
    };

    private (CaptureClass Class, string Text) Class()
    {
        bool isReceipt = IsStarted || HasItems || _totals.Count > 0 || Number is not null || _amounts > 0 || _trouble is not null;
        if (!isReceipt)
        {
            return (CaptureClass.Other, "no line of it is one of a receipt");
        }

        if (_totals.Count == 0)
        {
            return (CaptureClass.NotRead, _trouble ?? $"expected a line with the total, found none behind {_lines.Count} lines of goods; change the template's 'total'");
        }

        if (!HasItems)
        {
            return (CaptureClass.NotRead, _trouble ?? $"expected lines of goods for the total of {Show(_totals[0])}, found none; change the template's 'items'");
        }

        return Differing() is { } differing ? (CaptureClass.TotalsDiffer, differing) : (CaptureClass.Sale, $"{_lines.Count} lines come to {Show(_totals[0])}");
    }

    /// <summary>The hard check: lines − discounts (+ tax where prices are without it) = printed total.</summary>
    private string? Differing()
    {
        if (_trouble is not null)
        {
            return _trouble;
        }

        long total = _totals[0];
        foreach (long other in _totals)
        {
            if (other != total)
            {
                return $"expected one total, found {Show(total)} and {Show(other)}";
            }
        }

        decimal lines = _lines.Sum(line => (decimal)line.Amount.Dong);
        decimal tax = template.PricesIncludeTax ? 0 : _tax ?? 0;
        decimal sum = lines - _discount + tax;
        if (sum != total)
        {
            string taxed = template.PricesIncludeTax ? string.Empty : $" + tax {Show(tax)}";
            return $"the lines come to {Show(lines)} - discount {Show(_discount)}{taxed} = {Show(sum)}, and the printed total is {Show(total)}";
        }

        foreach (long subtotal in _subtotals)
        {
            if (subtotal != lines && (template.SubtotalIsBeforeDiscount || (subtotal != lines - _discount && subtotal != total)))
            {
                return $"the lines come to {Show(lines)}, and the printed subtotal is {Show(subtotal)}";
            }
        }

        return null;
    }

    private (string? Key, string? Trouble) Key()
    {
        if (string.IsNullOrWhiteSpace(Number))
        {
            return (null, "expected a receipt number, found none: a reprint could not be told from it; change the template's 'number'");
        }

        if (Number.Length > LongestNumber)
        {
            return (null, $"expected a receipt number of at most {LongestNumber} characters, found {Number.Length}");
        }

        if (template.Scope == NumberScope.Ever)
        {
            return (Number, null);
        }

        if (Date is not { } date)
        {
            return (null, $"expected a date beside receipt number {Number}, whose numbers begin again, found none; change the template's 'date'");
        }

        if (template.Scope == NumberScope.Time)
        {
            return Time is { } time
                ? ($"{date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} {time.ToString("HH:mm:ss", CultureInfo.InvariantCulture)}/{Number}", null)
                : (null, $"expected a time beside receipt number {Number}, whose numbers begin again at any moment, found none; change the template's 'time'");
        }

        return ($"{date.ToString(ScopeFormat, CultureInfo.InvariantCulture)}/{Number}", null);
    }

    /// <summary>Payments with the change taken off the cash; none if they do not come to the total, for then they were not all read.</summary>
    private ImmutableArray<Payment> Paid()
    {
        if (_totals.Count == 0)
        {
            return [];
        }

        List<Payment> payments = [.. _payments];
        decimal over = payments.Sum(payment => (decimal)payment.Amount.Dong) - _totals[0];
        int cash = payments.FindIndex(payment => payment.Means == PaymentMeans.Cash);
        if (over > 0 && (_change == 0 || _change == over) && cash >= 0 && payments[cash].Amount.Dong >= over)
        {
            payments[cash] = payments[cash] with { Amount = new(payments[cash].Amount.Dong - (long)over) };
            over = 0;
        }

        return over == 0 ? [.. payments.Where(payment => payment.Amount != Money.Zero)] : [];
    }
}
