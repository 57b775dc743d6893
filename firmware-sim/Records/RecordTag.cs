namespace FirmwareSim.Records;

/// <summary>Tags of a record and of its groups, TLK/1 §4.</summary>
internal static class RecordTag
{
    public const byte Kind = 0x01;
    public const byte Closed = 0x02;
    public const byte Confidence = 0x03;
    public const byte Previous = 0x04;
    public const byte CodeFrom = 0x05;
    public const byte Lease = 0x06;
    public const byte Code = 0x07;
    public const byte Series = 0x08;
    public const byte Number = 0x09;
    public const byte Receipt = 0x0A;
    public const byte Cashier = 0x0B;
    public const byte Exponent = 0x0C;
    public const byte PricesIncludeTax = 0x0E;
    public const byte Line = 0x10;
    public const byte Discount = 0x11;
    public const byte Payment = 0x12;
    public const byte TaxTotal = 0x14;
    public const byte Total = 0x15;
    public const byte Remark = 0x18;
    public const byte Since = 0x1A;
    public const byte Buyer = 0x1E;

    public const byte LineNo = 0x01;
    public const byte LineCode = 0x02;
    public const byte LineName = 0x03;
    public const byte LineUnit = 0x04;
    public const byte LineQuantity = 0x05;
    public const byte LinePrice = 0x06;
    public const byte LineDiscount = 0x07;
    public const byte LineTaxClass = 0x08;
    public const byte LineRate = 0x09;
    public const byte LineAmount = 0x0A;
    public const byte LineNature = 0x0B;
    public const byte LineDepartment = 0x0C;
    public const byte LineSpecial = 0x0D;

    public const byte SpecialKind = 0x01;
    public const byte SpecialIdentity = 0x02;
    public const byte SpecialEngine = 0x03;

    public const byte BuyerBlind = 0x01;
    public const byte BuyerName = 0x02;
    public const byte BuyerTaxCode = 0x03;
    public const byte BuyerAddress = 0x04;
    public const byte BuyerPerson = 0x05;
    public const byte BuyerPhone = 0x08;

    public const byte DiscountAmount = 0x01;
    public const byte DiscountText = 0x02;
    public const byte DiscountPercent = 0x03;

    public const byte PaymentMeans = 0x01;
    public const byte PaymentAmount = 0x02;
    public const byte PaymentReference = 0x03;

    public const byte TaxClass = 0x01;
    public const byte TaxRate = 0x02;
    public const byte TaxNet = 0x03;
    public const byte TaxAmount = 0x04;
}
