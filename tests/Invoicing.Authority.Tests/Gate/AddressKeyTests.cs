using System.Net;
using Invoicing.Authority.Gate;

namespace Invoicing.Authority.Tests.Gate;

public sealed class AddressKeyTests
{
    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3")]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void An_address_counts_as_what_one_subscriber_has(string address, string key) =>
        Assert.Equal(key, AddressKey.Of(new IPEndPoint(IPAddress.Parse(address), 1)).ToString());

    [Fact]
    public void The_addresses_of_one_network_are_one_and_those_of_two_are_two()
    {
        Assert.Equal(Key("2001:db8::1"), Key("2001:db8::ffff:1"));
        Assert.NotEqual(Key("2001:db8::1"), Key("2001:db8:0:1::1"));
        Assert.NotEqual(Key("10.0.0.1"), Key("10.0.0.2"));
        Assert.Equal(default, AddressKey.Of(null));
    }

    private static AddressKey Key(string address) => AddressKey.Of(new IPEndPoint(IPAddress.Parse(address), 1));
}
