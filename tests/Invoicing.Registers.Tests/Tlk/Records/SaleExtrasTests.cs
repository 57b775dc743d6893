using Invoicing.Amounts;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Records;
using Invoicing.Sales;

namespace Invoicing.Registers.Tests.Tlk.Records;

/// <summary>Natures, departments, buyers, and what a register leaves to the shop's catalogue.</summary>
public sealed class SaleExtrasTests
{
    private const string Full = "sale with every nature, a department and a buyer";
    private const string Bare = "sale of a register that knows code or department and no tax class";
    private static readonly byte[] Blind = new byte[16];

    [Fact]
    public void Every_nature_a_department_and_a_buyer_are_read_exactly_as_sent()
    {
        Sale sale = Read(Vectors.Named("records", Full).Hex("record")).Sale!;

        Assert.Equal(
            [LineNature.Goods, LineNature.Promotion, LineNature.TradeDiscount, LineNature.Note, LineNature.Special],
            sale.Lines.Select(line => line.Nature));
        Assert.Equal((TaxRate?[])[TaxRate.Eight, null, TaxRate.Eight, null, TaxRate.Eight], sale.Lines.Select(line => line.Rate));
        Assert.Equal(["3", null, null, null, null], sale.Lines.Select(line => line.Department));
        Assert.Equal(0m, sale.Lines[3].Quantity);
        Assert.Equal(new SpecialGoods(SpecialGoodsType.Transport, "24B-123.45"), sale.Lines[4].Special);
        Assert.Equal(new Money(352_200), sale.Lines.Aggregate(Money.Zero, (sum, line) => sum + line.Amount));
        Assert.Equal(
            new Buyer { Name = "Công ty TNHH Sông Hồng", TaxCode = "0312270160", Address = "12 phố Huế, Hà Nội", Person = "Trần Thị Mai" }, sale.Buyer);
    }

    [Fact]
    public void What_a_register_does_not_know_is_left_empty_for_the_catalogue()
    {
        Sale sale = Read(Vectors.Named("records", Bare).Hex("record")).Sale!;

        Assert.All(sale.Lines, line => Assert.Equal((null, string.Empty, string.Empty), (line.Rate, line.Name, line.Unit)));
        Assert.Equal([("7", null), (null, "12")], sale.Lines.Select(line => (line.Code, line.Department)));
        Assert.Null(sale.Buyer);
    }

    [Fact]
    public void Records_without_the_new_tags_are_read_as_ever()
    {
        Sale sale = Read(Vectors.Record(1)).Sale!;

        Assert.All(sale.Lines, line => Assert.Equal((LineNature.Goods, null, null), (line.Nature, line.Department, line.Special)));
        Assert.Null(sale.Buyer);
    }

