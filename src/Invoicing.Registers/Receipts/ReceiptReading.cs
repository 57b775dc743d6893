using System.Collections.Immutable;
using Invoicing.Amounts;
using Invoicing.Hashing;
using Invoicing.Sales;

namespace Invoicing.Registers.Receipts;

/// <summary>What a template found in the lines of one print.</summary>
/// <param name="Class">What the print is, as far as its text tells; whether its number was seen before, it does not.</param>
/// <param name="Text">Why, in one sentence for people.</param>
internal sealed record ReceiptReading(CaptureClass Class, string Text)
{
    /// <summary>The receipt's number as printed.</summary>
    internal string? Number { get; init; }

    /// <summary>What makes the receipt unique on its till: the number, with the date as far as numbers begin again.</summary>
    internal string? Key { get; init; }

    /// <summary>When it was closed, by the till's clock, in Vietnam's time.</summary>
    internal DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Who sold.</summary>
    internal string? Cashier { get; init; }

    /// <summary>The goods.</summary>
    internal ImmutableArray<SaleLine> Lines { get; init; } = [];

    /// <summary>Discount on the whole receipt, not negative.</summary>
    internal Money ReceiptDiscount { get; init; }

    /// <summary>The printed subtotal, if there is one.</summary>
    internal Money? Subtotal { get; init; }

    /// <summary>Sum of the printed tax lines, if there are any.</summary>
    internal Money? Tax { get; init; }

    /// <summary>The printed total, if there is one.</summary>
    internal Money? Total { get; init; }

    /// <summary>How it was paid, change taken off; empty if that does not come to the total.</summary>
    internal ImmutableArray<Payment> Payments { get; init; } = [];

    /// <summary>Whether line amounts contain tax.</summary>
    internal bool PricesIncludeTax { get; init; } = true;

    /// <summary>The sale that the receipt tells of, under a key.</summary>
    /// <exception cref="InvalidOperationException">The reading is no sale.</exception>
    internal Sale ToSale(SaleKey key, Sha256Hash? hash) => Class != CaptureClass.Sale || Total is not { } total
        ? throw new InvalidOperationException($"expected the reading of a sale, found {Class}: {Text}")
        : new()
        {
            Key = key,
            RecordHash = hash,
            ReceiptNumber = Number,
            ClosedAt = ClosedAt,
            Clock = ClosedAt is null ? ClockConfidence.Unknown : ClockConfidence.Set,
            Cashier = Cashier,
            Lines = Lines,
            ReceiptDiscount = ReceiptDiscount,
            Payments = Payments,
            Total = total,
            PricesIncludeTax = PricesIncludeTax,
        };
}
