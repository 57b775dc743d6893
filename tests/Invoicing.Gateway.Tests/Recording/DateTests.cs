using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Testing;
using static Invoicing.Gateway.Tests.Recording.RecordCalls;

namespace Invoicing.Gateway.Tests.Recording;

/// <summary>Times and dates of entries under a clock that is set and a year that ends.</summary>
public sealed class DateTests
{
    [Fact]
    public async Task Order_never_comes_from_a_clock_and_times_never_go_back()
    {
        using TestShop shop = new();
        var time = new ManualTime(new(2026, 7, 10, 8, 0, 0, TimeSpan.Zero));
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { Time = time }).Soon();
        int[] steps = [-90, 30, -100, 3600, -60, 0, 86_400];
        for (int i = 0; i < steps.Length; i++)
        {
            time.StepWallClock(TimeSpan.FromSeconds(steps[i]));
            await Record(gateway, TestShop.Record((ulong)i + 1));
        }

        long[] times = [.. JournalExport.Read(shop.JournalPath).Select(entry =>
        {
            Assert.Null(EntryFields.Read(entry.Body.Span, out EntryFields fields));
            return fields.RecordedAt;
        })];
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public async Task At_midnight_the_date_of_issue_is_that_of_the_recording()
    {
        using TestShop shop = new();
        var time = new ManualTime(new(2026, 12, 31, 16, 59, 59, TimeSpan.Zero));
        using BlockingSigner signer = new();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { Time = time, Signer = signer }).Soon();
        signer.Block();
        Task<IssuedInvoice> before = gateway.IssueAsync(TestShop.Sale(1));
        await signer.Reached.Soon();
        Task<IssuedInvoice> after = gateway.IssueAsync(TestShop.Sale(2));
        time.Advance(TimeSpan.FromSeconds(2));
        signer.Release();

        Assert.Equal("C26MAA", (await before.Soon()).Invoice.Series.ToString());
        IssuedInvoice newYear = await after.Soon();
        Assert.Equal(new DateOnly(2027, 1, 1), newYear.Invoice.IssuedOn);
        Assert.Equal("C27MAA", newYear.Invoice.Series.ToString());
        Assert.StartsWith("M1-27-", newYear.Invoice.Code.ToString(), StringComparison.Ordinal);
    }
}
