using System.Collections.Immutable;
using Invoicing.Amounts;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk.Records;

/// <summary>Makes a <see cref="Sale"/> of a record of kind SALE: exactly what was rung up, in the domain's types. TLK/1 §4.</summary>
internal static class SaleReader
{
    private const int MaxLines = 500;
    private const int MaxParts = 16;

    /// <summary>Reads the fields of a sale; faults go where the record's faults go.</summary>
    internal static Sale Read(SaleKey key, TlvGroup record, TlvFault fault)
    {
        if (record.U8(RecordTag.Exponent, 0, 4) != 0)
        {
            record.Note(RecordTag.Exponent, "0, as the đồng has no decimals", "another");
        }

        if (record.Has(RecordTag.Currency) && record.Text(RecordTag.Currency, 3) is not "VND" and string currency)
        {
            record.Note(RecordTag.Currency, "VND", $"'{currency}'");
        }

        ImmutableArray<SaleLine> lines =
            [.. Parts(record, RecordTag.Line, 1, MaxLines).Select((bytes, index) => LineReader.Read(bytes, index + 1, fault))];
        CheckTaxTotals(record, lines.Any(line => line.Rate is null) ? 0 : 1, fault);
        return new()
        {
            Key = key,
            ReceiptNumber = record.Text(RecordTag.Receipt, 32),
            ClosedAt = record.Time(RecordTag.Closed),
            Clock = Confidence(record.U8(RecordTag.Confidence)),
            Cashier = record.Has(RecordTag.Cashier) ? record.Text(RecordTag.Cashier, 50) : null,
            PricesIncludeTax = record.U8(RecordTag.PricesIncludeTax, 0, 1) == 1,
            Lines = lines,
            ReceiptDiscount = Discounts(record, fault),
            Payments = [.. Parts(record, RecordTag.Payment, 0, MaxParts).Select(bytes => Paid(bytes, fault))],
            Total = new(record.S64(RecordTag.Total, 0)),
            Buyer = BuyerReader.Read(record),
        };
    }

    private static ClockConfidence Confidence(byte number) => number switch
    {
        1 => ClockConfidence.Set,
        2 => ClockConfidence.Synchronised,
        _ => ClockConfidence.Unknown,
    };

    private static List<ReadOnlyMemory<byte>> Parts(TlvGroup record, byte tag, int least, int most)
    {
        List<ReadOnlyMemory<byte>> parts = [.. record.All(tag)];
        if (parts.Count < least || parts.Count > most)
        {
            record.Note(tag, $"{least}..{most} of them", $"{parts.Count}");
        }

        return parts;
    }

    private static Money Discounts(TlvGroup record, TlvFault fault)
    {
        decimal sum = 0;
        foreach (ReadOnlyMemory<byte> bytes in Parts(record, RecordTag.Discount, 0, MaxParts))
        {
            TlvGroup discount = new(bytes, "receipt discount", [1, 2, 3], [], fault);
            sum += discount.S64(1, least: 1);
            if (discount.Has(2))
            {
                _ = discount.Text(2, 100);
            }

            if (discount.Has(3))
            {
                _ = discount.U16(3);
            }
        }

        if (sum <= long.MaxValue)
        {
            return new((long)sum);
        }

        record.Note(RecordTag.Discount, "a sum of 63 bits", $"{sum}");
        return Money.Zero;
    }

    /// <summary>Reads a payment.</summary>
    internal static Payment Paid(ReadOnlyMemory<byte> bytes, TlvFault fault)
    {
        TlvGroup payment = new(bytes, "payment", [1, 2, 3], [], fault);
        byte means = payment.U8(1, 1);
        if (payment.Has(3))
        {
            _ = payment.Text(3, 40);
        }

        return new(means <= (byte)PaymentMeans.Other ? (PaymentMeans)means : PaymentMeans.Other, new(payment.S64(2)));
    }

    /// <summary>The register's own sums by tax class have to be well formed; the invoice's are made from the lines.</summary>
    private static void CheckTaxTotals(TlvGroup record, int least, TlvFault fault)
    {
        foreach (ReadOnlyMemory<byte> bytes in Parts(record, RecordTag.TaxTotal, least, MaxParts))
        {
            TlvGroup total = new(bytes, "tax total", [1, 2, 3, 4], [], fault);
            _ = TaxClasses.Read(total, 1, 2);
            _ = total.S64(3);
            _ = total.S64(4);
        }
    }
}
