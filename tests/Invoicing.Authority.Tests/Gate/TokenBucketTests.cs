using Invoicing.Authority.Gate;

namespace Invoicing.Authority.Tests.Gate;

public sealed class TokenBucketTests
{
    [Fact]
    public void A_burst_then_a_rate()
    {
        var bucket = new TokenBucket(rate: 2, burst: 3);
        var now = TimeSpan.FromSeconds(100);
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => bucket.TryTake(now)));
        Assert.False(bucket.IsFullAt(now));

        now += TimeSpan.FromSeconds(1);
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => bucket.TryTake(now)));
        now += TimeSpan.FromHours(1);
        Assert.True(bucket.IsFullAt(now));
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => bucket.TryTake(now)));
    }
}
