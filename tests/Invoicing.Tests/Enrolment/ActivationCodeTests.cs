using System.Security.Cryptography;
using Invoicing.Enrolment;

namespace Invoicing.Tests.Enrolment;

public sealed class ActivationCodeTests
{
    private static readonly byte[] Root = [1, 2, 3, 4];

    [Fact]
    public void What_is_handed_over_is_read_back_however_it_is_typed()
    {
        for (int i = 0; i < 500; i++)
        {
            var code = ActivationCode.Create(Root);
            string text = code.Reveal();
            Assert.Matches("^([0-9A-HJKMNP-TV-Z]{5}-){7}[0-9A-HJKMNP-TV-Z]{5}$", text);
            Assert.Equal(code, ActivationCode.Parse(text));
            Assert.Equal(code, ActivationCode.Parse(text.ToLowerInvariant().Replace("-", string.Empty, StringComparison.Ordinal)));
            Assert.Equal(code, ActivationCode.Parse($" {text.Replace('-', ' ').Replace('0', 'o').Replace('1', 'l')} "));
        }
    }

    [Fact]
    public void It_names_one_root_and_has_a_secret_of_its_own()
    {
        var code = ActivationCode.Create(Root);
        Assert.True(code.Names(Root));
        Assert.False(code.Names([1, 2, 3, 5]));
        Assert.Equal(SHA256.HashData(Root)[..ActivationCode.FingerprintLength], code.Fingerprint);
        Assert.NotEqual(code.Secret, ActivationCode.Create(Root).Secret);
        Assert.Equal(ActivationCode.HashOf(code.Secret), ActivationCode.HashOf(ActivationCode.Parse(code.Reveal()).Secret));
    }

    [Fact]
    public void Each_wrong_letter_is_told_as_a_typing_error_and_says_nothing_of_the_code()
    {
        string text = ActivationCode.Create(Root).Reveal();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '-')
            {
                continue;
            }

            string wrong = $"{text[..i]}{(text[i] == 'A' ? 'B' : 'A')}{text[(i + 1)..]}";
            FormatException fault = Assert.Throws<FormatException>(() => ActivationCode.Parse(wrong));
            Assert.Contains("typing error", fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(text[..5], fault.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("", "expected an activation code of 40 letters and digits, found 0")]
    [InlineData("ABCDE", "expected an activation code of 40 letters and digits, found 5")]
    [InlineData("ABC!E", "found a '!' after 3 of them")]
    [InlineData("U", "found a 'U' after 0 of them")]
    [InlineData("00000-00000-00000-00000-00000-00000-00000-00000-0", "found more")]
    public void Other_text_is_refused_with_what_was_expected(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => ActivationCode.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Its_text_for_logs_shows_nothing()
    {
        var code = ActivationCode.Create(Root);
        Assert.DoesNotContain(code.Reveal()[..5], $"{code}", StringComparison.Ordinal);
    }
}
