using System.Text.Json;
using Invoicing.Amounts;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Records;
using Invoicing.Sales;

namespace Invoicing.Registers.Tests.Tlk.Records;

public sealed class RecordReaderTests
{
    private const string Code = "M1-26-ABCDE-00000000106";

    public static TheoryData<string> Records => Vectors.Names("records");

    [Theory]
    [MemberData(nameof(Records))]
    public void Every_record_has_the_vector_s_hash_and_kind(string name)
    {
        JsonElement vector = Vectors.Named("records", name);
        RegisterRecord record = Read(vector.Hex("record"), vector.Seq());

        Assert.Equal(vector.Text("hash"), Convert.ToHexString(record.Hash.ToArray()));
        Assert.Equal(record.Hash, Hashing.Sha256Hash.Of(record.Bytes.Span));
        int kind = vector.GetProperty("fields").GetProperty("kind").GetInt32();
        if (kind != 9)
        {
            Assert.Equal((RecordKind)kind, record.Kind);
        }
    }

    [Fact]
    public void A_sale_is_read_exactly_as_rung_up()
    {
        RegisterRecord record = Read(Vectors.Record(1), 7);

        Assert.Null(record.Unreadable);
        Sale sale = record.Sale!;
        Assert.Equal("000007", sale.ReceiptNumber);
        Assert.Equal("Lan", sale.Cashier);
        Assert.Equal(new Money(347_000), sale.Total);
        Assert.Equal(new Money(5_000), sale.ReceiptDiscount);
        Assert.True(sale.PricesIncludeTax);
        Assert.Equal(ClockConfidence.Synchronised, sale.Clock);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1782892799100), sale.ClosedAt);
        Assert.Equal(TimeSpan.FromHours(7), sale.ClosedAt!.Value.Offset);
        Assert.Equal(record.Hash, sale.RecordHash);
        Assert.Equal([new Payment(PaymentMeans.Cash, new(147_000)), new Payment(PaymentMeans.Card, new(200_000))], sale.Payments);
        Assert.Equal(
            [
                TaxRate.Eight, TaxRate.NotSubject, TaxRate.Five, TaxRate.Ten, TaxRate.Zero, TaxRate.NotDeclared, TaxRate.Other(526),
                TaxRate.NotSubject,
            ],
            sale.Lines.Select(line => line.Rate));
        SaleLine orange = sale.Lines[1];
        Assert.Equal(("8930000000017", "Cam sành", "kg"), (orange.Code, orange.Name, orange.Unit));
        Assert.Equal((1.25m, 42_000m, new Money(52_500)), (orange.Quantity, orange.UnitPrice, orange.Amount));
        Assert.Equal(new Money(2_500), sale.Lines[2].Discount);
        Assert.Equal((-0.25m, new Money(-10_500)), (sale.Lines[7].Quantity, sale.Lines[7].Amount));
        Assert.Equal(sale.Total + sale.ReceiptDiscount, sale.Lines.Aggregate(Money.Zero, (sum, line) => sum + line.Amount));
    }

    [Fact]
    public void The_result_that_came_with_a_recovered_record_leaves_its_hash_alone()
    {
        byte[] issued = new TlvWriter().U8(2, 1).Text(3, Code).Text(4, "C26MAA").U32(5, 106).Text(6, "https://tracuu.example").ToArray();
        RegisterRecord first = Read(Vectors.Record(0), 6);
        RegisterRecord again = RecordReader.Read(Key(6), Vectors.Record(0), issued);
        RegisterRecord without = RecordReader.Read(Key(6), Vectors.Record(0), ReadOnlyMemory<byte>.Empty);

        Assert.Equal(first.Hash, again.Hash);
        Assert.Equal((false, true, true), (first.IsRecovered, again.IsRecovered, without.IsRecovered));
        Assert.Equal(new PrintedInvoice(Code, "C26MAA", 106), again.Recovered);
        Assert.Null(without.Recovered);
        Assert.NotNull(again.Sale);
    }

    [Theory]
    [InlineData("020101", "recovered, tag 03: expected it, found nothing")]
    [InlineData("020109", "recovered, tag 02: expected 1..3, found 9")]
    public void A_recovered_result_that_cannot_be_read_keeps_the_sale_from_a_second_code(string hex, string why)
    {
        RegisterRecord record = RecordReader.Read(Key(6), Vectors.Record(0), Convert.FromHexString(hex));

        Assert.Null(record.Sale);
        Assert.Contains(why, record.Unreadable, StringComparison.Ordinal);
    }

    [Fact]
    public void A_leased_code_is_told_with_its_sale_and_not_judged_here()
    {
        RegisterRecord record = Read(Vectors.Record(10), 16);

        Assert.NotNull(record.Sale);
        Assert.Equal(new LeasedInvoice(1, new("M1-26-ABCDE-00000000500", "C26MAA", 500)), record.Leased);
        Assert.Null(Read(Vectors.Record(0), 6).Leased);
    }

    [Fact]
    public void A_leased_code_is_told_also_of_a_sale_that_cannot_be_read()
    {
        byte[] bytes = [.. Vectors.Record(10), 0x0C, 0x01, 0x00]; // the exponent twice

        RegisterRecord record = Read(bytes, 16);

        Assert.Null(record.Sale);
        Assert.Contains("expected once, found twice", record.Unreadable, StringComparison.Ordinal);
        Assert.Null(record.Leased); // nothing of a record whose tags cannot be told apart is believed
        byte[] total = [.. Vectors.Record(10)];
        int at = total.AsSpan().LastIndexOf((byte[])[0x15, 0x08]);
        total[at + 9] = 0x80; // the total is negative
        record = Read(total, 16);
        Assert.Null(record.Sale);
        Assert.Equal(500, record.Leased!.Printed.Number);
    }

    [Fact]
    public void A_leased_code_that_another_result_contradicts_keeps_the_sale_from_either()
    {
        byte[] issued = new TlvWriter().U8(2, 1).Text(3, "M1-26-ABCDE-00000000501").Text(4, "C26MAA").U32(5, 501).ToArray();
        RegisterRecord record = RecordReader.Read(Key(16), Vectors.Record(10), issued);

        Assert.Null(record.Sale);
        Assert.Contains("expected the leased code M1-26-ABCDE-00000000500 in recovered", record.Unreadable, StringComparison.Ordinal);
    }

    [Fact]
    public void A_leased_code_that_a_gateway_before_had_taken_stays()
    {
        byte[] issued = new TlvWriter().U8(2, 1).Text(3, "M1-26-ABCDE-00000000500").Text(4, "C26MAA").U32(5, 500).ToArray();
        RegisterRecord record = RecordReader.Read(Key(16), Vectors.Record(10), issued);

        Assert.NotNull(record.Sale);
        Assert.Equal(500, record.Recovered!.Number);
    }

    [Theory]
    [InlineData("", "record, tag 01: expected it, found nothing")]
    [InlineData("010117", "expected a kind of 1..9, found 23")]
    [InlineData("FFFF", "record, tag FF: expected a length, found the end")]
    [InlineData("010101010101", "record, tag 01: expected once, found twice")]
    public void Content_that_is_of_no_known_kind_is_kept_as_a_sale_that_cannot_be_read(string hex, string why)
    {
        byte[] bytes = Convert.FromHexString(hex);
        RegisterRecord record = Read(bytes, 6);

        Assert.Equal(RecordKind.Sale, record.Kind);
        Assert.Null(record.Sale);
        Assert.Contains(why, record.Unreadable, StringComparison.Ordinal);
        Assert.Equal(bytes, record.Bytes[16..].ToArray());
    }

    [Fact]
    public void Every_byte_of_a_sale_may_be_anything_without_an_exception_or_a_lost_record()
    {
        byte[] sale = Vectors.Record(1);
        int unreadable = 0;
        for (int at = 0; at < sale.Length; at++)
        {
            foreach (byte flip in (byte[])[0x01, 0x80, 0xFF])
            {
                byte[] damaged = [.. sale];
                damaged[at] ^= flip;
                RegisterRecord record = Read(damaged, 7);

                Assert.Equal(damaged, record.Bytes[16..].ToArray());
                Assert.NotEqual(Read(sale, 7).Hash, record.Hash);
                if (record.Kind == RecordKind.Sale)
                {
                    Assert.Equal(record.Sale is null, record.Unreadable is not null);
                    unreadable += record.Sale is null ? 1 : 0;
                }
            }
        }

        Assert.True(unreadable > sale.Length / 2, $"only {unreadable} of {3 * sale.Length} damaged records were noticed");
    }

    [Fact]
    public void A_sale_cut_short_anywhere_cannot_be_read()
    {
        byte[] sale = Vectors.Record(0);
        for (int length = 0; length < sale.Length; length++)
        {
            Assert.Null(Read(sale[..length], 6).Sale);
        }
    }

    [Fact]
    public void Foreign_money_is_not_taken_for_dong()
    {
        byte[] sale = Vectors.Record(0);
        byte[] dollars = [.. sale, .. new TlvWriter().Text(0x0D, "USD").ToArray()];
        byte[] dong = [.. sale, .. new TlvWriter().Text(0x0D, "VND").ToArray()];

        Assert.Contains("expected VND, found 'USD'", Read(dollars, 6).Unreadable, StringComparison.Ordinal);
        Assert.NotNull(Read(dong, 6).Sale);
    }

    [Fact]
    public void A_lost_record_has_its_remark_and_others_have_none()
    {
        Assert.Equal("flash page 17 does not read", RecordReader.Lost(Vectors.Record(9)));
        Assert.Equal("the register's journal does not read", RecordReader.Lost(Convert.FromHexString("010109")));
        Assert.Null(RecordReader.Lost(Vectors.Record(0)));
        Assert.Null(RecordReader.Lost(ReadOnlyMemory<byte>.Empty));
    }

    private static SaleKey Key(ulong seq) => new(new("SIM-0001"), Vectors.Epoch, seq);

    private static RegisterRecord Read(byte[] bytes, ulong seq) => RecordReader.Read(Key(seq), bytes, null);
}
