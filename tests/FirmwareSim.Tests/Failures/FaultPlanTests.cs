using FirmwareSim.Baskets;
using FirmwareSim.Failures;

namespace FirmwareSim.Tests.Failures;

public sealed class FaultPlanTests
{
    [Fact]
    public void The_table_has_25_faults_by_number_and_each_fits_something()
    {
        Assert.Equal(25, FaultTable.Rows.Length);
        Assert.Equal(Enumerable.Range(1, 25), FaultTable.Rows.Select(row => (int)row.Fault));
        Assert.Equal(25, FaultTable.Rows.Select(row => row.Name).Distinct().Count());
        Assert.All(FaultTable.Rows, row => Assert.NotEqual(Protocol.None, row.Fits));
    }

    [Theory]
    [InlineData("nak", "1")]
    [InlineData("nak@3", "3")]
    [InlineData("nak@every=4", "4 8 12")]
    [InlineData("nak@bytes=50", "6")]
    public void An_order_strikes_when_it_says(string text, string expected)
    {
        FaultPlan plan = new(Protocol.DatecsX, [Order(text)], 1, 0);
        List<int> struck = [];
        for (int occasion = 1; occasion <= 12; occasion++)
        {
            if (plan.Strikes(Fault.Nak))
            {
                struck.Add(occasion);
            }

            Assert.False(plan.Strikes(Fault.Echo));
            plan.Sent(10);
        }

        Assert.Equal(expected, string.Join(' ', struck));
    }

    [Fact]
    public void By_seed_a_fault_strikes_at_its_rate_and_the_same_each_time_whatever_else_is_asked()
    {
        static string Draw(bool withOthers)
        {
            FaultPlan plan = new(Protocol.DatecsX, [], 5, 100);
            return string.Concat(Enumerable.Range(0, 1000).Select(_ => (withOthers && plan.Strikes(Fault.Echo)) || plan.Strikes(Fault.Nak) ? '1' : '0'));
        }

        FaultPlan counted = new(Protocol.DatecsX, [], 5, 100);
        int hits = Enumerable.Range(0, 10_000).Count(_ => counted.Strikes(Fault.Nak));
        Assert.InRange(hits, 850, 1150);
        Assert.Equal(Draw(withOthers: false), Draw(withOthers: false));
        Assert.False(counted.Strikes(Fault.LostAck));
        Assert.Equal(hits, counted.Struck[Fault.Nak]);
    }

    [Theory]
    [InlineData("melt", "expected NAME, NAME@N (the N-th occasion), NAME@bytes=N or NAME@every=N; \"firmware-sim faults\" lists the names, found \"melt\"")]
    [InlineData("nak@0", "expected NAME, NAME@N (the N-th occasion), NAME@bytes=N or NAME@every=N; \"firmware-sim faults\" lists the names, found \"nak@0\"")]
    [InlineData("nak@some=3", "expected NAME, NAME@N (the N-th occasion), NAME@bytes=N or NAME@every=N; \"firmware-sim faults\" lists the names, found \"nak@some=3\"")]
    [InlineData("log-overflow", "fault 12, log-overflow, does not fit datecs-x: it is for eutron, eutron-tcp")]
    public void An_order_that_is_none_is_told_in_a_sentence(string text, string error) =>
        Assert.Equal((null, error), FaultOrder.Parse(text, Protocol.DatecsX, "datecs-x"));

    [Fact]
    public void Two_flips_keep_every_sum_of_bytes_and_change_a_number()
    {
        byte[] frame = "0\t38500.00\t2.000\t"u8.ToArray();
        for (ulong seed = 0; seed < 100; seed++)
        {
            byte[] hit = FrameDamage.FlipDigitsTwice(frame, 0, frame.Length, new SeededDraw(1, seed));
            Assert.Equal(frame.Sum(part => part), hit.Sum(part => part));
            Assert.NotEqual(frame, hit);
            Assert.All(hit.Zip(frame), pair => Assert.Equal(char.IsAsciiDigit((char)pair.Second), char.IsAsciiDigit((char)pair.First)));

            byte[] bcd = FrameDamage.FlipBcdTwice([0x00, 0x20, 0x30, 0x95], 0, 4, new SeededDraw(1, seed));
            Assert.Equal(0xE5, bcd.Sum(part => part));
        }
    }

    [Fact]
    public void One_flip_hits_one_bit_between_the_marks()
    {
        byte[] frame = new byte[20];
        for (ulong seed = 0; seed < 100; seed++)
        {
            byte[] hit = FrameDamage.Flip(frame, 5, 9, new SeededDraw(1, seed));
            int at = Assert.Single(Enumerable.Range(0, 20), i => hit[i] != 0);
            Assert.InRange(at, 5, 8);
            Assert.Equal(1, System.Numerics.BitOperations.PopCount(hit[at]));
        }
    }

    private static FaultOrder Order(string text)
    {
        (FaultOrder? order, string? error) = FaultOrder.Parse(text, Protocol.DatecsX, "datecs-x");
        return order ?? throw new FormatException(error);
    }
}
