using Invoicing.Amounts;
using Invoicing.Testing;
using Invoicing.Vietnam;

namespace Invoicing.Tests.Vietnam;

public sealed class AmountInWordsTests
{
    private const long Most = 999_999_999_999_999;

    [Theory]
    [InlineData(0, "Không đồng")]
    [InlineData(1, "Một đồng")]
    [InlineData(4, "Bốn đồng")]
    [InlineData(5, "Năm đồng")]
    [InlineData(10, "Mười đồng")]
    [InlineData(11, "Mười một đồng")]
    [InlineData(14, "Mười bốn đồng")]
    [InlineData(15, "Mười lăm đồng")]
    [InlineData(20, "Hai mươi đồng")]
    [InlineData(21, "Hai mươi mốt đồng")]
    [InlineData(24, "Hai mươi tư đồng")]
    [InlineData(25, "Hai mươi lăm đồng")]
    [InlineData(55, "Năm mươi lăm đồng")]
    [InlineData(100, "Một trăm đồng")]
    [InlineData(101, "Một trăm linh một đồng")]
    [InlineData(104, "Một trăm linh tư đồng")]
    [InlineData(105, "Một trăm linh năm đồng")]
    [InlineData(110, "Một trăm mười đồng")]
    [InlineData(114, "Một trăm mười bốn đồng")]
    [InlineData(115, "Một trăm mười lăm đồng")]
    [InlineData(121, "Một trăm hai mươi mốt đồng")]
    [InlineData(1_000, "Một nghìn đồng")]
    [InlineData(1_001, "Một nghìn không trăm linh một đồng")]
    [InlineData(1_010, "Một nghìn không trăm mười đồng")]
    [InlineData(1_015, "Một nghìn không trăm mười lăm đồng")]
    [InlineData(1_024, "Một nghìn không trăm hai mươi tư đồng")]
    [InlineData(1_100, "Một nghìn một trăm đồng")]
    [InlineData(10_004, "Mười nghìn không trăm linh tư đồng")]
    [InlineData(21_021, "Hai mươi mốt nghìn không trăm hai mươi mốt đồng")]
    [InlineData(100_000, "Một trăm nghìn đồng")]
    [InlineData(110_000, "Một trăm mười nghìn đồng")] // the example of an existing implementation
    [InlineData(120_000, "Một trăm hai mươi nghìn đồng")]
    [InlineData(105_000, "Một trăm linh năm nghìn đồng")]
    [InlineData(1_000_000, "Một triệu đồng")]
    [InlineData(1_000_001, "Một triệu không trăm linh một đồng")]
    [InlineData(1_005_000, "Một triệu không trăm linh năm nghìn đồng")]
    [InlineData(1_010_000, "Một triệu không trăm mười nghìn đồng")]
    [InlineData(1_000_000_000, "Một tỷ đồng")]
    [InlineData(1_000_000_001, "Một tỷ không trăm linh một đồng")]
    [InlineData(4_004_004_004, "Bốn tỷ không trăm linh tư triệu không trăm linh tư nghìn không trăm linh tư đồng")]
    [InlineData(21_000_000_000, "Hai mươi mốt tỷ đồng")]
    [InlineData(1_000_000_000_000, "Một nghìn tỷ đồng")]
    [InlineData(1_000_000_000_005, "Một nghìn tỷ không trăm linh năm đồng")]
    [InlineData(1_001_000_000_000, "Một nghìn không trăm linh một tỷ đồng")]
    [InlineData(15_000_015_000_000, "Mười lăm nghìn tỷ không trăm mười lăm triệu đồng")]
    [InlineData(
        Most,
        "Chín trăm chín mươi chín nghìn chín trăm chín mươi chín tỷ chín trăm chín mươi chín triệu chín trăm chín mươi chín nghìn "
        + "chín trăm chín mươi chín đồng")]
    [InlineData(-1, "Âm một đồng")]
    [InlineData(-120_000, "Âm một trăm hai mươi nghìn đồng")]
    public void Amounts_are_said_as_they_are_written_in_Vietnam(long dong, string words) => Assert.Equal(words, AmountInWords.Of(new(dong)));

    [Fact]
    public void Every_amount_up_to_two_million_is_read_back_by_the_grammar()
    {
        for (long dong = 0; dong <= 2_000_000; dong += dong < 20_000 ? 1 : 37)
        {
            AssertReadBack(dong);
        }
    }

    [Fact]
    public void Any_amount_is_read_back_by_the_grammar() => Seeded.Run(20_000, random =>
    {
        // Few digits that are not 0, and any magnitude: the rules of the language are about zeros.
        long dong = random.NextInt64(Most + 1) % (long)Math.Pow(10, random.Next(1, 16));
        for (long place = 1; place <= 100_000_000_000_000; place *= 10)
        {
            dong -= random.Next(2) == 0 ? dong / place % 10 * place : 0;
        }

        AssertReadBack(dong);
        AssertReadBack(-dong);
    });

    [Theory]
    [InlineData(Most + 1)]
    [InlineData(-Most - 1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void More_than_fifteen_digits_are_refused(long dong) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => AmountInWords.Of(new(dong)));

    /// <summary>The longest of all is made of the longest words: by places nothing can be longer than this sum.</summary>
    [Fact]
    public void No_amount_is_longer_than_the_law_allows()
    {
        int longestPart = Enumerable.Range(1, 999).Max(three => AmountInWords.Of(new(1_000 + three)).Length) - "Một nghìn đồng".Length;
        int longest = (5 * longestPart) + "Âm nghìn tỷ triệu nghìn đồng".Length;

        Assert.True(longest <= 160, $"expected at most 160 characters, found {longest}");
        Assert.True(AmountInWords.Of(new(-Most)).Length <= longest);
    }

    private static void AssertReadBack(long dong)
    {
        string words = AmountInWords.Of(new Money(dong));
        Assert.True(WordsInAmount.Read(words) == dong, $"expected {dong}, found {WordsInAmount.Read(words)} in '{words}'");
        Assert.True(words.Length <= 255);
    }
}
