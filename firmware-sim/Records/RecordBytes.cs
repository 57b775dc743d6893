using FirmwareSim.Baskets;
using FirmwareSim.Bytes;

namespace FirmwareSim.Records;

/// <summary>Writes records, TLK/1 §4, tags in the table's order. The bytes never change once they are in the journal.</summary>
internal static class RecordBytes
{
    private const byte GatewayGivesCode = 0;
    private const byte RegisterGaveCode = 1;
    private const byte NoDecimals = 0;
    private const int PreviousLength = 16;

    /// <summary>The whole receipt of a basket.</summary>
    /// <param name="basket">What was rung up.</param>
    /// <param name="closed">When the receipt was closed, with the local offset.</param>
    /// <param name="previousHash">Hash of the record before; empty for the first.</param>
    /// <param name="leased">What was printed on it from a lease; null if the gateway gives the code.</param>
    public static byte[] Sale(Basket basket, DateTimeOffset closed, ReadOnlySpan<byte> previousHash, LeasedCode? leased = null)
    {
        TlvWriter record = StartSale(closed, previousHash, basket.Receipt, basket.Cashier, includesTax: true, leased);
        ushort no = 0;
        foreach (BasketLine line in basket.Lines)
        {
            no++;
            record.Group(RecordTag.Line, Line(no, line, basket));
        }

        if (basket.Discount is ReceiptDiscount discount)
        {
            record.Group(RecordTag.Discount, new TlvWriter()
                .S64(RecordTag.DiscountAmount, discount.Amount)
                .Text(RecordTag.DiscountText, discount.Text)
                .U16(RecordTag.DiscountPercent, discount.PercentHundredths));
        }

        foreach (Payment payment in basket.Payments)
        {
            record.Group(RecordTag.Payment, new TlvWriter()
                .U8(RecordTag.PaymentMeans, (byte)payment.Means)
                .S64(RecordTag.PaymentAmount, payment.Amount)
                .Text(RecordTag.PaymentReference, payment.Reference));
        }

        AddTaxTotals(record, basket);
        record.S64(RecordTag.Total, basket.Total);
        if (basket.Buyer is Buyer buyer)
        {
            record.Group(RecordTag.Buyer, new TlvWriter()
                .Bytes(RecordTag.BuyerBlind, basket.Blind.AsSpan())
                .Text(RecordTag.BuyerName, buyer.Name)
                .Text(RecordTag.BuyerTaxCode, buyer.TaxCode)
                .Text(RecordTag.BuyerAddress, buyer.Address)
                .Text(RecordTag.BuyerPerson, buyer.Person)
                .Text(RecordTag.BuyerPhone, buyer.Phone));
        }

        return record.ToArray();
    }

    /// <summary>How the record of any receipt begins.</summary>
    internal static TlvWriter StartSale(
        DateTimeOffset closed, ReadOnlySpan<byte> previousHash, string receipt, string? cashier, bool includesTax, LeasedCode? leased = null)
    {
        TlvWriter record = Start(RecordKind.Sale, closed, previousHash).U8(RecordTag.CodeFrom, leased is null ? GatewayGivesCode : RegisterGaveCode);
        if (leased is not null)
        {
            record.U64(RecordTag.Lease, leased.Lease)
                .Text(RecordTag.Code, leased.Code)
                .Text(RecordTag.Series, leased.Series)
                .U32(RecordTag.Number, leased.Number);
        }

        return record
            .Text(RecordTag.Receipt, receipt)
            .Text(RecordTag.Cashier, cashier)
            .U8(RecordTag.Exponent, NoDecimals)
            .U8(RecordTag.PricesIncludeTax, (byte)(includesTax ? 1 : 0));
    }

    /// <summary>The register's clock was set.</summary>
    /// <param name="closed">The new time.</param>
    /// <param name="since">The old one.</param>
    /// <param name="previousHash">Hash of the record before; empty for the first.</param>
    public static byte[] ClockChange(DateTimeOffset closed, DateTimeOffset since, ReadOnlySpan<byte> previousHash) =>
        Start(RecordKind.ClockChange, closed, previousHash).Time(RecordTag.Since, since).ToArray();