    [Theory]
    [InlineData(0x0B, "00", "tag 0B: expected 1..5, found 0")]
    [InlineData(0x0B, "06", "tag 0B: expected 1..5, found 6")]
    [InlineData(0x0B, "05", "tag 0D: expected what the special goods are, found nothing")]
    [InlineData(0x0D, "010101", "tag 0D: expected none on other goods, found one")]
    [InlineData(0x09, "0E02", "tag 09: expected none without a tax class, found one")]
    [InlineData(0x0C, "", "tag 0C: expected 1 to 20 bytes, found 0")]
    public void A_line_that_breaks_a_rule_is_named(byte tag, string value, string why)
    {
        Assert.Contains(why, Read(Sale(Line(line => line.Bytes(tag, Convert.FromHexString(value))))).Unreadable, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void A_quantity_of_0_belongs_to_trade_discounts_and_notes(int? nature, bool isRead)
    {
        byte[] line = Line(tlv => _ = nature is { } number ? tlv.U8(0x0B, (byte)number) : tlv, quantity: 0);

        Assert.Equal(isRead, Read(Sale(line)).Sale is not null);
    }

    [Fact]
    public void A_line_without_name_has_a_code_or_a_department()
    {
        Assert.Contains("line 1, tag 03: expected it, found nothing", Read(Sale(Line(tlv => tlv, name: null))).Unreadable, StringComparison.Ordinal);
        Assert.NotNull(Read(Sale(Line(tlv => tlv.Text(0x0C, "3"), name: null))).Sale);
        Assert.NotNull(Read(Sale(Line(tlv => tlv.Text(0x02, "7"), name: null))).Sale);
    }

    [Fact]
    public void Tax_totals_may_lack_only_where_a_line_has_no_tax_class()
    {
        Assert.NotNull(Read(Sale(Line(tlv => tlv), taxTotals: false)).Sale);
        Assert.Contains(
            "tag 14: expected 1..16 of them", Read(Sale(Line(tlv => tlv.U8(0x08, 3)), taxTotals: false)).Unreadable, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0110000102030405060708090A0B0C0D0E0F", "something stated of the buyer")]
    [InlineData("020141", "buyer, tag 01: expected it")]
    [InlineData("010F000102030405060708090A0B0C0D0E020141", "buyer, tag 01: expected 16 bytes")]
    [InlineData("0110000102030405060708090A0B0C0D0E0F03024142030143", "buyer, tag 03: expected once")]
    [InlineData("0110000102030405060708090A0B0C0D0E0F02024107", "buyer, tag 02: expected text without control characters")]
    [InlineData("0110000102030405060708090A0B0C0D0E0F0202FF41", "buyer, tag 02: expected UTF-8")]
    [InlineData("0110000102030405060708090A0B0C0D0E0F800141", "buyer, tag 80: expected a known tag")]
    public void A_buyer_that_cannot_be_read_holds_the_sale_and_is_not_repeated(string hex, string why)
    {
        RegisterRecord record = Read([.. Sale(Line(tlv => tlv.U8(0x08, 3))), .. new TlvWriter().Bytes(0x1E, Convert.FromHexString(hex)).ToArray()]);

        Assert.Null(record.Sale);
        Assert.Contains(why, record.Unreadable, StringComparison.Ordinal);
        Assert.DoesNotContain("41", record.Unreadable, StringComparison.Ordinal);
    }

    [Fact]
    public void A_buyer_with_an_unknown_tag_below_80_is_read()
    {
        byte[] buyer = new TlvWriter().Bytes(0x01, Blind).Text(0x08, "0901234567").Text(0x7E, "later").ToArray();

        Sale sale = Read([.. Sale(Line(tlv => tlv.U8(0x08, 3))), .. new TlvWriter().Bytes(0x1E, buyer).ToArray()]).Sale!;

        Assert.Equal(new Buyer { Phone = "0901234567" }, sale.Buyer);
    }

    private static byte[] Line(Func<TlvWriter, TlvWriter> more, string? name = "Bánh mì", long quantity = 1_000_000)
    {
        var line = new TlvWriter();
        line.U16(0x01, 1);
        _ = name is null ? line : line.Text(0x03, name);
        return more(line.S64(0x05, quantity).S64(0x06, 0).S64(0x0A, 0)).ToArray();
    }

    private static byte[] Sale(byte[] line, bool taxTotals = true)
    {
        byte[] time = [.. BitConverter.GetBytes(1782892799100), .. BitConverter.GetBytes((short)420)];
        TlvWriter record = new TlvWriter().U8(0x01, 1).Bytes(0x02, time).U8(0x03, 2).U8(0x05, 0).Text(0x0A, "000001").U8(0x0C, 0).U8(0x0E, 1).Bytes(0x10, line);
        if (taxTotals)
        {
            record.Bytes(0x14, new TlvWriter().U8(1, 3).S64(3, 0).S64(4, 0).ToArray());
        }

        return record.S64(0x15, 0).ToArray();
    }

    private static RegisterRecord Read(byte[] bytes) => RecordReader.Read(new(new("SIM-0001"), Vectors.Epoch, 17), bytes, null);
}
