using System.Collections.Immutable;
using System.Text;
using Invoicing.Registers.Datecs.Push;
using Invoicing.Sales;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>Receipts put together from what a register pushes.</summary>
public sealed class PushAssemblerTests
{
    private static readonly Encoding Cyrillic = CodePagesEncodingProvider.Instance.GetEncoding(1251)!;

    private readonly PushScript _script = new();

    [Fact]
    public void A_receipt_is_put_together_with_voids_discounts_and_payments()
    {
        PushReceipt receipt = Assert.Single(Assemble([.. _script.Receipt(42)]));
        RegisterRecord record = receipt.ToRecord(new(new("123456"), 1, 42));
        Assert.Null(record.Unreadable);
        Sale sale = record.Sale!;
        Assert.Equal([(2m, 30000L, 0L), (1m, 18500L, 1500L), (-1m, -15000L, 0L)], sale.Lines.Select(l => (l.Quantity, l.Amount.Dong, l.Discount.Dong)));
        Assert.Equal(["101", "102", "101"], sale.Lines.Select(l => l.Code));
        Assert.Equal((500L, 33000L, "1", "42"), (sale.ReceiptDiscount.Dong, sale.Total.Dong, sale.Cashier, sale.ReceiptNumber));
        Assert.Equal([new Payment(PaymentMeans.Cash, new(13000)), new Payment(PaymentMeans.Card, new(20000))], sale.Payments);
    }

    [Fact]
    public void Every_message_that_is_lost_tears_its_receipt_and_no_other()
    {
        byte[][] stream = [.. _script.Receipt(41), .. _script.Receipt(42), .. _script.Receipt(43)];
        int each = stream.Length / 3;
        for (int lost = each; lost < 2 * each; lost++)
        {
            List<PushReceipt> receipts = Assemble([.. stream.Where((_, i) => i != lost)]);
            RegisterRecord[] records = [.. receipts.Select(r => r.ToRecord(new(new("123456"), 1, r.Number)))];
            Assert.NotNull(records[0].Sale);
            Assert.Null(records.SingleOrDefault(r => r.Key.Sequence == 42)?.Sale);
            Assert.NotNull(records.Single(r => r.Key.Sequence == 43).Sale);
        }
    }

    [Fact]
    public void An_annulled_receipt_is_no_sale()
    {
        byte[][] events = [_script.Event(0x80, "101;15000;1;0;;7;1"), _script.Event(0x88, $"10;1;7;0;0;7;3;0;0;0;0;0;0;0;0;0;0;0;0;2")];
        RegisterRecord record = Assert.Single(Assemble(events)).ToRecord(new(new("123456"), 1, 7));
        Assert.Equal(RecordKind.NoSale, record.Kind);
    }

    [Fact]
    public void Goods_given_back_are_a_refund_with_their_discounts()
    {
        byte[][] events =
        [
            _script.Event(0x80, "101;15000;-2;0;;7;1"), _script.Event(0x86, "2;-1000;-1000;;;7;2"), _script.Event(0x86, "3;-500;-500;;;7;3"),
            _script.Event(0x88, PushScript.Paid(0, 7, 4, -28500)), _script.Event(0x92, PushScript.Paid(15, 7, 5, -28500)),
        ];
        RegisterRecord record = Assert.Single(Assemble(events)).ToRecord(new(new("123456"), 1, 7));
        Assert.Equal((RecordKind.Refund, null), (record.Kind, record.Unreadable));
        SaleLine line = Assert.Single(record.Sale!.Lines);
        Assert.Equal((2m, 1000L, 29000L), (line.Quantity, line.Discount.Dong, line.Amount.Dong));
        Assert.Equal((500L, 28500L), (record.Sale.ReceiptDiscount.Dong, record.Sale.Total.Dong));
        Assert.Empty(record.Sale.Payments);
    }

    [Theory]
    [InlineData("101;15000.50;1;0;;7;1", "whole đồng")]
    [InlineData("101;15000;x;0;;7;1", "a quantity")]
    [InlineData("101;999999999999999;999999;0;;7;1", "15 digits")]
    public void What_cannot_be_read_is_held_with_its_bytes(string item, string expected)
    {
        PushReceipt receipt = Assert.Single(Assemble([_script.Event(0x80, item), _script.Event(0x92, PushScript.Paid(15, 7, 2))]));
        RegisterRecord record = receipt.ToRecord(new(new("123456"), 1, 7));
        Assert.Null(record.Sale);
        Assert.Contains(expected, record.Unreadable, StringComparison.Ordinal);
        Assert.False(record.Bytes.IsEmpty);
    }

    [Fact]
    public void A_receipt_without_an_end_has_a_bound()
    {
        PushAssembler assembler = new(';', Cyrillic, 0);
        PushState state = new();
        for (int i = 0; i < 10_000; i++)
        {
            (state, _) = assembler.Step(state, Assert.Single(PushScript.Decode(new PushDecoder(), _script.Event(0x80, $"101;15000;1;0;;7;{i + 1}"))));
        }

        Assert.Equal(PushAssembler.MaxLines, state.Open!.Lines.Count);
        Assert.InRange(state.Open.Length, 0, PushAssembler.MaxBytes);
        Assert.NotNull(state.Open.Fault);
    }

    private static List<PushReceipt> Assemble(byte[][] events)
    {
        PushAssembler assembler = new(';', Cyrillic, 0);
        PushState state = new();
        List<PushReceipt> receipts = [];
        foreach (PushPacket packet in PushScript.Decode(new PushDecoder(), events))
        {
            (state, ImmutableArray<PushEffect> effects) = assembler.Step(state, packet);
            receipts.AddRange(effects.OfType<PushEffect.Ended>().Select(e => e.Receipt));
        }

        return receipts;
    }
}
