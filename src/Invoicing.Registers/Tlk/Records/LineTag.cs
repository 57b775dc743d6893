namespace Invoicing.Registers.Tlk.Records;

/// <summary>Tags of a record's line. TLK/1 §4.</summary>
internal static class LineTag
{
    internal const byte No = 0x01;
    internal const byte Code = 0x02;
    internal const byte Name = 0x03;
    internal const byte Unit = 0x04;
    internal const byte Quantity = 0x05;
    internal const byte Price = 0x06;
    internal const byte Discount = 0x07;
    internal const byte TaxClass = 0x08;
    internal const byte Rate = 0x09;
    internal const byte Amount = 0x0A;
    internal const byte Nature = 0x0B;
    internal const byte Department = 0x0C;
    internal const byte Special = 0x0D;
}
