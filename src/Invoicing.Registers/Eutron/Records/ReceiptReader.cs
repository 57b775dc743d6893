using System.Collections.Immutable;
using System.Globalization;
using Invoicing.Amounts;
using Invoicing.Sales;

namespace Invoicing.Registers.Eutron.Records;

/// <summary>Makes a register's record of a receipt of the log. Pure.</summary>
/// <remarks>
/// What adds up to the printed total is a sale, or a refund where the total is negative; what does not is a sale that cannot be read and says
/// why. Nothing is corrected. Source: registers.md §3.1; the rules stand in <c>Eutron/README.md</c>.
/// </remarks>
internal static class ReceiptReader
{
    private static readonly TimeSpan Vietnam = TimeSpan.FromHours(7);

    /// <summary>Reads a receipt.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <param name="key">Its place in the register's line of records.</param>
    /// <param name="names">Names of the articles when it was rung up.</param>
    /// <param name="tenders">What the register's tender keys mean, from index 1.</param>
    public static RegisterRecord Read(LogReceipt receipt, SaleKey key, PluTable names, ImmutableArray<PaymentMeans> tenders)
    {
        RegisterRecord record = new() { Key = key, Kind = RecordKind.NoSale, Hash = receipt.Hash, Bytes = receipt.Bytes, At = ClosedAt(receipt) };
        if (!receipt.IsClosed)
        {
            return record with { Kind = RecordKind.PowerLoss, Remark = $"receipt {receipt.Number:000000} was begun and never closed" };
        }

        if (receipt.Records.Any(part => part.Type == FlowType.TotalVoid))
        {
            return record with { Remark = $"receipt {receipt.Number:000000} was voided before it was closed" };
        }

        if (!receipt.Records.Any(part => part.Type is FlowType.Department or FlowType.Plu))
        {
            return WithoutGoods(receipt, record);
        }

        return receipt.Records[^1].Amount is { } printed
            ? Goods(receipt, record, receipt.Records[^1].IsNegative ? -printed : printed, names, tenders)
            : Unreadable(record, "a printed total in digits", "other bytes");
    }

    private static RegisterRecord WithoutGoods(LogReceipt receipt, RegisterRecord record)
    {
        FlowRecord? mode = receipt.Records.Cast<FlowRecord?>().FirstOrDefault(part => part!.Value.Type == FlowType.Lock);
        return mode is { } key ? record with { Kind = RecordKind.DayClose, Remark = $"key position {key.Operator}" }
            : receipt.Records.Any(part => part.Type == FlowType.PaidOut) ? record with { Remark = "cash paid in or out" }
            : receipt.Records[^1].Amount is 0 ? record with { Remark = "nothing was sold" }
            : Unreadable(record, $"goods that come to {receipt.Records[^1].Amount}", "none");
    }

    private static RegisterRecord Goods(
        LogReceipt receipt, RegisterRecord record, long printed, PluTable names, ImmutableArray<PaymentMeans> tenders)
    {
        long? tax = TaxOf(receipt);
        var first = ReceiptSum.Of(receipt, names, SignReading.Turned);
        if (first is null || tax is not { } taxes)
        {
            return Unreadable(record, "amounts and quantities in digits", "other bytes");
        }

        ReceiptSum? fits = Fitting(receipt, first, printed, taxes, names, out bool includesTax);
        if (fits is null)
        {
            return receipt.Records[^1].IsNegative
                ? record with { Remark = $"receipt {receipt.Number:000000} was voided before it was closed" }
                : Unreadable(record, $"lines that add up to the printed total {printed}", $"{first.Total}");
        }

        bool isReturned = printed < 0;
        Sale sale = new()
        {
            Key = record.Key,
            RecordHash = record.Hash,
            ReceiptNumber = receipt.Number.ToString("D6", CultureInfo.InvariantCulture),
            ClosedAt = record.At,
            Clock = record.At is null ? ClockConfidence.Unknown : ClockConfidence.Set,
            Cashier = receipt.Records[0].Operator.ToString(CultureInfo.InvariantCulture),
            Lines = fits.Lines(isReturned, RateOf(receipt, Math.Abs(printed))),
            ReceiptDiscount = fits.ReceiptDiscount,
            Payments = Payments(receipt, printed, tenders),
            Total = new(Math.Abs(printed)),
            PricesIncludeTax = includesTax,
        };
        return record with { Kind = isReturned ? RecordKind.Refund : RecordKind.Sale, Sale = sale };
    }