    /// <summary>What a sale's record says of a leased code; null if the gateway gives it.</summary>
    public static LeasedCode? ReadLeased(byte[] record)
    {
        TlvReader tlvs = new(record, [RecordTag.CodeFrom, RecordTag.Lease, RecordTag.Code, RecordTag.Series, RecordTag.Number]);
        return tlvs.Has(RecordTag.Lease)
            ? new LeasedCode(
                tlvs.U64(RecordTag.Lease), tlvs.Text(RecordTag.Code, 23), tlvs.Text(RecordTag.Series, Limits.Series), tlvs.U32(RecordTag.Number))
            : null;
    }

    /// <summary>A register that knows no tax classes has no sums of them either.</summary>
    private static void AddTaxTotals(TlvWriter record, Basket basket)
    {
        foreach (TaxTotal tax in basket.WithCodesOnly ? [] : basket.TaxTotals)
        {
            record.Group(RecordTag.TaxTotal, new TlvWriter()
                .U8(RecordTag.TaxClass, (byte)tax.Class)
                .S64(RecordTag.TaxNet, tax.Net)
                .S64(RecordTag.TaxAmount, tax.Tax));
        }
    }

    /// <summary>A receipt was open when the power went.</summary>
    public static byte[] PowerLoss(DateTimeOffset closed, ReadOnlySpan<byte> previousHash, string remark) =>
        Start(RecordKind.PowerLoss, closed, previousHash).Text(RecordTag.Remark, remark).ToArray();

    /// <summary>The journal lost the record of this sequence before the gateway had it.</summary>
    public static byte[] Unreadable(DateTimeOffset closed, string remark) => new TlvWriter()
        .U8(RecordTag.Kind, (byte)RecordKind.Unreadable)
        .Time(RecordTag.Closed, closed)
        .U8(RecordTag.Confidence, LocalClock.Confidence)
        .Text(RecordTag.Remark, remark)
        .ToArray();

    private static TlvWriter Start(RecordKind kind, DateTimeOffset closed, ReadOnlySpan<byte> previousHash)
    {
        Span<byte> previous = stackalloc byte[PreviousLength];
        previous.Clear();
        if (!previousHash.IsEmpty)
        {
            previousHash[..PreviousLength].CopyTo(previous);
        }

        return new TlvWriter()
            .U8(RecordTag.Kind, (byte)kind)
            .Time(RecordTag.Closed, closed)
            .U8(RecordTag.Confidence, LocalClock.Confidence)
            .Bytes(RecordTag.Previous, previous);
    }

    private static TlvWriter Line(ushort no, BasketLine line, Basket basket)
    {
        // What is discounted, given away or only said has no article in a shop's list: its words and class come from the register itself.
        bool codeOnly = basket.WithCodesOnly && line.Nature == LineNature.Goods;
        TlvWriter writer = new TlvWriter()
            .U16(RecordTag.LineNo, no)
            .Text(RecordTag.LineCode, line.Article.Code)
            .Text(RecordTag.LineName, codeOnly ? null : line.Article.Name)
            .Text(RecordTag.LineUnit, codeOnly ? null : line.Article.Unit)
            .S64(RecordTag.LineQuantity, line.QuantityMicros)
            .S64(RecordTag.LinePrice, line.Article.Price * Basket.Micro);
        if (line.Discount > 0)
        {
            writer.S64(RecordTag.LineDiscount, line.Discount);
        }

        if (line.IsTaxed && !codeOnly)
        {
            writer.U8(RecordTag.LineTaxClass, (byte)line.Article.Class);
        }

        writer.S64(RecordTag.LineAmount, line.Amount);
        if (line.Nature != LineNature.Goods)
        {
            writer.U8(RecordTag.LineNature, (byte)line.Nature);
        }

        return basket.WithDepartments ? writer.Text(RecordTag.LineDepartment, Department(line)) : writer;
    }

    private static string? Department(BasketLine line) => line.Nature != LineNature.Goods ? null : line.Article.Class switch
    {
        TaxClass.FivePercent => "5",
        TaxClass.EightPercent => "8",
        TaxClass.TenPercent => "10",
        _ => "KCT",
    };
}
