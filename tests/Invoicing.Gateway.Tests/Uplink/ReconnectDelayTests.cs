using Invoicing.Gateway.Uplink;

namespace Invoicing.Gateway.Tests.Uplink;

public sealed class ReconnectDelayTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(0, 0.0, 250)]
    [InlineData(0, 1.0, 500)]
    [InlineData(1, 1.0, 1_000)]
    [InlineData(3, 0.0, 2_000)]
    [InlineData(6, 1.0, 30_000)]
    [InlineData(int.MaxValue, 0.0, 15_000)]
    [InlineData(int.MaxValue, 1.0, 30_000)]
    public void Doubles_with_jitter_up_to_the_cap(int attempt, double jitter, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), ReconnectDelay.Of(First, Cap, attempt, jitter));
}
