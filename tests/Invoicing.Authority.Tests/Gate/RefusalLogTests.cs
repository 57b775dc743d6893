using System.Net;
using Invoicing.Authority.Gate;
using Invoicing.Testing;

namespace Invoicing.Authority.Tests.Gate;

public sealed class RefusalLogTests
{
    [Fact]
    public void Ten_are_told_at_once_then_one_in_ten_seconds_with_the_number_of_the_others()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero));
        var log = new RefusalLog(time);
        var address = AddressKey.Of(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 1));
        Assert.Equal(10, Enumerable.Range(0, 1_000).Count(_ => log.MayTell(address, out long _)));
        Assert.True(log.MayTell(AddressKey.Of(new IPEndPoint(IPAddress.Parse("10.0.0.2"), 1)), out long none));
        Assert.Equal(0, none);

        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(log.MayTell(address, out long untold));
        Assert.Equal(990, untold);
        Assert.False(log.MayTell(address, out _));
    }

    [Fact]
    public void More_addresses_than_are_remembered_do_no_harm()
    {
        var log = new RefusalLog(TimeProvider.System);
        for (int i = 0; i < 25_000; i++)
        {
            Assert.True(log.MayTell(new((UInt128)i), out _));
        }
    }
}
