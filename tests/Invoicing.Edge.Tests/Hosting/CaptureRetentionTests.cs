using System.Collections.Immutable;
using Invoicing.Edge.Hosting;
using Invoicing.Edge.Tests.Commands;
using Invoicing.Sales;
using Invoicing.Testing;

namespace Invoicing.Edge.Tests.Hosting;

/// <summary>Captures go when their time is over, by the clock of the service.</summary>
public sealed class CaptureRetentionTests : IDisposable
{
    private readonly LogLines _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task What_is_judged_and_recorded_goes_after_its_days_and_what_waits_stays()
    {
        await using RunningEdge edge = await RunningEdge.StartAsync(""", "captures_kept": 30""", _log);
        ICaptureBook book = await edge.Gateway.Captures.OpenAsync(new("TILL-1"), default);
        DateTimeOffset start = edge.Time.GetUtcNow();
        const int Old = 100;
        for (int i = 1; i <= Old; i++)
        {
            await KeepAsync(book, start, i switch
            {
                7 => null, // nobody has judged it
                8 => new(CaptureClass.NotRead, "a hole that the journal does not have yet", null, TakesRecord: true),
                _ => new(CaptureClass.Kitchen, "an order", null, TakesRecord: false),
            });
        }

        await edge.UntilAsync(() => edge.Time.GetUtcNow() - start > TimeSpan.FromDays(29), "the thirtieth day", TimeSpan.FromHours(12));
        Assert.Equal(Old, (await book.ListAsync(null, null, 1000, default)).Length);
        for (int i = 0; i < CaptureRetention.KeptNewest - 10; i++)
        {
            await KeepAsync(book, edge.Time.GetUtcNow(), new(CaptureClass.Kitchen, "an order", null, TakesRecord: false));
        }

        await edge.UntilAsync(() => edge.Host.Retention.Deleted > 0, "something is deleted", TimeSpan.FromMinutes(10));

        // All that is old but the two that wait, and but ten of the newest fifty.
        ImmutableArray<KeptCapture> left = await book.ListAsync(null, null, 1000, default);
        Assert.Equal(Old - 12, edge.Host.Retention.Deleted);
        Assert.Equal([7, 8], left.Where(piece => piece.Number <= Old - 10).Select(piece => piece.Number).Order());
        Assert.Equal(CaptureRetention.KeptNewest + 2, left.Length);
        LogLines.LogLine told = Assert.Single(_log.All, line => line.Id == 2261);
        Assert.Equal("88 captures were deleted that are older than 30 days and recorded", told.Text);
        Assert.InRange(edge.Time.GetUtcNow() - start, TimeSpan.FromDays(30), TimeSpan.FromDays(30) + CaptureRetention.Pause + TimeSpan.FromHours(12));
    }

    [Fact]
    public async Task Without_captures_no_file_is_made_by_looking()
    {
        await using RunningEdge edge = await RunningEdge.StartAsync();

        DateTimeOffset until = edge.Time.GetUtcNow() + TimeSpan.FromHours(5);
        await edge.UntilAsync(() => edge.Time.GetUtcNow() >= until, "five hours later", TimeSpan.FromMinutes(10));

        Assert.False(File.Exists(edge.Journal + ".captures.db"));
    }

    private static async Task KeepAsync(ICaptureBook book, DateTimeOffset at, CaptureJudgement? judgement)
    {
        long number = await book.KeepAsync(at, isWhole: true, "order"u8.ToArray(), default).Soon();
        if (judgement is not null)
        {
            await book.JudgeAsync(number, judgement, default).Soon();
        }
    }
}
