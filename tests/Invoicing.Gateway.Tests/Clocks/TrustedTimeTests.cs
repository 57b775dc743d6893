using Invoicing.Gateway.Clocks;
using Invoicing.Testing;

namespace Invoicing.Gateway.Tests.Clocks;

public sealed class TrustedTimeTests
{
    private const long Floor = TrustedTime.Build + 1_000_000_000;
    private const long Minute = 60_000;

    [Theory]
    [InlineData(Floor + 1, Floor + 500 * Minute, ClockSource.System)] // plausible: never overridden, however far the authority's is
    [InlineData(Floor, null, ClockSource.System)]
    [InlineData(Floor - (2 * Minute), Floor, ClockSource.System)]
    [InlineData(Floor - (2 * Minute) - 1, Floor, ClockSource.Authority)]
    [InlineData(0, Floor + 1, ClockSource.Authority)]
    [InlineData(0, null, ClockSource.System)]
    [InlineData(0, Floor - (3 * Minute), ClockSource.System)] // the authority's is not plausible either
    public void The_systems_clock_counts_while_it_is_plausible(long system, long? authority, object counts) =>
        Assert.Equal((ClockSource)counts, TrustedTime.Choose(ClockSource.System, system, Floor, authority));

    [Fact]
    public void Back_to_the_systems_clock_only_once_it_has_passed_all_that_is_past()
    {
        Assert.Equal(ClockSource.Authority, TrustedTime.Choose(ClockSource.Authority, Floor - 1, Floor, Floor + Minute));
        Assert.Equal(ClockSource.System, TrustedTime.Choose(ClockSource.Authority, Floor, Floor, Floor + Minute));
    }

    [Fact]
    public void The_best_known_time_is_the_greatest_and_says_whether_it_may_be_later()
    {
        Assert.Equal(new KnownTime(Floor + Minute, IsLowerBound: false), TrustedTime.Best(Floor + Minute, Floor, Floor + (90 * Minute)));
        Assert.Equal(new KnownTime(Floor, IsLowerBound: false), TrustedTime.Best(Floor - Minute, Floor, null));
        Assert.Equal(new KnownTime(Floor, IsLowerBound: true), TrustedTime.Best(0, Floor, null));
        Assert.Equal(new KnownTime(Floor + Minute, IsLowerBound: true), TrustedTime.Best(0, Floor, Floor + Minute));
        Assert.Equal(new KnownTime(Floor, IsLowerBound: true), TrustedTime.Best(0, Floor, Floor - Minute));
    }

    [Fact]
    public void The_authoritys_time_goes_on_by_the_steady_clock_whatever_becomes_of_the_systems()
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        var clock = new DeviceClock(time);
        clock.RaiseProven(Floor);
        Assert.Equal(DateTimeOffset.UnixEpoch, clock.GetUtcNow());
        Assert.Null(clock.Difference);

        clock.Authority.Hear(Floor + Minute);
        time.Advance(TimeSpan.FromMinutes(2));
        time.StepWallClock(TimeSpan.FromDays(-1));

        Assert.Equal(Floor + (3 * Minute), clock.GetUtcNow().ToUnixTimeMilliseconds());
        Assert.Equal(TimeSpan.FromMilliseconds(-Floor - Minute) - TimeSpan.FromDays(1), clock.Difference);

        time.StepWallClock(TimeSpan.FromMilliseconds(Floor + Minute) + TimeSpan.FromDays(1));
        Assert.Equal(time.GetUtcNow(), clock.GetUtcNow());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(TrustedTime.Build - 1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void What_is_no_time_is_not_heard(long said)
    {
        var clock = new DeviceClock(new ManualTime());
        clock.Authority.Hear(said);
        Assert.Null(clock.Authority.Now);
    }

    [Fact]
    public void What_is_past_never_becomes_future_again()
    {
        var clock = new DeviceClock(new ManualTime());
        clock.Raise(Floor);
        clock.Raise(Floor - 1);
        Assert.Equal(Floor, clock.Floor);
    }

    [Fact]
    public void An_entry_of_a_clock_that_was_far_ahead_makes_no_certificate_end()
    {
        var time = new ManualTime();
        var clock = new DeviceClock(time);
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        clock.Raise(now + TimeSpan.FromDays(3650).Ticks / TimeSpan.TicksPerMillisecond);
        Assert.Equal(new KnownTime(now, IsLowerBound: false), clock.Best);

        clock.RaiseProven(now + (60 * Minute));
        Assert.Equal(new KnownTime(now + (60 * Minute), IsLowerBound: true), clock.Best);
    }
}
