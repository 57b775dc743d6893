using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Gateway.Recording;
using Invoicing.Sales;
using Invoicing.Testing;
using static Invoicing.Gateway.Tests.Recording.RecordCalls;

namespace Invoicing.Gateway.Tests.Recording;

/// <summary>What is missing for a time: nothing is recorded, it says why, and it ends by itself.</summary>
public sealed class WaitTests
{
    [Fact]
    public async Task Codes_and_numbers_used_up_record_nothing_and_say_what_is_missing()
    {
        using TestShop shop = new(codes: 2, numbers: 100);
        await using InvoicingGateway gateway = await shop.OpenAsync();
        await Record(gateway, TestShop.Record(1));
        Assert.False(gateway.Status.RangesRunLow && gateway.Status.CodesLeft == 2);
        await Record(gateway, TestShop.Record(2));
        long head = gateway.Status.HeadPosition;

        RecordOutcome.NotNow outcome = Assert.IsType<RecordOutcome.NotNow>(await Record(gateway, TestShop.Record(3)));

        Assert.Contains("used up: a range of authority codes", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(head, gateway.Status.HeadPosition);
        Assert.Equal(0, gateway.Status.CodesLeft);
        Assert.Equal(98, gateway.Status.NumbersLeft["C26MAA"]);
        Assert.True(gateway.Status.RangesRunLow);
        Assert.Equal(RecordingState.Waiting, gateway.Status.Recording.State);
        Assert.IsType<RecordOutcome.Recorded>(await Record(gateway, TestShop.Record(3) with { Kind = RecordKind.NoSale, Sale = null }));
    }

    [Fact]
    public async Task While_the_clock_is_not_plausible_nothing_is_recorded_and_it_ends_by_itself()
    {
        using TestShop shop = new();
        var time = new ManualTime();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { Time = time }).Soon();
        await Record(gateway, TestShop.Record(1));

        time.StepWallClock(TimeSpan.FromDays(-1));
        RecordOutcome.NotNow outcome = Assert.IsType<RecordOutcome.NotNow>(await Record(gateway, TestShop.Record(2)));
        Assert.Contains("which is before", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(RecordingState.Waiting, gateway.Status.Recording.State);
        Assert.Equal(
            new RecordOutcome.Issued(new("M1-26-A1B2C-00000000000", "C26MAA", 1), "MCCQT=M1-26-A1B2C-00000000000;MST=0107001729;TT=93000"),
            await Record(gateway, TestShop.Record(1)));

        time.StepWallClock(TimeSpan.FromDays(2));
        Assert.IsType<RecordOutcome.Issued>(await Record(gateway, TestShop.Record(2)));
        Assert.Equal(RecordingState.On, gateway.Status.Recording.State);
        Assert.Contains(JournalExport.Read(shop.JournalPath), entry => entry.Kind == EntryKind.DeviceEvent);
    }

    [Fact]
    public async Task A_key_that_is_gone_records_nothing_and_it_ends_by_itself()
    {
        using TestShop shop = new();
        using FailingSigner signer = new();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { Signer = signer }).Soon();
        await Record(gateway, TestShop.Record(1));

        signer.IsOut = true;
        Assert.Equal(new RecordOutcome.NotNow("the token was pulled out; put it back"), await Record(gateway, TestShop.Record(2)));
        Assert.Equal(RecordingState.Waiting, gateway.Status.Recording.State);
        signer.IsOut = false;

        Assert.Equal(2, Assert.IsType<RecordOutcome.Issued>(await Record(gateway, TestShop.Record(2))).Invoice.Number);
        Assert.Equal(RecordingState.On, gateway.Status.Recording.State);
    }

    [Fact]
    public async Task A_key_that_fails_now_and_then_under_load_loses_and_doubles_nothing()
    {
        const int Callers = 16;
        const int Sales = 60;
        using TestShop shop = new();
        using FailingSigner signer = new(failEvery: 47);
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options with { Signer = signer }).Soon();
        int refused = 0;

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (ulong i = 1; i <= Sales;)
            {
                try
                {
                    await gateway.IssueAsync(TestShop.Sale(i, $"R{caller}"));
                    i++;
                }
                catch (NotRecordedException)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        }))).Soon(TimeSpan.FromSeconds(60));

        JournalAuditReport report = await JournalAudit.RunAsync(shop.JournalPath).Soon(TimeSpan.FromSeconds(60));
        Assert.Empty(report.Faults);
        Assert.Equal(Callers * Sales, report.Invoices);
        Assert.Equal(report.HeadPosition, gateway.Status.HeadPosition);
        Assert.True(refused > 0, "the key should have failed");
    }
}
