using Invoicing.Gateway.Journal;
using Invoicing.Sales;
using Invoicing.Testing;
using Invoicing.Vietnam;

namespace Invoicing.Gateway.Tests.Journal;

/// <summary>Dates of issue behind the checkpoint, from which deadlines are worked out.</summary>
public sealed class UnacknowledgedDatesTests
{
    private static readonly DateOnly First = new(2026, 7, 1);

    [Fact]
    public async Task A_gateway_tells_the_earliest_date_that_waits()
    {
        using TestShop shop = new();
        var time = new ManualTime(new(2026, 7, 2, 9, 0, 0, VietnamTime.Offset));
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { Time = time }).Soon();
        Assert.Null(gateway.Status.EarliestUnacknowledged);

        await gateway.IssueAsync(Closed(1, First.AddDays(1))).Soon();
        Assert.Equal(First.AddDays(1), gateway.Status.EarliestUnacknowledged);

        await gateway.IssueAsync(Closed(2, First)).Soon(); // rung up yesterday, handed over today
        Assert.Equal(First, gateway.Status.EarliestUnacknowledged);
    }

    [Fact]
    public async Task The_earliest_date_of_all_that_waits_is_told_and_not_that_of_the_first_entry()
    {
        using TestShop shop = new();
        int[] days = [2, 0, 1, 0, 2, 2];
        long[] positions = await IssueAsync(shop, days);

        for (long checkpoint = 0; checkpoint <= positions[^1] + 1; checkpoint++)
        {
            int[] waiting = [.. days.Where((_, i) => positions[i] > checkpoint)];
            DateOnly? expected = waiting.Length == 0 ? null : First.AddDays(waiting.Min());
            using var fresh = new UnacknowledgedDates(shop.JournalPath);
            Assert.Equal(expected, fresh.Earliest(checkpoint));
        }
    }

    [Fact]
    public async Task Answers_stay_right_while_checkpoint_and_journal_move()
    {
        using TestShop shop = new();
        long[] positions = await IssueAsync(shop, [0, 0, 1]);
        using var dates = new UnacknowledgedDates(shop.JournalPath);

        Assert.Equal(First, dates.Earliest(0));
        Assert.Equal(First, dates.Earliest(positions[0]));
        Assert.Equal(First.AddDays(1), dates.Earliest(positions[1]));
        Assert.Null(dates.Earliest(positions[2]));
        Assert.Null(dates.Earliest(positions[2] + 1)); // the seal

        await IssueAsync(shop, [2], from: 4);
        Assert.Equal(First.AddDays(2), dates.Earliest(positions[2] + 1));
        dates.Dispose();
        Assert.Equal(First.AddDays(2), dates.Earliest(positions[2] + 1));
    }

    [Fact]
    public async Task A_long_backlog_is_read_in_pieces_the_oldest_first()
    {
        using TestShop shop = new();
        await IssueAsync(shop, [.. Enumerable.Repeat(1, UnacknowledgedDates.MostRead), 0]);
        using var dates = new UnacknowledgedDates(shop.JournalPath);

        Assert.Equal(First.AddDays(1), dates.Earliest(0));
        Assert.Equal(First, dates.Earliest(0));
    }

    private static Sale Closed(ulong sequence, DateOnly day) => TestShop.Sale(sequence) with
    {
        ClosedAt = new(day, new(8, 0), VietnamTime.Offset),
        Clock = ClockConfidence.Synchronised,
    };

    private static async Task<long[]> IssueAsync(TestShop shop, int[] days, ulong from = 1)
    {
        var time = new ManualTime(new(2026, 7, 5, 9, 0, 0, VietnamTime.Offset));
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { Time = time }).Soon();
        IssuedInvoice[] issued = await Task.WhenAll(
            days.Select((day, i) => gateway.IssueAsync(Closed(from + (ulong)i, First.AddDays(day))))).Soon();
        return [.. issued.Select(invoice => invoice.Entry.Position)];
    }
}
