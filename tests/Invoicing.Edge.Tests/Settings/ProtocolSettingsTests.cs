using Invoicing.Edge.Settings;
using Invoicing.Registers.Datecs;
using Invoicing.Sales;
using Invoicing.Settings;
using Invoicing.Testing;

namespace Invoicing.Edge.Tests.Settings;

public sealed class ProtocolSettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_register_speaks_the_till_link_unless_something_else_is_said()
    {
        ProtocolSettings.Tlk tlk = Assert.IsType<ProtocolSettings.Tlk>(Read("""{ "register": "SIM-0001" }"""));

        Assert.Equal("SIM-0001", tlk.Register?.Value);
        Assert.Null(tlk.Options.PairingKey);
        Assert.Null(tlk.Options.Fault());
    }

    [Fact]
    public void A_pairing_key_comes_from_its_file()
    {
        File.WriteAllText(_folder.File("till-1.key"), new string('a', 64) + "\n");

        ProtocolSettings.Tlk tlk = Assert.IsType<ProtocolSettings.Tlk>(Read("""{ "pairing_key_file": "till-1.key", "demands_sealing": false }"""));

        Assert.Equal(Enumerable.Repeat((byte)0xAA, 32), tlk.Options.PairingKey!.Value.ToArray());
        Assert.False(tlk.Options.DemandsSealing);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("abcd")]
    [InlineData("no hexadecimal digits at all")]
    public void A_pairing_key_that_is_none_is_named_and_never_told(string? text)
    {
        if (text is not null)
        {
            File.WriteAllText(_folder.File("till-1.key"), text);
        }

        SettingsException fault = Assert.Throws<SettingsException>(() => Read("""{ "pairing_key_file": "till-1.key" }"""));

        Assert.Contains("64 hexadecimal digits", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(text ?? "\0", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Datecs_and_Eutron_are_read_with_their_keys()
    {
        ProtocolSettings.Datecs datecs = Assert.IsType<ProtocolSettings.Datecs>(Read("""
            { "protocol": "datecs", "register": "DT123456", "variant": "push-dp500", "history": "all", "minor_digits": 2, "tax_rates": { "A": "8%", "B": "KCT" },
              "journal_line": "tcp:10.0.0.7:4999", "restarts_at_day_close": true }
            """));
        ProtocolSettings.Eutron eutron = Assert.IsType<ProtocolSettings.Eutron>(Read("""{ "protocol": "eutron", "dialect": "tcp", "tenders": [ 0, 1 ], "poll": "5s" }"""));

        Assert.Equal((DatecsVariant.PushDp500, true, 2, true), (datecs.Options.Variant, datecs.Options.FromBeginning, datecs.Options.MinorDigits, datecs.Options.RestartsAtDayClose));
        Assert.Equal(["A", "B"], datecs.Options.TaxRates!.Keys.Order());
        Assert.Equal(new LineAddress.Tcp("10.0.0.7", 4999), datecs.JournalLine);
        Assert.Equal(datecs.Options.Register, datecs.With(journal: null).Register);
        Assert.True(eutron.Options.IsTcp);
        Assert.Equal([(PaymentMeans)0, (PaymentMeans)1], eutron.Options.Tenders);
        Assert.Equal(TimeSpan.FromSeconds(5), eutron.Options.PollPause);
    }

    [Theory]
    [InlineData("""{ "protocol": "modbus" }""", "protocol")]
    [InlineData("""{ "protocol": "datecs", "variant": "y" }""", "variant")]
    [InlineData("""{ "protocol": "datecs", "tax_rates": { "A": "9%" } }""", "tax_rates.A")]
    [InlineData("""{ "protocol": "datecs", "history": "some" }""", "history")]
    [InlineData("""{ "protocol": "datecs", "journal_line": "somewhere" }""", "journal_line")]
    [InlineData("""{ "protocol": "eutron", "dialect": "usb" }""", "dialect")]
    [InlineData("""{ "protocol": "eutron", "tenders": [ 99 ] }""", "tenders")]
    [InlineData("""{ "register": "two words" }""", "register")]
    [InlineData("""{ "protocol": "eutron", "variant": "x" }""", "variant")]
    public void A_key_that_is_wrong_is_named(string json, string key)
    {
        SettingsException fault = Assert.Throws<SettingsException>(() => Read(json));

        Assert.Equal(key, fault.Key);
    }

    private ProtocolSettings Read(string json)
    {
        var settings = JsonSettings.Parse(json, "edge.json");
        var read = ProtocolSettings.Read(settings, _folder.Path);
        settings.Done();
        return read;
    }
}
