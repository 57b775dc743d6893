using System.Text;
using Invoicing.Registers.Text;
using Invoicing.Testing;
using Invoicing.Vietnam;

namespace Invoicing.Registers.Tests.Text;

public sealed class CodePageTests
{
    private const string Sentence = "cà phê sữa đá, bún chả, phở bò tái nạm gầu, nước mắm, ổi, ưỡn ẹo, quỹ, kỵ";

    /// <summary>The product runs without ICU; what follows would prove nothing where Normalize does the work.</summary>
    [Fact]
    public void Normalize_does_nothing_in_this_process() => Assert.Equal("e\u0302\u0300", "e\u0302\u0300".Normalize(NormalizationForm.FormC));

    [Theory]
    [InlineData("utf-8")]
    [InlineData("tcvn3-1")]
    [InlineData("tcvn5712-1")]
    [InlineData("cp1258")]
    public void Vietnamese_arrives_composed_and_identical(string page)
    {
        byte[] bytes = CodePageEncoder.Encode(CodePage.Named(page), Sentence);

        Assert.Equal(Sentence, Decode(page, bytes, bytes.Length));
    }

    [Fact]
    public void Capitals_have_a_page_of_their_own_in_tcvn3()
    {
        const string Capitals = "ĐẶNG THỊ ÁNH TUYẾT, PHỞ BÒ, ƯỚT MƯA, ỔI, ỲỶỸÝỴ";

        Assert.Equal(Capitals, Decode("tcvn3-2", CodePageEncoder.Encode(CodePage.Named("tcvn3-2"), Capitals), 3));
    }

    [Fact]
    public void Cp1258_comes_with_its_tones_behind_the_letters()
    {
        Assert.Equal("Tiền", Decode("cp1258", [0x54, 0x69, 0xEA, 0xCC, 0x6E], 5));
        Assert.Equal([0x54, 0x69, 0xEA, 0xCC, 0x6E], CodePageEncoder.Encode(CodePage.Named("cp1258"), "Tiền"));
    }

    [Theory]
    [InlineData("tcvn3-1", 0xB5, 'à')]
    [InlineData("tcvn3-1", 0xAE, 'đ')]
    [InlineData("tcvn3-1", 0xFE, 'ỵ')]
    [InlineData("tcvn3-2", 0xA7, 'Đ')]
    [InlineData("tcvn3-2", 0xAD, 'Ư')]
    [InlineData("tcvn3-2", 0xB9, 'Ạ')]
    [InlineData("tcvn5712-1", 0xBA, 'Ẳ')]
    [InlineData("tcvn5712-1", 0x8F, 'Ĩ')]
    [InlineData("cp437", 0x9B, '¢')]
    [InlineData("cp852", 0x88, 'ł')]
    [InlineData("cp858", 0xD5, '€')]
    [InlineData("cp866", 0x80, 'А')]
    [InlineData("cp1250", 0x8A, 'Š')]
    [InlineData("cp1251", 0xC0, 'А')]
    [InlineData("cp1258", 0xFE, '₫')]
    public void A_byte_means_what_the_code_page_says(string page, int value, char expected) => Assert.Equal(expected, CodePage.Named(page)[(byte)value]);

    [Fact]
    public void Tcvn3_has_the_small_letters_where_tcvn5712_has_them()
    {
        var lower = CodePage.Named("tcvn3-1");
        var both = CodePage.Named("tcvn5712-1");
        for (int i = 0xA0; i <= 0xFF; i++)
        {
            Assert.True(lower[(byte)i] == CodePage.Undefined || lower[(byte)i] == both[(byte)i], $"{i:X2}");
        }
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("cp1258")]
    [InlineData("tcvn5712-1")]
    public void Any_split_of_the_bytes_gives_the_same_text(string page) => Seeded.Run(200, random =>
    {
        string text = new([.. Enumerable.Range(0, 40).Select(_ => Sentence[random.Next(Sentence.Length)])]);
        Assert.Equal(text, Decode(page, CodePageEncoder.Encode(CodePage.Named(page), text), random.Next(1, 8)));
    });

    [Fact]
    public void A_stream_of_marks_does_not_pile_up()
    {
        ComposingDecoder decoder = new(CodePage.Named("tcvn5712-1"));
        StringBuilder text = new();
        decoder.Decode(Enumerable.Repeat((byte)0xB0, 100_000).ToArray(), text);

        Assert.InRange(100_000 - text.Length, 0, ComposingDecoder.MostMarks + 1);
    }

    [Fact]
    public void What_the_page_cannot_say_is_written_without_marks()
    {
        Assert.Equal("Ma CQT: duong"u8.ToArray(), CodePageEncoder.Encode(CodePage.Named("cp866"), "Mã CQT: đường"));
        Assert.Equal("a?b"u8.ToArray(), CodePageEncoder.Encode(CodePage.Named("cp437"), "a\u001Bb"));
    }

    [Fact]
    public void Every_vietnamese_letter_has_its_plain_one()
    {
        Assert.Equal("ca phe sua da, bun cha, pho bo tai nam gau, nuoc mam, oi, uon eo, quy, ky", PlainLetters.Of(Sentence));
        foreach (char c in Sentence.Concat(Sentence.ToUpperInvariant()))
        {
            Assert.True(char.IsAscii(PlainLetters.Of(c)), $"{c}");
        }
    }

    [Fact]
    public void The_preview_puts_the_right_page_first()
    {
        byte[] tcvn = CodePageEncoder.Encode(CodePage.Named("tcvn3-1"), "cà phê sữa đá");
        CodePagePreview first = CodePagePreview.Of([tcvn, "plain"u8.ToArray()])[0];

        Assert.Contains("cà phê sữa đá", first.Lines);
        Assert.Single(first.Lines);
        Assert.Equal(0, first.Undefined);
        Assert.Contains("cà phê sữa đá", CodePagePreview.Format(CodePagePreview.Of([tcvn])), StringComparison.Ordinal);
        Assert.Equal(CodePage.All.Length, CodePagePreview.Of([tcvn]).Length);
    }

    [Fact]
    public void An_unknown_name_is_told_what_there_is() =>
        Assert.Contains("tcvn3-1", Assert.Throws<ArgumentException>(() => CodePage.Named("vni")).Message, StringComparison.Ordinal);

    private static string Decode(string page, byte[] bytes, int piece)
    {
        ComposingDecoder decoder = new(CodePage.Named(page));
        StringBuilder text = new();
        foreach (byte[] part in bytes.Chunk(piece))
        {
            decoder.Decode(part, text);
        }

        decoder.Flush(text);
        Assert.True(VietnameseText.IsComposed(text.ToString()));
        return text.ToString();
    }
}
