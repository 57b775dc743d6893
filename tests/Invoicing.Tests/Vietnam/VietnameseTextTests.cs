using System.Globalization;
using System.Text;
using Invoicing.Sales;
using Invoicing.Tests.Sales;
using Invoicing.Vietnam;

namespace Invoicing.Tests.Vietnam;

public sealed class VietnameseTextTests
{
    private const string Vowels = "aàáãảạăằắẵẳặâầấẫẩậeèéẽẻẹêềếễểệiìíĩỉịoòóõỏọôồốỗổộơờớỡởợuùúũủụưừứữửựyỳýỹỷỵ";
    private static readonly char[] Marks =
        ['\u0302', '\u0306', '\u031B', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323', '\u0340', '\u0341', '\u0327'];

    /// <summary>tests/run.sh runs these tests twice and says which run this is: a run that is not what it says would prove nothing.</summary>
    private static bool HasIcu => Environment.GetEnvironmentVariable("INVOICING_ICU") == "1";

    [Fact]
    public void The_run_is_the_one_it_is_said_to_be()
    {
        Assert.Equal(HasIcu, "e\u0301".Normalize(NormalizationForm.FormC) == "é");
        Assert.Equal(HasIcu ? ("vi-VN", "-1,5") : ("", "-1.5"), (CultureInfo.CurrentCulture.Name, $"{-1.5m}"));
    }

    [Fact]
    public void Golden_vectors_are_reproduced()
    {
        foreach (TextVector vector in GoldenVectors.Read<TextVector>("text", "composed-1.json"))
        {
            AssertSame(vector.Composed, VietnameseText.Compose(vector.Text), vector.Text);
            Assert.Equal(vector.IsComposed, VietnameseText.IsComposed(vector.Composed));
            if (HasIcu && vector.IsComposed)
            {
                AssertSame(vector.Text.Normalize(NormalizationForm.FormC), vector.Composed, vector.Text);
            }
        }
    }

    /// <summary>
    /// Every letter with up to three marks. The judge is ICU where it is there; elsewhere the golden vectors, which hold all that composes with up
    /// to two marks and which the run with ICU holds too.
    /// </summary>
    [Fact]
    public void Every_letter_with_its_marks_composes_to_what_Unicode_says()
    {
        var golden = GoldenVectors.Read<TextVector>("text", "composed-1.json")
            .Where(vector => vector.IsComposed).ToDictionary(vector => vector.Text, vector => vector.Composed, StringComparer.Ordinal);
        int composed = 0;
        foreach (string text in Spellings(HasIcu ? 3 : 2))
        {
            string expected = HasIcu ? text.Normalize(NormalizationForm.FormC) : golden.GetValueOrDefault(text, text);
            bool isLetter = expected.Length == 1 && (Vowels + Vowels.ToUpperInvariant()).Contains(expected, StringComparison.Ordinal);
            AssertSame(isLetter ? expected : text, VietnameseText.Compose(text), text);
            composed += isLetter ? 1 : 0;
        }

        Assert.True(composed >= 328, $"expected at least the golden spellings to compose, found {composed}");
    }

    [Fact]
    public void What_is_composed_already_comes_back_as_the_same_instance()
    {
        string text = new("Cà phê sữa đá, 1 ly 😀 – ชา".ToCharArray());
        Sale sale = SomeSales.Coffee() with { Buyer = new Buyer { Name = "Công ty Sông Hồng" } };

        Assert.Same(text, VietnameseText.Compose(text));
        Assert.Same(string.Empty, VietnameseText.Compose(string.Empty));
        Assert.Same(sale, SaleText.Composed(sale));
        Assert.Same(SomeSales.Shop, SaleText.Composed(SomeSales.Shop));
    }

    [Fact]
    public void Composing_again_changes_nothing_and_no_other_character_is_touched()
    {
        const string Text = "\u0301a\u0302\u0301\uD83D b\u0327 ê\u0323x 😀\u0301 o\u031B\u0300";
        string composed = VietnameseText.Compose(Text);

        Assert.Equal("\u0301ấ\uD83D b\u0327 ệx 😀\u0301 ờ", composed);
        Assert.Same(composed, VietnameseText.Compose(composed));
    }

    [Theory]
    [InlineData("Cà phê sữa đá", "Ca phe sua da")]
    [InlineData("ĐƯỜNG ỹ ợ Ặ", "DUONG y o A")]
    public void Letters_without_their_marks_are_those_of_ascii(string text, string plain) =>
        Assert.Equal(plain, string.Concat(text.Select(VietnameseText.WithoutMarks)));

    private static IEnumerable<string> Spellings(int most)
    {
        IEnumerable<string> texts = (Vowels + Vowels.ToUpperInvariant() + "dDđĐnc").Select(letter => letter.ToString());
        for (int i = 0; i < most; i++)
        {
            texts = [.. texts.SelectMany(text => Marks.Select(mark => text + mark))];
            foreach (string text in texts)
            {
                yield return text;
            }
        }
    }

    private static void AssertSame(string expected, string actual, string text) => Assert.True(
        string.Equals(expected, actual, StringComparison.Ordinal),
        $"expected {Codes(expected)} of {Codes(text)}, found {Codes(actual)}");

    private static string Codes(string text) => string.Join(' ', text.Select(c => $"{(int)c:X4}"));

    internal sealed record TextVector(string Text, string Composed, bool IsComposed);
}
