using Invoicing.Authority.Audit;

namespace Invoicing.Authority.Tests.Audit;

public sealed class LineUseTests
{
    [Fact]
    public void Gaps_are_split_filled_and_closed()
    {
        var line = new LineUse(1);
        Assert.True(line.Claim(10));
        Assert.Equal([(1L, 9L)], line.Gaps);
        Assert.True(line.Claim(5));
        Assert.Equal([(1L, 4L), (6L, 9L)], line.Gaps);
        Assert.True(line.Claim(1));
        Assert.True(line.Claim(9));
        Assert.Equal([(2L, 4L), (6L, 8L)], line.Gaps);
        Assert.False(line.Claim(5));
        Assert.False(line.Claim(10));
        Assert.True(line.Claim(3));
        Assert.True(line.Claim(2));
        Assert.True(line.Claim(4));
        Assert.Equal([(6L, 8L)], line.Gaps);
        Assert.Equal(11, line.Next);
    }
}
