using Invoicing.Registers.Tests.Tlk.Session;
using Invoicing.Registers.Tlk.Messages;

namespace Invoicing.Registers.Tests.Tlk.Messages;

public sealed class HelloMessageTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 0)]
    [InlineData(255, 0)]
    public void A_confidence_that_is_not_known_counts_as_a_clock_that_was_never_set(byte said, byte read)
    {
        byte[] payload = SessionBench.Hello().Payload.ToArray();
        byte[] confidence = [Tag.Confidence, 1, 2];
        int at = payload.AsSpan().IndexOf(confidence);
        Assert.True(at > 0);
        payload[at + 2] = said;

        HelloMessage hello = Assert.IsType<HelloMessage>(HelloMessage.Read(payload, out _));

        Assert.Equal(read, hello.Confidence);
        Assert.Equal(read == 0, hello.Register.Clock is null);
    }

    [Fact]
    public void Capabilities_that_are_not_known_yet_change_nothing()
    {
        Assert.NotNull(HelloMessage.Read(SessionBench.Hello(caps: 0xFFFF_FFF0).Payload, out string? fault));
        Assert.Null(fault);
    }
}
