using Invoicing.Amounts;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Recording;

/// <summary>Voids and refunds of a register: adjustments of the invoices that sold the goods, or held with the reason.</summary>
public sealed class ReturnTests
{
    [Fact]
    public async Task A_voided_receipt_becomes_an_adjustment_that_takes_everything_back()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await Record(gateway, TestShop.Record(1));

        RecordOutcome.Issued issued = Assert.IsType<RecordOutcome.Issued>(await Record(gateway, Void(2, of: 1)));

        Assert.Equal(new("M1-26-A1B2C-00000000001", "C26MAA", 2), issued.Invoice);
        Correction correction = Assert.Single(Corrections(shop));
        Assert.Equal(CorrectionType.Adjustment, correction.Type);
        Assert.Equal("M1-26-A1B2C-00000000000", correction.Corrected.Code.ToString());
        Assert.Equal(new Money(-93_000), correction.Invoice!.Total);
        Assert.Equal((long[])[-58_000, -35_000], correction.Invoice.Sale.Lines.Select(line => line.Amount.Dong));
        Assert.Equal(new RateSum(TaxRate.Eight, new(-86_111), new(-6_889)), Assert.Single(correction.Invoice.Taxes.Sums));
        Assert.Equal("R1 sai", correction.Reason);
    }

    [Fact]
    public async Task The_same_void_gets_the_same_answer_also_after_a_restart()
    {
        using TestShop shop = new();
        RecordOutcome first;
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            await Record(gateway, TestShop.Record(1));
            first = await Record(gateway, Void(2, of: 1));
            Assert.Equal(first, await Record(gateway, Void(2, of: 1)));
        }

        await using InvoicingGateway again = await shop.OpenAsync();
        Assert.Equal(first, await Record(again, Void(2, of: 1)));
        Assert.Single(Corrections(shop));
        Assert.IsType<RecordOutcome.Issued>(first);
    }

    [Fact]
    public async Task A_receipt_is_not_voided_twice()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await Record(gateway, TestShop.Record(1));
        await Record(gateway, Void(2, of: 1));

        RecordOutcome.Held held = Assert.IsType<RecordOutcome.Held>(await Record(gateway, Void(3, of: 1)));

        Assert.Contains("VN-CORRECT-5 at Lines: expected at most 0 ₫ given back at 8%", held.Reason, StringComparison.Ordinal);
        Assert.Single(Corrections(shop));
    }

    [Fact]
    public async Task A_refund_of_one_line_takes_back_just_that_and_the_rest_may_follow()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await Record(gateway, TestShop.Record(1));
        Sale cake = TestShop.Sale(2) with
        {
            Lines = [TestShop.Sale(1).Lines[1]],
            Payments = [new(PaymentMeans.Cash, new(35_000))],
            Total = new(35_000),
        };

        Assert.IsType<RecordOutcome.Issued>(await Record(gateway, Refund(2, of: 1, cake)));
        Sale coffee = cake with { Key = TestShop.Key(3), Lines = [TestShop.Sale(1).Lines[0]], Payments = [], Total = new(58_000) };
        Assert.IsType<RecordOutcome.Issued>(await Record(gateway, Refund(3, of: 1, coffee)));
        RecordOutcome last = await Record(gateway, Refund(4, of: 1, cake with { Key = TestShop.Key(4) }));

        Assert.Equal((long[])[-35_000, -58_000], Corrections(shop).Select(correction => correction.Invoice!.Total.Dong));
        Assert.Contains("VN-CORRECT-5", Assert.IsType<RecordOutcome.Held>(last).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_void_takes_back_the_receipts_discount_too()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        RegisterRecord record = TestShop.Record(1);
        Sale sale = record.Sale! with { ReceiptDiscount = new(3_000), Total = new(90_000), Payments = [new(PaymentMeans.Cash, new(90_000))] };
        await Record(gateway, record with { Sale = sale });

        Assert.IsType<RecordOutcome.Issued>(await Record(gateway, Void(2, of: 1)));

        Invoice invoice = Assert.Single(Corrections(shop)).Invoice!;
        Assert.Equal(new Money(-90_000), invoice.Total);
        Assert.Equal(LineNature.TradeDiscount, invoice.Sale.Lines[^1].Nature);
        Assert.Equal(new Money(3_000), invoice.Sale.Lines[^1].Amount);
    }

    [Theory]
    [InlineData(RecordKind.Refund, false, "found none named")]
    [InlineData(RecordKind.Void, true, "expected record SIM-0001")]
    public async Task What_names_no_known_receipt_is_held_with_its_record(RecordKind kind, bool isNamed, string reason)
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await Record(gateway, TestShop.Record(1));
        RegisterRecord record = (kind == RecordKind.Void ? Void(2, of: 77) : Refund(2, of: 77, TestShop.Sale(2))) with
        {
            Reference = isNamed ? TestShop.Key(77) : null,
        };

        RecordOutcome outcome = await Record(gateway, record);

        Assert.Contains(reason, Assert.IsType<RecordOutcome.Held>(outcome).Reason, StringComparison.Ordinal);
        Assert.Empty(Corrections(shop));
        Assert.Equal(1, gateway.Status.Held);
    }

    [Fact]
    public async Task A_void_of_a_held_sale_has_nothing_to_correct_and_is_held()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        RegisterRecord record = TestShop.Record(1);
        await Record(gateway, record with { Sale = record.Sale! with { Total = new(1) } });

        RecordOutcome outcome = await Record(gateway, Void(2, of: 1));

        Assert.Contains("nothing to correct", Assert.IsType<RecordOutcome.Held>(outcome).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Goods_that_cannot_be_reckoned_with_are_held_and_recording_goes_on()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await Record(gateway, TestShop.Record(1));
        Sale goods = TestShop.Sale(2) with { ReceiptDiscount = new(1) };
        Sale[] bad =
        [
            goods with { Lines = [goods.Lines[0] with { Rate = null }] },
            goods with { Lines = [goods.Lines[0] with { Amount = new(long.MaxValue) }, goods.Lines[1] with { Amount = new(long.MaxValue) }] },
            goods with { Lines = [goods.Lines[0] with { Amount = Money.Zero, UnitPrice = 0 }], Total = Money.Zero },
            goods with { ReceiptDiscount = Money.Zero, Lines = [goods.Lines[0] with { Amount = new(long.MinValue) }], Total = new(long.MinValue) },
        ];

        for (int i = 0; i < bad.Length; i++)
        {
            Assert.IsType<RecordOutcome.Held>(await Record(gateway, Refund((ulong)i + 2, of: 1, bad[i])));
        }

        Assert.IsType<RecordOutcome.Issued>(await Record(gateway, Void(6, of: 1)));
    }

    [Fact]
    public async Task A_receipt_that_just_fits_an_entry_and_whose_return_does_not_is_held_and_recording_goes_on()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        bool wasHeld = false;
        for (ulong i = 0; i < 40 && !wasHeld; i++)
        {
            RegisterRecord large = TestShop.Record((2 * i) + 1);
            SaleLine line = large.Sale!.Lines[1] with { Name = new string('x', 500) };
            Sale sale = large.Sale with
            {
                Lines = [.. Enumerable.Repeat(line, 60), line with { Name = new string('y', 20 + (10 * (int)i)) }],
                Payments = [],
                Total = new(61 * 35_000),
            };
            RecordOutcome sold = await Record(gateway, large with { Sale = sale });
            RecordOutcome back = await Record(gateway, Void((2 * i) + 2, of: (2 * i) + 1));
            wasHeld = sold is RecordOutcome.Issued && back is RecordOutcome.Held;
        }

        Assert.True(wasHeld, "expected one length at which the receipt fits and its return does not");
        Assert.False(gateway.Completion.IsCompleted);
    }

    [Fact]
    public async Task Many_sales_and_voids_at_once_lose_none_and_the_journal_verifies()
    {
        using TestShop shop = new();
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            var outcomes = new List<Task<RecordOutcome>>();
            for (ulong sequence = 1; sequence <= 60; sequence++)
            {
                RegisterRecord record = sequence % 3 == 0 ? Void(sequence, of: sequence - 1) : TestShop.Record(sequence);
                outcomes.Add(gateway.RecordAsync(record, TestContext.Current.CancellationToken));
            }

            Assert.All(await Task.WhenAll(outcomes).Soon(), outcome => Assert.IsType<RecordOutcome.Issued>(outcome));
        }

        Assert.Equal(20, Corrections(shop).Count);
        JournalAuditReport report = await JournalAudit.RunAsync(shop.JournalPath).Soon(TimeSpan.FromSeconds(60));
        Assert.Empty(report.Faults);
    }

    internal static RegisterRecord Void(ulong sequence, ulong of) => Other(RecordKind.Void, sequence) with
    {
        Reference = TestShop.Key(of),
        Remark = $"R{of} sai",
    };

    internal static RegisterRecord Refund(ulong sequence, ulong of, Sale goods) => Other(RecordKind.Refund, sequence) with
    {
        Reference = TestShop.Key(of),
        Sale = goods,
    };

    internal static RegisterRecord Other(RecordKind kind, ulong sequence)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes($"{kind}/{sequence}");
        return new() { Key = TestShop.Key(sequence), Kind = kind, Hash = Sha256Hash.Of(bytes), Bytes = bytes };
    }

    internal static List<Correction> Corrections(TestShop shop) =>
    [
        .. JournalExport.Read(shop.JournalPath).Where(entry => entry.Kind == EntryKind.Correction).Select(entry =>
        {
            Assert.Null(EntryFields.Read(entry.Body.Span, out EntryFields fields));
            return CorrectionContents.Read(fields.Content(entry.Body.Span));
        }),
    ];

    private static Task<RecordOutcome> Record(InvoicingGateway gateway, RegisterRecord record) =>
        gateway.RecordAsync(record, TestContext.Current.CancellationToken).Soon();
}
