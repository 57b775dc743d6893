using Invoicing.Edge.Deadlines;
using Invoicing.Testing;
using Invoicing.Vietnam;
using Microsoft.Extensions.Logging;

namespace Invoicing.Edge.Tests.Deadlines;

public sealed class DeadlineWatchTests
{
    private static readonly DateOnly Day = new(2026, 7, 1);
    private static readonly DateTimeOffset Midnight = new(2026, 7, 2, 0, 0, 0, VietnamTime.Offset);
    private static readonly TimeSpan Long = TimeSpan.FromHours(5);

    [Theory]
    [InlineData("-02:00:01", "05:00:00", nameof(DeadlineState.Ok))]
    [InlineData("-02:00:00", "05:00:00", nameof(DeadlineState.Warning))]
    [InlineData("-00:00:01", "05:00:00", nameof(DeadlineState.Warning))]
    [InlineData("-00:00:01", "00:01:00", nameof(DeadlineState.Warning))]
    [InlineData("-00:00:01", "00:00:59", nameof(DeadlineState.Ok))] // just rung up and on its way
    [InlineData("00:00:00", "05:00:00", nameof(DeadlineState.Missed))]
    [InlineData("00:00:00", "00:00:00", nameof(DeadlineState.Missed))]
    [InlineData("240:00:00", "05:00:00", nameof(DeadlineState.Missed))]
    public void The_nearest_deadline_is_fine_near_or_missed(string fromMidnight, string waiting, string state)
    {
        TimeSpan after = Span(fromMidnight);
        DeadlineWatch watch = new(new(), new ManualTime(Midnight + after), new Said());

        DeadlineReport report = watch.Report(Day, Span(waiting))!;

        Assert.Equal((state, -after, Midnight), (report.State.ToString(), report.Remaining, report.Deadline.Due));
        Assert.Null(watch.Report(null, Long));
    }

    [Fact]
    public void An_announced_outage_and_another_time_of_warning_count()
    {
        AnnouncedOutage outage = new(Midnight.AddHours(-4), Midnight.AddHours(6), "notice 12/TB-CT");
        var time = new ManualTime(Midnight.AddHours(7));
        DeadlineWatch watch = new(new() { Outages = [outage], WarnBefore = TimeSpan.FromMinutes(30) }, time, new Said());

        Assert.Equal((DeadlineState.Ok, TimeSpan.FromHours(1)), (watch.Report(Day, Long)!.State, watch.Report(Day, Long)!.Remaining));
        time.StepWallClock(TimeSpan.FromMinutes(30));
        Assert.Equal((DeadlineState.Warning, outage), (watch.Report(Day, Long)!.State, watch.Report(Day, Long)!.Deadline.ExtendedBy));
        time.StepWallClock(TimeSpan.FromMinutes(30));
        Assert.Equal(DeadlineState.Missed, watch.Report(Day, Long)!.State);
    }

    [Fact]
    public void It_says_once_when_a_deadline_is_near_and_once_when_it_is_missed()
    {
        var time = new ManualTime(Midnight.AddHours(-3));
        var said = new Said();
        DeadlineWatch watch = new(new(), time, said);

        Look(TimeSpan.FromMinutes(59), null);
        Look(TimeSpan.FromSeconds(30), Day); // 2 h and 30 s before
        Assert.Empty(said.Lines);

        Look(TimeSpan.FromSeconds(30), Day);
        Look(TimeSpan.FromMinutes(10), Day);
        Look(TimeSpan.FromMinutes(10), null); // sent
        Look(TimeSpan.FromMinutes(10), Day);  // another sale of the same day waits
        string near = "2250 Warning Invoices of 2026-07-01 are not yet with the authority and are due by 2026-07-02T00:00:00.0000000+07:00: "
            + "same-day, Decree 254/2026/NĐ-CP, Art. 16.3 (Practice)";
        Assert.Equal([near], said.Lines);

        Look(TimeSpan.FromHours(2), Day);
        Look(TimeSpan.FromHours(2), Day);
        Assert.Equal(2, said.Lines.Count);
        Assert.StartsWith("2251 Error Invoices of 2026-07-01 are not with the authority and were due by", said.Lines[1], StringComparison.Ordinal);

        Look(TimeSpan.FromHours(20), Day.AddDays(1)); // the first day is sent, the second has a deadline of its own
        Assert.StartsWith("2250 Warning Invoices of 2026-07-02", said.Lines[2], StringComparison.Ordinal);

        void Look(TimeSpan after, DateOnly? earliest)
        {
            time.StepWallClock(after);
            watch.Say(watch.Report(earliest, Long));
        }
    }

    [Fact]
    public async Task It_looks_at_once_and_then_every_half_minute_until_it_is_stopped()
    {
        var time = new ManualTime(Midnight.AddHours(1));
        var said = new Said();
        using var looks = new SemaphoreSlim(0);
        using var stop = new CancellationTokenSource();
        Task running = new DeadlineWatch(new(), time, said).RunAsync(
            () =>
            {
                looks.Release();
                return (Day, Long);
            },
            stop.Token);

        await looks.WaitAsync(stop.Token).Soon();
        for (int i = 0; i < 3; i++)
        {
            time.Advance(DeadlineWatch.Pause);
            await looks.WaitAsync(stop.Token).Soon();
        }

        time.Advance(DeadlineWatch.Pause - TimeSpan.FromSeconds(1));
        await stop.CancelAsync();
        await running.Soon();
        Assert.Equal(0, looks.CurrentCount);
        Assert.Single(said.Lines); // missed, said at the first look and not again
    }

    private static TimeSpan Span(string text) => text.StartsWith("240", StringComparison.Ordinal)
        ? TimeSpan.FromHours(240)
        : TimeSpan.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private sealed class Said : ILogger<DeadlineWatch>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{eventId.Id} {logLevel} {formatter(state, exception)}");
    }
}
