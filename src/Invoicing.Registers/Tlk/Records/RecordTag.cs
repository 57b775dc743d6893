namespace Invoicing.Registers.Tlk.Records;

/// <summary>Tags of a record. TLK/1 §4.</summary>
internal static class RecordTag
{
    internal const byte Kind = 0x01;
    internal const byte Closed = 0x02;
    internal const byte Confidence = 0x03;
    internal const byte Previous = 0x04;
    internal const byte CodeFrom = 0x05;
    internal const byte Lease = 0x06;
    internal const byte Code = 0x07;
    internal const byte Series = 0x08;
    internal const byte Number = 0x09;
    internal const byte Receipt = 0x0A;
    internal const byte Cashier = 0x0B;
    internal const byte Exponent = 0x0C;
    internal const byte Currency = 0x0D;
    internal const byte PricesIncludeTax = 0x0E;
    internal const byte Line = 0x10;
    internal const byte Discount = 0x11;
    internal const byte Payment = 0x12;
    internal const byte TaxTotal = 0x14;
    internal const byte Total = 0x15;
    internal const byte RefEpoch = 0x16;
    internal const byte RefSeq = 0x17;
    internal const byte Remark = 0x18;
    internal const byte ZNumber = 0x19;
    internal const byte Since = 0x1A;
    internal const byte Count = 0x1B;
    internal const byte Buyer = 0x1E;
}