    /// <summary>The reading of the signs, and of the tax, that comes to the printed total; the protocol's own first.</summary>
    private static ReceiptSum? Fitting(
        LogReceipt receipt, ReceiptSum turned, long printed, long taxes, PluTable names, out bool includesTax)
    {
        includesTax = true;
        ReceiptSum asSaid = ReceiptSum.Of(receipt, names, SignReading.AsSaid)!;
        foreach (ReceiptSum sum in new[] { turned, asSaid })
        {
            if (sum.Total == printed)
            {
                return sum;
            }
        }

        includesTax = false;
        return turned.Total + taxes == printed ? turned : asSaid.Total + taxes == printed ? asSaid : null;
    }

    /// <summary>What the register's taxes come to; <see langword="null"/> if they are no numbers.</summary>
    private static long? TaxOf(LogReceipt receipt)
    {
        long sum = 0;
        foreach (FlowRecord tax in receipt.Records.Where(part => part.Type == FlowType.Tax))
        {
            if (tax.Tax is not { } amount || tax.Amount is null || tax.Rate is null)
            {
                return null;
            }

            sum += tax.IsNegative ? -amount : amount;
        }

        return sum;
    }

    /// <summary>
    /// The rate of every line, where the register tells one tax that covers the whole receipt. Its lines name no tax, so of several only
    /// the shop's catalogue can tell which is whose.
    /// </summary>
    private static TaxRate? RateOf(LogReceipt receipt, long printed)
    {
        FlowRecord[] taxes = [.. receipt.Records.Where(part => part.Type == FlowType.Tax)];
        if (taxes is not [{ Amount: { } net, Tax: { } tax, Rate: { } rate }] || rate > 9_999 || (net + tax != printed && net != printed))
        {
            return null;
        }

        return rate switch
        {
            0 => TaxRate.Zero,
            500 => TaxRate.Five,
            800 => TaxRate.Eight,
            1_000 => TaxRate.Ten,
            _ => TaxRate.Other((int)rate),
        };
    }

    /// <summary>How it was paid, change taken off; what was given beyond the total without change being told is taken off cash.</summary>
    private static ImmutableArray<Payment> Payments(LogReceipt receipt, long printed, ImmutableArray<PaymentMeans> tenders)
    {
        Dictionary<PaymentMeans, long> paid = [];
        foreach (FlowRecord tend in receipt.Records.Append(receipt.Tend ?? default).Where(part => part.Type == FlowType.Tend))
        {
            foreach ((int index, long? amount) in tend.Tenders)
            {
                PaymentMeans means = index >= 1 && index <= tenders.Length ? tenders[index - 1] : PaymentMeans.Other;
                paid[means] = paid.GetValueOrDefault(means) + (amount ?? 0);
            }
        }

        long due = Math.Abs(printed);
        long surplus = paid.Values.Sum() - due;
        if (surplus > 0 && paid.TryGetValue(PaymentMeans.Cash, out long cash) && cash >= surplus)
        {
            paid[PaymentMeans.Cash] = cash - surplus;
        }

        return [.. paid.Where(part => part.Value != 0).OrderBy(part => part.Key).Select(part => new Payment(part.Key, new(Math.Abs(part.Value))))];
    }

    private static RegisterRecord Unreadable(RegisterRecord record, string expected, string found) =>
        record with { Kind = RecordKind.Sale, Unreadable = $"expected {expected}, found {found}" };

    /// <summary>END tells the minute, REGIS the second: within the same minute REGIS is the better one.</summary>
    private static DateTimeOffset? ClosedAt(LogReceipt receipt)
    {
        DateTime? began = receipt.Records[0].Time;
        DateTime? ended = receipt.IsClosed ? receipt.Records[^1].Time : began;
        DateTime? at = ended is { } end && began is { } start && start - end is { Ticks: >= 0 } late && late < TimeSpan.FromMinutes(1) ? start : ended ?? began;
        return at is { } local ? new DateTimeOffset(local, Vietnam) : null;
    }
}
