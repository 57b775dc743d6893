using Invoicing.Hashing;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Sales;

namespace Invoicing.Registers.Tlk.Records;

/// <summary>Makes what the recorder takes of a record that arrived whole. Content that cannot be read never blocks the line. TLK/1 §4.</summary>
internal static class RecordReader
{
    private const byte Unreadable = 9;

    private static ReadOnlySpan<byte> Known =>
    [
        RecordTag.Kind, RecordTag.Closed, RecordTag.Confidence, RecordTag.Previous, RecordTag.CodeFrom, RecordTag.Lease, RecordTag.Code,
        RecordTag.Series, RecordTag.Number, RecordTag.Receipt, RecordTag.Cashier, RecordTag.Exponent, RecordTag.Currency,
        RecordTag.PricesIncludeTax, RecordTag.Line, RecordTag.Discount, RecordTag.Payment, RecordTag.TaxTotal, RecordTag.Total,
        RecordTag.RefEpoch, RecordTag.RefSeq, RecordTag.Remark, RecordTag.ZNumber, RecordTag.Since, RecordTag.Count, RecordTag.Buyer,
    ];

    private static ReadOnlySpan<byte> Repeated => [RecordTag.Line, RecordTag.Discount, RecordTag.Payment, RecordTag.TaxTotal];

    /// <summary>Reads a record.</summary>
    /// <param name="key">Register, epoch, sequence.</param>
    /// <param name="bytes">The whole record.</param>
    /// <param name="recovered">The result that came with it because of GET, or <see langword="null"/>.</param>
    internal static RegisterRecord Read(SaleKey key, ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte>? recovered)
    {
        TlvFault fault = new();
        TlvGroup fields = new(bytes, "record", Known, Repeated, fault);
        byte number = fields.U8(RecordTag.Kind);
        bool isKind = fields.Has(RecordTag.Kind) && number is >= (byte)RecordKind.Sale and <= (byte)RecordKind.NoSale;
        if (!isKind)
        {
            fields.Note(RecordTag.Kind, "a kind of 1..9", $"{number}");
        }

        // What is of no known kind may be a sale, so it is treated as one that could not be read: held for a person, never dropped.
        RecordKind kind = isKind ? (RecordKind)number : RecordKind.Sale;
        PrintedInvoice? printed = Printed(recovered, fault);
        LeasedInvoice? leased = kind is RecordKind.Sale or RecordKind.Refund ? Leased(bytes) : null;
        if (leased is not null && printed is not null && printed != leased.Printed)
        {
            fields.Note(RecordTag.Code, $"the leased code {leased.Printed.Code} in recovered", printed.Code);
        }

        Sale? sale = kind is RecordKind.Sale or RecordKind.Refund ? ReadSale(key, fields, fault) : null;
        SaleKey? reference = Reference(key, kind, fields);
        StatedTotals? stated = kind == RecordKind.DayClose ? TotalsReader.Read(fields, fault) : null;
        string remark = fields.Has(RecordTag.Remark) ? fields.Text(RecordTag.Remark, Tag.TextLength) : string.Empty;
        byte[] hashed = RecordHash.Hashed(key.Epoch, key.Sequence, bytes.Span);
        var hash = Sha256Hash.Of(hashed);
        return new()
        {
            Key = key,
            Kind = kind,
            Hash = hash,
            Bytes = hashed,
            Sale = fault.First is null && sale is not null ? sale with { RecordHash = hash } : null,
            Unreadable = kind is RecordKind.Sale or RecordKind.Void or RecordKind.Refund ? fault.First : null,
            Reference = fault.First is null ? reference : null,
            Stated = fault.First is null ? stated : null,
            At = fields.Has(RecordTag.Closed) ? fields.Time(RecordTag.Closed) : null,
            Remark = remark,
            IsRecovered = recovered is not null,
            Recovered = printed,
            Leased = leased,
        };
    }

    /// <summary>The remark of a record that the register lost (kind 9); <see langword="null"/> for every other record.</summary>
    internal static string? Lost(ReadOnlyMemory<byte> bytes)
    {
        TlvFault fault = new();
        TlvGroup fields = new(bytes, "record", [RecordTag.Kind, RecordTag.Remark], [], fault);
        if (!fields.Has(RecordTag.Kind) || fields.U8(RecordTag.Kind) != Unreadable)
        {
            return null;
        }

        string remark = fields.Has(RecordTag.Remark) ? fields.Text(RecordTag.Remark, Tag.TextLength) : string.Empty;
        return remark.Length == 0 ? "the register's journal does not read" : remark;
    }

    /// <summary>The sale that a void or refund takes back: of the same register, maybe of an older journal of it.</summary>
    private static SaleKey? Reference(SaleKey key, RecordKind kind, TlvGroup fields)
    {
        bool isNamed = kind == RecordKind.Void
            || (kind == RecordKind.Refund && (fields.Has(RecordTag.RefEpoch) || fields.Has(RecordTag.RefSeq)));
        return isNamed ? new(key.Register, fields.U64(RecordTag.RefEpoch), fields.U64(RecordTag.RefSeq, 1)) : null;
    }

    private static PrintedInvoice? Printed(ReadOnlyMemory<byte>? recovered, TlvFault fault)
    {
        if (recovered is not { } bytes)
        {
            return null;
        }

        PrintedInvoice? printed = RecoveredResult.Read(bytes, out string? wrong);
        if (wrong is not null)
        {
            fault.Note(wrong);
        }

        return printed;
    }

    private static Sale ReadSale(SaleKey key, TlvGroup fields, TlvFault fault)
    {
        if (fields.U8(RecordTag.CodeFrom, 0, 1) == 1)
        {
            _ = fields.U64(RecordTag.Lease, 1);
            _ = fields.Text(RecordTag.Code, ResultTag.CodeLength);
            _ = fields.Text(RecordTag.Series, ResultTag.SeriesLength);
            _ = fields.U32(RecordTag.Number, 1, ResultTag.LargestNumber);
        }

        return SaleReader.Read(key, fields, fault);
    }

    /// <summary>What a receipt bears, also of one that cannot be read otherwise: a code that a customer holds must not be lost with the sale.</summary>
    /// <returns><see langword="null"/> if the gateway gives the code, or if it cannot be read which one it is.</returns>
    private static LeasedInvoice? Leased(ReadOnlyMemory<byte> bytes)
    {
        TlvFault fault = new();
        TlvGroup fields = new(bytes, "record", Known, Repeated, fault);
        if (!fields.Has(RecordTag.CodeFrom) || fields.U8(RecordTag.CodeFrom, 0, 1) != 1)
        {
            return null;
        }

        LeasedInvoice leased = new(
            fields.U64(RecordTag.Lease, 1),
            new(
                fields.Text(RecordTag.Code, ResultTag.CodeLength),
                fields.Text(RecordTag.Series, ResultTag.SeriesLength),
                (int)fields.U32(RecordTag.Number, 1, ResultTag.LargestNumber)));
        return fault.First is null ? leased : null;
    }
}
