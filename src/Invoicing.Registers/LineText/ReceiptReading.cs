using Invoicing.Sales;

namespace Invoicing.Registers.LineText;

/// <summary>What a reader found in a receipt's lines.</summary>
/// <param name="Class">What it is.</param>
/// <param name="Text">Why, for people.</param>
internal sealed record ReceiptReading(CaptureClass Class, string Text)
{
    /// <summary>What makes the receipt unique on this register; <see langword="null"/> if nothing does.</summary>
    public string? ReceiptKey { get; init; }

    /// <summary>Of a <see cref="CaptureClass.Sale"/>: the sale, whose key is given to it later.</summary>
    public Sale? Sale { get; init; }
}
