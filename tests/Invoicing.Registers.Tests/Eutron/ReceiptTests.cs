using System.Text;
using Invoicing.Amounts;
using Invoicing.Registers.Eutron;
using Invoicing.Registers.Eutron.Records;
using Invoicing.Sales;
using static Invoicing.Registers.Tests.Eutron.FlowBytes;

namespace Invoicing.Registers.Tests.Eutron;

/// <summary>From log records to what they mean.</summary>
public sealed class ReceiptTests
{
    private static readonly DateTime At = new(2026, 11, 22, 14, 5, 9, DateTimeKind.Unspecified);
    private static readonly PluTable Names = PluTable.Of([Row(1, "Ca phe sua da"), Row(2, "Banh mi")], Encoding.Latin1);

    [Fact]
    public void A_sale_with_discounts_tax_and_change_is_read_as_it_was_rung_up()
    {
        RegisterRecord record = Read(
            Regis(42, At), Plu(1, 2_000, 60_000), Discount(1, 3_000), Dept(3, 1_500, 38_400), SubDiscount(4_500),
            Tax(84_167, 800, 6_733), Tend((1, 100_000), (1, -9_100)), End(42, 90_900, At));

        Sale sale = record.Sale!;
        Assert.Equal((RecordKind.Sale, 90_900L, "000042", "1"), (record.Kind, sale.Total.Dong, sale.ReceiptNumber, sale.Cashier));
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 14, 5, 9, TimeSpan.FromHours(7)), sale.ClosedAt);
        Assert.Equal(
            [("1", "Ca phe sua da", 2m, 30_000m, 3_000L, 57_000L, "5"), (null, "", 1.5m, 25_600m, 0L, 38_400L, "3")],
            sale.Lines.Select(line => (line.Code, line.Name, line.Quantity, line.UnitPrice, line.Discount.Dong, line.Amount.Dong, line.Department!)));
        Assert.All(sale.Lines, line => Assert.Equal(TaxRate.Eight, line.Rate));
        Assert.Equal((4_500L, true), (sale.ReceiptDiscount.Dong, sale.PricesIncludeTax));
        Assert.Equal([new Payment(PaymentMeans.Cash, new(90_900))], sale.Payments);
        Assert.Equal(record.Hash, sale.RecordHash);
    }

    [Theory]
    [InlineData(Cancelled)]
    [InlineData(Negative | Cancelled)]
    public void A_voided_line_is_taken_off_whichever_way_the_firmware_writes_it(byte bits)
    {
        Sale sale = Read(Regis(1, At), Plu(1, 1_000, 20_000), Plu(2, 1_000, 15_000), Plu(1, 1_000, 20_000, bits), Tend((1, 15_000)), End(1, 15_000, At)).Sale!;

        Assert.Equal([20_000L, 15_000L, -20_000L], sale.Lines.Select(line => line.Amount.Dong));
        Assert.Equal([1m, 1m, -1m], sale.Lines.Select(line => line.Quantity));
        Assert.Equal(15_000, sale.Total.Dong);
    }

    [Fact]
    public void A_negative_total_is_a_refund_with_positive_amounts()
    {
        RegisterRecord record = Read(Regis(7, At), Plu(1, 2_000, 40_000, Negative), Tend((1, -40_000)), End(7, 40_000, At, Negative));

        Assert.Equal((RecordKind.Refund, 40_000L), (record.Kind, record.Sale!.Total.Dong));
        Assert.Equal((2m, 20_000m, 40_000L), record.Sale.Lines.Select(line => (line.Quantity, line.UnitPrice, line.Amount.Dong)).Single());
        Assert.Equal(new Payment(PaymentMeans.Cash, new(40_000)), record.Sale.Payments.Single());
    }

    [Fact]
    public void A_receipt_that_was_voided_before_its_end_is_no_sale()
    {
        RegisterRecord told = Read(Regis(7, At), Plu(1, 1_000, 20_000), TotalVoid(20_000), End(7, 0, At, Negative));
        RegisterRecord untold = Read(Regis(7, At), Plu(1, 1_000, 20_000), End(7, 20_000, At, Negative));

        Assert.Equal((RecordKind.NoSale, "receipt 000007 was voided before it was closed"), (told.Kind, told.Remark));
        Assert.Equal((RecordKind.NoSale, "receipt 000007 was voided before it was closed"), (untold.Kind, untold.Remark));
    }

    [Fact]
    public void What_has_no_goods_is_no_sale_or_the_day_s_close()
    {
        Assert.Equal((RecordKind.NoSale, "cash paid in or out"), Kind(Read(Regis(1, At), PaidOut(500_000), End(1, 500_000, At))));
        Assert.Equal((RecordKind.DayClose, "key position 3"), Kind(Read(Regis(1, At), Lock(3), End(1, 1_234_000, At))));
        Assert.Equal((RecordKind.NoSale, "nothing was sold"), Kind(Read(Regis(1, At), End(1, 0, At))));
        Assert.Equal("expected goods that come to 5000, found none", Read(Regis(1, At), End(1, 5_000, At)).Unreadable);
    }

    [Fact]
    public void What_does_not_add_up_is_held_and_says_why()
    {
        RegisterRecord record = Read(Regis(1, At), Plu(1, 1_000, 20_000), End(1, 21_000, At));
        Assert.Equal((RecordKind.Sale, "expected lines that add up to the printed total 21000, found 20000"), (record.Kind, record.Unreadable));
        Assert.Null(record.Sale);
    }

    [Fact]
    public void Tax_on_top_and_several_taxes()
    {
        Sale onTop = Read(Regis(1, At), Plu(1, 1_000, 20_000), Tax(20_000, 1_000, 2_000), Tend((1, 22_000)), End(1, 22_000, At)).Sale!;
        Assert.Equal((false, (TaxRate?)TaxRate.Ten), (onTop.PricesIncludeTax, onTop.Lines[0].Rate));

        Sale several = Read(
            Regis(1, At), Plu(1, 1_000, 10_800), Plu(2, 1_000, 10_500), Tax(10_000, 800, 800), Tax(10_000, 500, 500), End(1, 21_300, At)).Sale!;
        Assert.All(several.Lines, line => Assert.Null(line.Rate)); // only the shop's catalogue knows which is whose
    }

    [Fact]
    public void A_surcharge_on_the_receipt_is_a_line_and_on_a_line_a_higher_price()
    {
        Sale sale = Read(
            Regis(1, At), Plu(1, 2_000, 20_000), Discount(1, 2_000, bits: 0), SubDiscount(1_000, bits: 0), Tend((1, 23_000)), End(1, 23_000, At)).Sale!;
        Assert.Equal(
            [(11_000m, 22_000L, "Ca phe sua da"), (1_000m, 1_000L, "Phụ thu")],
            sale.Lines.Select(line => (line.UnitPrice, line.Amount.Dong, line.Name)));
    }

    [Fact]
    public void A_payment_behind_the_end_belongs_to_the_receipt_and_not_to_its_content()
    {
        byte[][] records = [Regis(1, At), Plu(1, 1_000, 20_000), End(1, 20_000, At)];
        LogReceipt without = Assemble(records).Single();
        LogReceipt with = Assemble([.. records, Tend((2, 20_000)), .. FlowBytes.Sale(2, At)])[0];

        Assert.Equal(without.Hash, with.Hash);
        RegisterRecord read = ReceiptReader.Read(with, default, Names, [PaymentMeans.Cash, PaymentMeans.Card]);
        Assert.Equal(new Payment(PaymentMeans.Card, new(20_000)), read.Sale!.Payments.Single());
    }

    [Fact]
    public void Money_beyond_the_total_without_change_is_taken_off_cash()
    {
        Sale sale = Read(Regis(1, At), Plu(1, 1_000, 20_000), Tend((1, 50_000)), End(1, 20_000, At)).Sale!;
        Assert.Equal(20_000, sale.Payments.Single().Amount.Dong);
    }

    [Fact]
    public void A_receipt_that_goes_on_after_a_power_cut_is_one_and_one_that_does_not_is_torn()
    {
        LogReceipt goesOn = Assemble([Regis(5, At), Plu(1, 1_000, 20_000), Regis(5, At.AddMinutes(1)), Plu(2, 1_000, 5_000), Tend((1, 25_000)), End(5, 25_000, At)]).Single();
        Assert.Equal(25_000, ReceiptReader.Read(goesOn, default, Names, []).Sale!.Total.Dong);

        List<LogReceipt> torn = Assemble([Regis(5, At), Plu(1, 1_000, 20_000), .. FlowBytes.Sale(6, At)]);
        Assert.Equal([false, true], torn.Select(receipt => receipt.IsClosed));
        Assert.Equal(RecordKind.PowerLoss, ReceiptReader.Read(torn[0], default, Names, []).Kind);
    }

    [Fact]
    public void The_tail_of_a_receipt_whose_beginning_is_gone_is_none()
    {
        ReceiptAssembler assembler = new();
        byte[][] records = [Plu(1, 1_000, 20_000), Tend((1, 20_000)), End(5, 20_000, At), .. FlowBytes.Sale(6, At)];
        LogReceipt?[] receipts = [.. records.Select(record => assembler.Take(FlowRecord.Read(record)))];
        Assert.Equal(6, receipts.Single(receipt => receipt is not null)!.Number);
        Assert.Equal(3, assembler.Orphans);
    }

    [Theory]
    [InlineData(41UL, 42, false, 42UL)]
    [InlineData(41UL, 50, false, 50UL)]
    [InlineData(41UL, 41, false, 41UL)]
    [InlineData(999_999UL, 1, false, 1_000_000UL)]
    [InlineData(999_999UL, 0, true, 1_000_000UL)]
    [InlineData(999_999UL, 1, true, 1_000_001UL)]
    [InlineData(999_990UL, 5, false, 1_000_004UL)]
    [InlineData(1_999_998UL, 1, false, 1_999_999UL)]
    [InlineData(0UL, 7, false, 7UL)]
    public void Numbers_go_on_behind_sequences(ulong sequence, int number, bool hasZero, ulong expected)
    {
        Assert.Equal(expected, ReceiptCount.Following(sequence, number, hasZero));
        Assert.Equal(number, ReceiptCount.NumberOf(expected, hasZero));
    }

    [Theory]
    [InlineData(5_000UL, 1)]
    [InlineData(42UL, 41)]
    [InlineData(998_000UL, 1)]
    public void A_smaller_number_is_a_counter_that_was_set_back(ulong sequence, int number) =>
        Assert.Null(ReceiptCount.Following(sequence, number, hasZero: false));

    [Fact]
    public void Digits_that_are_none_make_a_receipt_unreadable_and_nothing_worse()
    {
        byte[] plu = Plu(1, 1_000, 20_000);
        plu[15] = 0xAB;
        Assert.Equal("expected amounts and quantities in digits, found other bytes", Read(Regis(1, At), plu, End(1, 20_000, At)).Unreadable);
        byte[] regis = Regis(1, At);
        regis[9] = 0x13;
        byte[] end = End(1, 20_000, At);
        end[11] = 0x13;
        Assert.Null(Read(regis, Plu(1, 1_000, 20_000), end).Sale!.ClosedAt);
    }

    private static (RecordKind Kind, string Remark) Kind(RegisterRecord record) => (record.Kind, record.Remark);

    private static RegisterRecord Read(params byte[][] records) =>
        ReceiptReader.Read(Assemble(records).Single(), new(new("R"), 1, 1), Names, [PaymentMeans.Cash]);

    private static List<LogReceipt> Assemble(IEnumerable<byte[]> records)
    {
        ReceiptAssembler assembler = new();
        List<LogReceipt> receipts = [];
        foreach (byte[] record in records)
        {
            if (assembler.Take(FlowRecord.Read(record)) is { } receipt)
            {
                receipts.Add(receipt);
            }
        }

        return assembler.AtEnd() is { } last ? [.. receipts, last] : receipts;
    }
}
