using System.Collections.Immutable;
using Invoicing.Amounts;
using Invoicing.Hashing;
using Invoicing.Sales;

namespace Invoicing.Registers.Receipts;

/// <summary>What a template found in the lines of one print.</summary>
/// <param name="Class">What the print is, as far as its text tells; whether its number was seen before, it does not.</param>
/// <param name="Text">Why, in one sentence for people.</param>
public sealed record ReceiptReading(CaptureClass Class, string Text)
{
    /// <summary>Longest record's bytes (<see cref="RegisterRecord.Bytes"/>).</summary>
    internal const int LongestRecord = 64 * 1024;

    private const int LongestKey = 100; // of a book's receipt key

    /// <summary>The receipt's number as printed.</summary>
    public string? Number { get; init; }

    /// <summary>What makes the receipt unique on its till: the number, with the date as far as numbers begin again.</summary>
    public string? Key { get; init; }

    /// <summary>The day, month or year of <see cref="Key"/>, within which the till counts on; empty where it does not begin anew by its dates.</summary>
    internal string Scope { get; init; } = string.Empty;

    /// <summary>Lines among the goods that end with what may be an amount and that nothing reads.</summary>
    internal int UnreadAmounts { get; init; }

    /// <summary>Whether payments were found that, with the change taken off, do not come to the total.</summary>
    internal bool PaysOtherwise { get; init; }

    /// <summary>When it was closed, by the till's clock, in Vietnam's time.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Who sold.</summary>
    public string? Cashier { get; init; }

    /// <summary>The goods.</summary>
    public ImmutableArray<SaleLine> Lines { get; init; } = [];

    /// <summary>Discount on the whole receipt, not negative.</summary>
    public Money ReceiptDiscount { get; init; }

    /// <summary>The printed subtotal, if there is one.</summary>
    public Money? Subtotal { get; init; }

    /// <summary>Sum of the printed tax lines, if there are any.</summary>
    public Money? Tax { get; init; }

    /// <summary>The printed total, if there is one.</summary>
    public Money? Total { get; init; }

    /// <summary>How it was paid, change taken off; empty if that does not come to the total.</summary>
    public ImmutableArray<Payment> Payments { get; init; } = [];

    /// <summary>Whether line amounts contain tax.</summary>
    public bool PricesIncludeTax { get; init; } = true;

    /// <summary>What a book of captures has to know of the print.</summary>
    /// <remarks>
    /// What should have been readable and was not takes a record, too: a hole in the chain says that there was a print, and why it is no
    /// invoice. A torn print never takes the receipt's key, because the till prints the same receipt again.
    /// </remarks>
    /// <param name="mayHideSale">Whether prints of this class may hide a sale.</param>
    internal CaptureJudgement Judgement(bool mayHideSale)
    {
        bool hasKey = Class is CaptureClass.Sale or CaptureClass.TotalsDiffer && Key is { Length: <= LongestKey };
        return new(Class, Text, hasKey ? Key : null, Class == CaptureClass.Sale || mayHideSale);
    }

    /// <summary>The record of a print that took a place in the line of records.</summary>
    /// <param name="key">Its place.</param>
    /// <param name="piece">The print as it is kept.</param>
    /// <param name="bytes">What of its bytes goes into the record; always the same for the same print.</param>
    internal RegisterRecord ToRecord(SaleKey key, KeptCapture piece, ReadOnlyMemory<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, LongestRecord)];
        var hash = Sha256Hash.Of(bytes.Span);
        bool isSale = Class == CaptureClass.Sale && piece.Class is CaptureClass.Sale or CaptureClass.Unjudged;
        return new()
        {
            Key = key,
            Kind = RecordKind.Sale,
            Hash = hash,
            Bytes = bytes,
            Sale = isSale ? ToSale(key, hash) : null,
            Unreadable = isSale ? null
                : piece.Class == CaptureClass.Sale ? $"print {piece.Number} was read as a sale once, and is not any more: {Text}"
                : $"print {piece.Number}, {piece.Class}: {piece.Text}",
        };
    }

    /// <summary>The sale that the receipt tells of, under a key.</summary>
    /// <param name="key">Register, epoch, sequence of its record.</param>
    /// <param name="hash">Of the record's bytes; <see langword="null"/> where whoever takes the sale knows it.</param>
    /// <exception cref="InvalidOperationException">The reading is no sale.</exception>
    public Sale ToSale(SaleKey key, Sha256Hash? hash) => Class != CaptureClass.Sale || Total is not { } total
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
