using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Registers.Tlk.Records;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>What the kit reads of a record: its kind, its links and who gave the code. TLK/1 §4.</summary>
internal sealed record RecordView(byte Kind, DateTimeOffset Closed, byte[]? Previous, GivenResult? Leased, ulong Lease, DateTimeOffset? Since, string? Fault)
{
    internal const byte Sale = 1;
    internal const byte Refund = 3;
    internal const byte ClockSet = 6;

    private const int MostKind = 9;

    internal bool IsSale => Kind is Sale or Refund;

    internal static RecordView Read(ReadOnlyMemory<byte> bytes)
    {
        TlvFault faults = new();
        TlvGroup fields = new(
            bytes,
            "record",
            [
                RecordTag.Kind, RecordTag.Closed, RecordTag.Confidence, RecordTag.Previous, RecordTag.CodeFrom, RecordTag.Lease, RecordTag.Code,
                RecordTag.Series, RecordTag.Number, RecordTag.Receipt, RecordTag.Cashier, RecordTag.Exponent, RecordTag.Currency,
                RecordTag.PricesIncludeTax, RecordTag.Line, RecordTag.Discount, RecordTag.Payment, RecordTag.TaxTotal, RecordTag.Total,
                RecordTag.RefEpoch, RecordTag.RefSeq, RecordTag.Remark, RecordTag.ZNumber, RecordTag.Since, RecordTag.Count, RecordTag.Buyer,
            ],
            [RecordTag.Line, RecordTag.Discount, RecordTag.Payment, RecordTag.TaxTotal],
            faults);
        byte kind = fields.U8(RecordTag.Kind, Sale, MostKind);
        bool isSale = kind is Sale or Refund;
        DateTimeOffset closed = fields.Time(RecordTag.Closed);
        _ = fields.U8(RecordTag.Confidence);
        byte[]? previous = fields.Has(RecordTag.Previous) ? fields.Bytes(RecordTag.Previous, 16, 16).ToArray() : null;
        bool isLeased = isSale && fields.U8(RecordTag.CodeFrom, 0, 1) == 1;
        GivenResult? leased = isLeased
            ? new(
                ResultTag.Issued,
                fields.Text(RecordTag.Code, ResultTag.CodeLength),
                fields.Text(RecordTag.Series, ResultTag.SeriesLength),
                fields.U32(RecordTag.Number, 1, ResultTag.LargestNumber))
            : null;
        ulong lease = isLeased ? fields.U64(RecordTag.Lease, 1) : 0;
        DateTimeOffset? since = kind == ClockSet ? fields.Time(RecordTag.Since) : null;
        if (isSale)
        {
            NoteSale(fields, isLeased);
        }

        return new(kind, closed, previous, leased, lease, since, faults.First);
    }

    private static void NoteSale(TlvGroup fields, bool isLeased)
    {
        foreach (byte tag in (ReadOnlySpan<byte>)[RecordTag.Lease, RecordTag.Code, RecordTag.Series, RecordTag.Number])
        {
            if (!isLeased && fields.Has(tag))
            {
                fields.Note(tag, "nothing, as the gateway gives the code", "it");
            }
        }

        _ = fields.Text(RecordTag.Receipt, 32);
        _ = fields.U8(RecordTag.Exponent, 0, 4);
        _ = fields.U8(RecordTag.PricesIncludeTax, 0, 1);
        _ = fields.S64(RecordTag.Total, 0);
        if (!fields.Has(RecordTag.Line))
        {
            fields.Note(RecordTag.Line, "at least one line", "none");
        }
    }
}
