using System.Xml.Linq;
using Invoicing.NationalXml.Profiles;
using Invoicing.Settings;
using Invoicing.Testing;

namespace Invoicing.NationalXml.Tests.Profiles;

public sealed class NationalProfileTests
{
    private static readonly XNamespace Xs = "http://www.w3.org/2001/XMLSchema";

    public static TheoryData<string> Versions => [.. NationalProfile.Versions];

    [Theory]
    [InlineData("2025-05-31", "2.0.1")]
    [InlineData("2025-06-01", "2.1.0")]
    [InlineData("2026-06-30", "2.1.0")]
    [InlineData("2026-07-01", "2.1.1")]
    [InlineData("2031-01-01", "2.1.1")]
    public void The_law_says_which_format_holds_on_which_day(string day, string version) =>
        Assert.Equal(version, ProfileSchedule.Law.On(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)).Version);

    /// <summary>Schema and profile were written apart: they must name the same elements in the same order.</summary>
    [Theory]
    [MemberData(nameof(Versions))]
    public void Profile_and_schema_agree_on_elements_and_their_order(string version)
    {
        var profile = NationalProfile.Of(version);
        var schema = XDocument.Load(NationalProfile.OpenSchema($"national-{version}.xsd"));

        Agree(profile.General, Named(schema, "general"));
        Agree(profile.Seller, Named(schema, "seller"));
        Agree(profile.Buyer, Named(schema, "buyer"));
        Agree(profile.Line, Named(schema, "line"));
        Agree(profile.VatTotals, Named(schema, "totals"));
        Agree(profile.Related, Element(schema, "TTHDLQuan"));
        Agree(profile.Envelope, Element(schema, "TTChung"));
        Agree(profile.RateSum, Element(schema, "LTSuat"));
        Agree(profile.Notice, Element(schema, "DLTBao"));
        Agree(profile.NoticeInvoice, schema.Descendants(Xs + "element").Last(e => (string?)e.Attribute("name") == "HDon"));
        Assert.Equal(profile.Invoice.Rules.Select(rule => rule.Tag), Children(Named(schema, "invoice")).Select(e => (string)e.Attribute("name")!));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void What_is_embedded_is_what_lies_in_the_source(string version)
    {
        foreach (string name in new[] { $"national-{version}.xsd", "types.xsd", "signature.xsd" })
        {
            using StreamReader reader = new(NationalProfile.OpenSchema(name));
            Assert.Equal(File.ReadAllText(RepositoryFolder.File("src", "Invoicing.NationalXml", "Profiles", name)), reader.ReadToEnd());
        }
    }

    [Theory]
    [InlineData("\"text 6\"", "\"text\"", "expected text N, number N, decimal N D, date, group or extras, found 'text'")]
    [InlineData("\"text 6\"", "\"word 6\"", "found 'word 6'")]
    [InlineData("\"xmldsig\"", "\"xades\"", "expected xmldsig, the only form that can be made, found 'xades'")]
    [InlineData("\"signature_target\": \"id\"", "\"signature_target\": \"it\"", "key 'signature_target': expected id")]
    [InlineData("\"natures\"", "\"nature\"", "key 'natures': expected a text, found nothing")]
    [InlineData("2026-07-01", "1 July", "key 'consumer_from': expected a date")]
    public void A_profile_that_is_wrong_is_refused_with_its_key(string old, string now, string says)
    {
        string text = File.ReadAllText(RepositoryFolder.File("src", "Invoicing.NationalXml", "Profiles", "profile-2.1.1.json"));

        SettingsException fault = Assert.Throws<SettingsException>(() => NationalProfile.Read(text.Replace(old, now, StringComparison.Ordinal), "my.json"));

        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
        Assert.Contains("my.json", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_nobody_knows_is_refused() => Assert.Contains(
        "expected a format version 2.0.1, 2.1.0, 2.1.1, found '3.0'", Assert.Throws<InvoicingException>(() => NationalProfile.Of("3.0")).Message, StringComparison.Ordinal);

    private static XElement Named(XDocument schema, string type) => schema.Root!.Elements(Xs + "complexType").Single(e => (string?)e.Attribute("name") == type);

    private static XElement Element(XDocument schema, string name) => schema.Descendants(Xs + "element").First(e => (string?)e.Attribute("name") == name);

    private static IEnumerable<XElement> Children(XElement type) => type.Descendants(Xs + "element")
        .Where(e => e.Attribute("name") is not null && e.Ancestors(Xs + "element").TakeWhile(a => a != type).Any() == false);

    private static void Agree(ElementGroup group, XElement type)
    {
        XElement[] elements = [.. Children(type)];
        Assert.Equal(elements.Select(e => (string)e.Attribute("name")!), group.Rules.Select(rule => rule.Tag));
        Assert.All(elements.Zip(group.Rules), pair =>
        {
            string? kind = (string?)pair.First.Attribute("type");
            if (kind?.StartsWith('t') == true && int.TryParse(kind[1..], System.Globalization.CultureInfo.InvariantCulture, out int length))
            {
                Assert.Equal(length, pair.Second.Length);
            }
        });
    }
}
