using System.Text;
using Invoicing.Gateway.Keys;

namespace Invoicing.Gateway.Tests.Keys;

public sealed class KeyLocationTests
{
    [Theory]
    [InlineData("file:/a/b.key", "file", "file:/a/b.key")]
    [InlineData("file:b.key", "file", "file:/shop/b.key")]
    [InlineData("dpapi:b.key", "DPAPI file", "dpapi:/shop/b.key")]
    [InlineData("store:CurrentUser/My?thumbprint=00112233445566778899aabbccddeeff00112233", "Windows store", "store:CurrentUser/My?thumbprint=00112233445566778899AABBCCDDEEFF00112233")]
    [InlineData("pkcs11:token=a;object=b", "token", "pkcs11:token=a;object=b")]
    public void Each_kind_is_read_and_written_as_the_same_place(string text, string kind, string written)
    {
        var location = KeyLocation.Parse(text, "/shop");

        Assert.Equal((kind, written), (location.Kind, location.ToString()));
        Assert.Equal(location, KeyLocation.Parse(written, "/elsewhere"));
    }

    [Fact]
    public void An_address_of_a_token_is_read_by_rfc_7512()
    {
        var uri = TokenUri.Parse(
            "pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;manufacturer=Snake%20Oil,%20Inc.;model=1.0;serial=ab%3Bcd;"
            + "object=kh%C3%B3a;type=private;id=%69%95%3E%5C%F4;slot-id=17?pin-source=file:pin.txt&module-path=/lib/m.so",
            "/shop");

        Assert.Equal(
            ("The Software PKCS#11 Softtoken", "Snake Oil, Inc.", "1.0", "ab;cd", "khóa", 17UL),
            (uri.Token, uri.Manufacturer, uri.Model, uri.Serial, uri.Label, uri.Slot));
        Assert.Equal([0x69, 0x95, 0x3E, 0x5C, 0xF4], uri.Id.ToArray());
        Assert.Equal(("/shop/pin.txt", "/lib/m.so"), (uri.PinPath, uri.ModulePath));
    }

    [Theory]
    [InlineData("", "expected a key location")]
    [InlineData("journal.key", "expected a key location")]
    [InlineData("vault:x", "expected a key location")]
    [InlineData("file:", "expected a path after 'file:'")]
    [InlineData("dpapi:", "expected a path after 'dpapi:'")]
    [InlineData("store:My?thumbprint=00", "expected store:CurrentUser/My?thumbprint=")]
    [InlineData("store:CurrentUser/My?thumbprint=zz", "expected store:CurrentUser/My?thumbprint=")]
    [InlineData("pkcs11:token=a", "expected the key's 'object' (its label) or 'id', found neither")]
    [InlineData("pkcs11:object=a;object=b", "found 'object' twice")]
    [InlineData("file:/a\nb", "printable characters")]
    [InlineData("pkcs11:object=a?pin-source=/a%00b", "expected a file as pin-source")]
    [InlineData("pkcs11:object=a%2", "expected two hexadecimal digits")]
    [InlineData("pkcs11:object=a%zz", "expected two hexadecimal digits")]
    [InlineData("pkcs11:object=a;colour=red", "found another attribute")]
    [InlineData("pkcs11:object=a;type=public", "expected type=private or no type")]
    [InlineData("pkcs11:object=a;slot-id=x", "expected a number as slot-id")]
    [InlineData("pkcs11:object=a?pin-source=|cat", "found a program")]
    [InlineData("pkcs11:object=a?pin-value=4711-pin", "expected no PIN in the address")]
    public void Other_texts_are_refused_with_a_reason_that_repeats_no_secret(string text, string reason)
    {
        FormatException fault = Assert.Throws<FormatException>(() => KeyLocation.Parse(text, "/shop"));

        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_read_or_refused_in_a_sentence()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        const string Parts = "pkcs11:;=%&?object=token=id=%41pin-source=file:store:CurrentUser/My?thumbprint=%00\n\0é";
        for (int i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder(random.Next(3) == 0 ? string.Empty : "pkcs11:");
            for (int n = random.Next(12); n > 0; n--)
            {
                int at = random.Next(Parts.Length);
                text.Append(Parts, at, Math.Min(random.Next(1, 8), Parts.Length - at));
            }

            try
            {
                _ = KeyLocation.Parse(text.ToString(), "/shop").ToString();
            }
            catch (FormatException fault)
            {
                Assert.StartsWith("expected", fault.Message.Replace("pkcs11: ", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
            }
        }

        Assert.Throws<FormatException>(() => KeyLocation.Parse("file:" + new string('a', 4096), "/shop"));
    }

    [Fact]
    public void Windows_places_say_that_this_is_not_windows()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var keys = new SigningKeys(new(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        string path = Path.Combine(Path.GetTempPath(), $"none-{Guid.NewGuid():N}.key");
        Assert.Contains("expected Windows", Assert.Throws<InvoicingException>(() => keys.Create(KeyLocation.Parse($"dpapi:{path}", "/"))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "expected Windows",
            Assert.Throws<InvoicingException>(() => keys.Read(KeyLocation.Parse($"store:CurrentUser/My?thumbprint={new string('0', 40)}", "/"))).Message,
            StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }
}
