using System.Collections.Immutable;
using System.Globalization;
using Invoicing.Amounts;
using Invoicing.Hashing;
using Invoicing.Sales;

namespace Invoicing.Registers.Datecs.Push;

/// <summary>A receipt put together from events. Immutable.</summary>
internal sealed record PushReceipt(string Register, ulong Number)
{
    /// <summary>Number of the day (Z) that it belongs to; empty while it is not known.</summary>
    public string Day { get; init; } = string.Empty;

    /// <summary>The packets, as they came.</summary>
    public ImmutableList<byte[]> Packets { get; init; } = [];

    /// <summary>Bytes of the packets.</summary>
    public int Length { get; init; }

    /// <summary>The lines.</summary>
    public ImmutableList<SaleLine> Lines { get; init; } = [];

    /// <summary>Discount on the subtotal.</summary>
    public Money Discount { get; init; }

    /// <summary>Payments.</summary>
    public ImmutableList<Payment> Payments { get; init; } = [];

    /// <summary>The total that the closing event states.</summary>
    public Money? Total { get; init; }

    /// <summary>The cashier's number.</summary>
    public string Cashier { get; init; } = string.Empty;

    /// <summary>Whether it was annulled.</summary>
    public bool IsAnnulled { get; init; }

    /// <summary>Whether it only moved cash into or out of the drawer.</summary>
    public bool IsCash { get; init; }

    /// <summary>Whether messages were lost, or may have been, between the receipt before it and this one.</summary>
    public bool IsAfterGap { get; init; }

    /// <summary>UN of its last event.</summary>
    public ulong? Counter { get; init; }

    /// <summary>What is missing of it; <see langword="null"/> if nothing is.</summary>
    public string? Torn { get; init; }

    /// <summary>What cannot be read of it; <see langword="null"/> if all can.</summary>
    public string? Fault { get; init; }

    /// <summary>Makes the record of it. One that lacks messages or cannot be read is kept with what came of it, for a person.</summary>
    public RegisterRecord ToRecord(SaleKey key)
    {
        byte[] bytes = [.. Packets.SelectMany(packet => packet)];
        var hash = Sha256Hash.Of(bytes);
        string? unreadable = Torn ?? Fault;
        if (IsAnnulled || IsCash)
        {
            return new()
            {
                Key = key,
                Kind = RecordKind.NoSale,
                Hash = hash,
                Bytes = bytes,
                Remark = IsAnnulled ? "a receipt annulled before it was closed" : "cash into or out of the drawer",
            };
        }

        Sale? sale = unreadable is null ? ToSale(key, hash) : null;
        return new()
        {
            Key = key,
            Kind = sale is null || Stated >= Money.Zero ? RecordKind.Sale : RecordKind.Refund,
            Hash = hash,
            Bytes = bytes,
            Sale = sale,
            Unreadable = unreadable,
        };
    }

    /// <summary>The total that the closing event states, or what was paid.</summary>
    private Money Stated => Total ?? Payments.Aggregate(Money.Zero, static (sum, payment) => sum + payment.Amount);

    /// <summary>A receipt that comes to less than nothing gives goods back: its quantities and amounts are turned around; discounts have no sign.</summary>
    private Sale ToSale(SaleKey key, Sha256Hash hash)
    {
        Money stated = Stated;
        bool isReturned = stated < Money.Zero;
        return new()
        {
            Key = key,
            RecordHash = hash,
            ReceiptNumber = Number.ToString(CultureInfo.InvariantCulture),
            Cashier = Cashier.Length is > 0 and <= 50 ? Cashier : null,
            Lines = isReturned
                ? [.. Lines.Select(line => line with { Quantity = -line.Quantity, Amount = -line.Amount })]
                : [.. Lines],
            ReceiptDiscount = Discount,
            Payments = isReturned ? [] : [.. Payments],
            Total = isReturned ? -stated : stated,
        };
    }
}
