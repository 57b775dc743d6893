using System.Collections.Immutable;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk.Records;

/// <summary>A register's own totals in a day close (Z). TLK/1 §4.</summary>
internal static class TotalsReader
{
    private const int MaxParts = 16;

    /// <summary>Reads the totals; faults go where the record's faults go.</summary>
    internal static StatedTotals Read(TlvGroup record, TlvFault fault)
    {
        _ = record.U32(RecordTag.ZNumber);
        _ = record.Time(RecordTag.Since);
        if (record.All(RecordTag.TaxTotal).Count() > MaxParts || record.All(RecordTag.Payment).Count() > MaxParts)
        {
            record.Note(RecordTag.TaxTotal, $"at most {MaxParts} tax totals and payments", "more");
        }

        ImmutableArray<StatedTax> taxes = [.. record.All(RecordTag.TaxTotal).Take(MaxParts).Select(bytes => Tax(bytes, fault))];
        ImmutableArray<Payment> payments = [.. record.All(RecordTag.Payment).Take(MaxParts).Select(bytes => SaleReader.Paid(bytes, fault))];
        return new(record.U32(RecordTag.Count), new(record.S64(RecordTag.Total, 0)), taxes, payments);
    }

    private static StatedTax Tax(ReadOnlyMemory<byte> bytes, TlvFault fault)
    {
        TlvGroup total = new(bytes, "tax total", [1, 2, 3, 4], [], fault);
        return new(TaxClasses.Read(total, 1, 2), new(total.S64(3)), new(total.S64(4)));
    }
}
