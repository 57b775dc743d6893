using System.Text.Json;
using FirmwareSim.Baskets;
using FirmwareSim.Eutron;
using FirmwareSim.Tills;

namespace FirmwareSim.Tests.Eutron;

public sealed class EutronVectorTests
{
    private static readonly DateTime Opened = new(2026, 11, 22, 14, 5, 9, DateTimeKind.Unspecified);

    public static TheoryData<string> Framed => [.. All().Where(item => item.GetProperty("means").Text("kind") != "tcp").Select(item => item.Text("name"))];

    [Theory]
    [MemberData(nameof(Framed))]
    public void A_frame_adds_up_to_nothing_and_is_written_byte_for_byte(string name)
    {
        byte[] wire = Find(name).Hex("wire");

        Assert.Equal(0, wire[1..].Sum(part => part) & 0xFF);
        Assert.Equal(Convert.ToHexString(wire), Convert.ToHexString([EutronLink.Soh, .. EutronLink.Framed(wire.AsSpan(2, wire.Length - 3))]));
    }

    [Fact]
    public void The_records_of_a_sale_are_those_of_the_vectors()
    {
        RungReceipt sale = Receipt(ReceiptClass.Sale, 42, 90_900) with
        {
            Lines = [Line(1, 5, 2000, 30_000, 0), Line(8934563138165, 1, 4000, 18_000, 0), Line(1, 5, -2000, -30_000, 0), Line(1, 5, 1000, 18_000, 2_000)],
            Discount = 4_500,
            DiscountHundredths = 500,
            Payments = [new RungPayment(Means.Cash, 40_900), new RungPayment(Means.Transfer, 50_000)],
        };

        string[] written = [.. LogRecords.Begin(sale, "VN000007").Concat(LogRecords.End(sale)).Select(Convert.ToHexString)];

        Assert.Equal(Record("REGIS"), written[0]);
        Assert.Equal(Record("NETID"), written[1]);
        Assert.Equal(Record("PLU with a bar code"), written[3]);
        Assert.Equal(Record("PLU cancelled: bit 6 reverses bit 7")[..^4], written[4][..^4]);
        Assert.Equal(Record("DIRECT takes off"), written[6]);
        Assert.Equal(Record("SUBDISC takes off"), written[7]);
        Assert.Equal(Record("TEND of two"), written[8]);
        Assert.Equal(Record("END"), written[9]);

        // The vector of the specification sells with an offer, which this register has none of.
        Assert.Equal(Record("PLU")[..^4], written[2][..^4]);
    }

    [Fact]
    public void What_is_given_back_and_what_is_voided_is_negative()
    {
        RungReceipt refund = Receipt(ReceiptClass.Refund, 42, -15_000) with { Lines = [Line(1, 5, -1000, -15_000, 0)] };
        Assert.Contains(Record("PLU given back: negative"), LogRecords.Begin(refund, "VN000007").Select(Convert.ToHexString));

        RungReceipt again = Receipt(ReceiptClass.Refund, 42, -15_000) with { Lines = [Line(1, 5, 1000, 15_000, 0)] };
        Assert.Contains(Record("PLU cancelling a negative one"), LogRecords.Begin(again, "VN000007").Select(Convert.ToHexString));

        RungReceipt cancelled = Receipt(ReceiptClass.Cancelled, 43, 90_900) with { Time = new DateTime(2026, 11, 22, 14, 7, 0, DateTimeKind.Unspecified) };
        Assert.Equal(Record("END of a voided receipt"), Convert.ToHexString(LogRecords.End(cancelled).Last()));
        Assert.Equal(2, LogRecords.End(cancelled).Count());

        Assert.Empty(LogRecords.End(cancelled with { Interruption = Interruption.NeverEnded }));
    }

    [Fact]
    public void A_row_of_the_table_of_articles_is_that_of_the_vector() =>
        Assert.Equal(Record("PLU table record"), Convert.ToHexString(PluRecords.Of(new PluRow(1, "Ca phe sua da", 5, 29_000))));

    [Theory]
    [InlineData(0, 3, "000000")]
    [InlineData(999_999, 3, "999999")]
    [InlineData(30_000, 5, "0000030000")]
    [InlineData(8_934_563_138_165, 7, "65811363459308")]
    public void Decimal_numbers_begin_with_their_last_digits(long value, int bytes, string hex)
    {
        Assert.Equal(hex, Convert.ToHexString(PackedBcd.Of(value, bytes)));
        Assert.Equal(value, PackedBcd.Read(PackedBcd.Of(value, bytes)));
    }

    [Fact]
    public void A_number_too_long_or_of_no_digits_is_none()
    {
        Assert.Throws<OverflowException>(() => PackedBcd.Of(1_000_000, 3));
        Assert.Null(PackedBcd.Read([0x1A]));
    }

    private static RungReceipt Receipt(ReceiptClass kind, long number, long total) =>
        new(1, "VN000007", 1, number, kind, Opened, Opened, "Lan", [], 0, 0, [new RungPayment(Means.Cash, total)], total);

    private static RungLine Line(long plu, int department, long quantity, long amount, long discount) =>
        new(plu, "x", "x", "ly", department, TaxClass.EightPercent, quantity, 15_000, discount, amount - discount);

    /// <summary>A vector without its frame and filler.</summary>
    private static string Record(string name) => Convert.ToHexString(Find(name).Hex("wire").AsSpan()[3..^1]);

    private static JsonElement Find(string name) => All().Single(item => item.Text("name") == name);

    private static JsonElement.ArrayEnumerator All() =>
        JsonDocument.Parse(File.ReadAllBytes(Vectors.Find("vectors/eutron/vectors.json"))).RootElement.EnumerateArray();
}
