using Invoicing.Amounts;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Invoices;
using Invoicing.Sales;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Recording;

/// <summary>A register's day close, against what is recorded of its day.</summary>
public sealed class DayCloseTests
{
    [Fact]
    public async Task A_day_closes_with_what_became_of_its_records_and_agrees_with_the_register()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await Record(gateway, TestShop.Record(1));
        await Record(gateway, TestShop.Record(2, cake: 40_000));
        StatedTotals stated = new(
            2, new(191_000), [new(TaxRate.Eight, new(176_852), new(14_148))], [new(PaymentMeans.Cash, new(191_000))]);

        RecordOutcome outcome = await Record(gateway, Close(3, stated));

        Assert.IsType<RecordOutcome.Recorded>(outcome);
        DayClose close = Assert.Single(Closes(shop));
        Assert.Equal((1UL, 2UL, 2L, 191_000L), (close.FirstSequence, close.LastSequence, close.Recorded.Sales, close.Recorded.Total.Dong));
        Assert.Equal(new DateOnly(2026, 7, 3), close.Date);
        Assert.Equal(new Payment(PaymentMeans.Cash, new(191_000)), Assert.Single(close.Recorded.Payments));
        Assert.Empty(close.Recorded.DifferencesTo(close.Stated!));
    }

    [Fact]
    public async Task Held_sales_returns_and_drawer_openings_are_told_apart()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await Record(gateway, TestShop.Record(1));
        RegisterRecord wrong = TestShop.Record(2);
        await Record(gateway, wrong with { Sale = wrong.Sale! with { Total = new(5) } });
        await Record(gateway, ReturnTests.Void(3, of: 1));
        await Record(gateway, ReturnTests.Other(RecordKind.NoSale, 4));
        await Record(gateway, Close(5, new(2, new(93_005), [], [])));

        DayClose close = Assert.Single(Closes(shop));

        Assert.Equal(
            (DayPartSum[])
            [
                new(DayPart.Invoice, 1, new(93_000)), new(DayPart.Adjustment, 1, new(-93_000)), new(DayPart.Held, 1, new(5)),
                new(DayPart.Other, 1, Money.Zero),
            ],
            close.Recorded.Parts);
        Assert.Equal(Money.Zero, close.Recorded.Total);
        Assert.Empty(close.Recorded.DifferencesTo(close.Stated!));
    }

    [Fact]
    public async Task A_held_total_beyond_every_amount_is_counted_and_does_not_keep_the_day_open()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        for (ulong sequence = 1; sequence <= 2; sequence++)
        {
            RegisterRecord record = TestShop.Record(sequence);
            await Record(gateway, record with { Sale = record.Sale! with { Total = new(long.MaxValue) } });
        }

        Assert.IsType<RecordOutcome.Recorded>(await Record(gateway, Close(3, stated: null)));
        Assert.Equal(new DayPartSum(DayPart.Held, 2, Money.Zero), Assert.Single(Assert.Single(Closes(shop)).Recorded.Parts));
    }

    [Fact]
    public async Task Each_difference_to_the_register_is_named_with_what_is_here_and_there()
    {
        using TestShop shop = new();
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await Record(gateway, TestShop.Record(1));
        await Record(
            gateway,
            Close(2, new(2, new(94_000), [new(TaxRate.Ten, new(1), new(2))], [new(PaymentMeans.Card, new(94_000))])));

        DayClose close = Assert.Single(Closes(shop));

        Assert.Equal(
            (string[])
            [
                "DAY-COUNT at Sales: expected 1, found 2", "DAY-TOTAL at Total: expected 93000 ₫, found 94000 ₫",
                "DAY-TAX at Taxes[10%]: expected 0 ₫ + 0 ₫, found 1 ₫ + 2 ₫", "DAY-PAYMENT at Payments[Card]: expected 0 ₫, found 94000 ₫",
            ],
            close.Recorded.DifferencesTo(close.Stated!).Select(difference => difference.ToString()));
    }

    [Fact]
    public async Task The_next_day_begins_after_the_last_close_also_after_a_restart()
    {
        using TestShop shop = new();
        await using (InvoicingGateway gateway = await shop.OpenAsync())
        {
            await Record(gateway, TestShop.Record(1));
            await Record(gateway, Close(2, stated: null));
            await Record(gateway, TestShop.Record(3));
        }

        await using InvoicingGateway again = await shop.OpenAsync();
        await Record(again, TestShop.Record(4));
        await Record(again, Close(5, stated: null));

        Assert.Equal(
            ((ulong, ulong, long)[])[(1, 1, 1), (3, 4, 2)],
            Closes(shop).Select(close => (close.FirstSequence, close.LastSequence, close.Recorded.Sales)));
        Assert.All(Closes(shop), close => Assert.Null(close.Stated));
    }

    private static RegisterRecord Close(ulong sequence, StatedTotals? stated) => ReturnTests.Other(RecordKind.DayClose, sequence) with
    {
        Stated = stated,
        At = new DateTimeOffset(2026, 7, 2, 23, 30, 0, TimeSpan.Zero), // 06:30 of the next day in Vietnam
    };

    private static IEnumerable<DayClose> Closes(TestShop shop) =>
        JournalExport.Read(shop.JournalPath).Where(entry => entry.Kind == EntryKind.DayClose).Select(entry =>
        {
            Assert.Null(EntryFields.Read(entry.Body.Span, out EntryFields fields));
            return DayCloseContents.Read(fields.Content(entry.Body.Span));
        });

    private static Task<RecordOutcome> Record(InvoicingGateway gateway, RegisterRecord record) =>
        gateway.RecordAsync(record, TestContext.Current.CancellationToken).Soon();
}
