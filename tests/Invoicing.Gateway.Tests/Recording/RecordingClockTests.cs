using Invoicing.Gateway.Recording;

namespace Invoicing.Gateway.Tests.Recording;

public sealed class RecordingClockTests
{
    private const long Now = RecordingClock.Build + 1_000_000_000;
    private const long Minute = 60_000;

    [Fact]
    public void A_clock_after_everything_known_is_taken_as_it_is() =>
        Assert.Equal(new ClockReading(Now, null), RecordingClock.Read(Now, Now - 1, Now - 5, Now - 100));

    [Fact]
    public void A_clock_a_little_behind_bears_the_later_time_which_is_known_to_be_past()
    {
        Assert.Equal(new ClockReading(Now + Minute, null), RecordingClock.Read(Now, Now + Minute, 0, 0));
        Assert.Equal(new ClockReading(Now + (2 * Minute), null), RecordingClock.Read(Now, 0, Now + (2 * Minute), 0));
    }

    [Theory]
    [InlineData(3 * Minute, 0, 0, "the last entry")]
    [InlineData(0, 3 * Minute, 0, "the authority's last watermark")]
    [InlineData(0, 0, 3 * Minute, "the device's enrolment")]
    public void A_clock_far_behind_records_nothing_and_says_behind_what(long last, long anchor, long enrolled, string what)
    {
        ClockReading reading = RecordingClock.Read(Now, Now + last, anchor == 0 ? 0 : Now + anchor, enrolled == 0 ? 0 : Now + enrolled);

        Assert.Contains(what, reading.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_before_the_build_records_nothing() =>
        Assert.Contains("1970-01-01 00:00:00 UTC, which is before the program's build", RecordingClock.Read(0, 0, 0, 0).Fault, StringComparison.Ordinal);

    [Fact]
    public void Steps_of_the_clock_are_seen_both_ways_and_slewing_is_not()
    {
        ClockWatch watch = default(ClockWatch).Look(Now, 0, out long expected);
        Assert.Equal(0, expected);

        watch = watch.Look(Now + 11_000, 10_000, out expected);
        Assert.Equal(0, expected);

        watch = watch.Look(Now + 11_000 + Minute, 10_000, out expected);
        Assert.Equal(Now + 11_000, expected);

        watch.Look(Now, 10_000, out expected);
        Assert.Equal(Now + 11_000 + Minute, expected);
    }

    [Fact]
    public void At_most_six_steps_are_told_in_an_hour()
    {
        ClockWatch watch = default(ClockWatch).Look(Now, 0, out _);
        int told = 0;
        for (int i = 1; i <= 20; i++)
        {
            watch = watch.Look(Now + (i * Minute), i, out long expected);
            told += expected == 0 ? 0 : 1;
        }

        Assert.Equal(6, told);
        watch.Look(Now + (50 * Minute), 3_600_100, out long later);
        Assert.NotEqual(0, later);
    }
}
