using System.Collections.Immutable;
using Invoicing.Amounts;
using Invoicing.Hashing;

namespace Invoicing.Sales;

/// <summary>What was rung up, exactly as the register reported it.</summary>
/// <remarks>
/// Nothing here is corrected or completed: rules judge a sale when it becomes an invoice. Immutable. Two sales are the same sale if
/// their <see cref="Key"/> is; they have the same content if their <see cref="RecordHash"/> is. Do not compare by <c>==</c>.
/// </remarks>
public sealed record Sale
{
    private readonly ImmutableArray<SaleLine> _lines = [];
    private readonly ImmutableArray<Payment> _payments = [];

    /// <summary>Register, epoch, sequence.</summary>
    public required SaleKey Key { get; init; }

    /// <summary>
    /// SHA-256 of the record as the register wrote it. <see langword="null"/> lets the gateway hash the sale's content instead, which is
    /// right for a register that has no bytes of its own (an embedder's object in memory).
    /// </summary>
    public Sha256Hash? RecordHash { get; init; }

    /// <summary>Number that the register printed on its receipt, at most 32 characters.</summary>
    public string? ReceiptNumber { get; init; }

    /// <summary>When the receipt was closed, by the register's clock; <see langword="null"/> where it has none.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>How far <see cref="ClosedAt"/> may be believed.</summary>
    public ClockConfidence Clock { get; init; }

    /// <summary>Name or number of the cashier, at most 50 characters.</summary>
    public string? Cashier { get; init; }

    /// <summary>The lines, in the order of the receipt. Never <c>default</c>.</summary>
    public ImmutableArray<SaleLine> Lines
    {
        get => _lines;
        init => _lines = value.IsDefault ? [] : value;
    }

    /// <summary>Discount on the whole receipt, not negative, already taken off <see cref="Total"/>.</summary>
    public Money ReceiptDiscount { get; init; }

    /// <summary>How it was paid. Never <c>default</c>.</summary>
    public ImmutableArray<Payment> Payments
    {
        get => _payments;
        init => _payments = value.IsDefault ? [] : value;
    }

    /// <summary>The printed total. It is the truth and is never changed (design.md 5.11).</summary>
    public required Money Total { get; init; }

    /// <summary>Who bought; <see langword="null"/> where the buyer did not ask to be named.</summary>
    public Buyer? Buyer { get; init; }

    /// <summary>Whether line amounts contain VAT, as shelf prices in Vietnamese shops do.</summary>
    public bool PricesIncludeTax { get; init; } = true;
}
