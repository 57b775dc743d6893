using Invoicing.Edge.Settings;
using Invoicing.Registers.Lines;
using Invoicing.Settings;
using Invoicing.Testing;

namespace Invoicing.Edge.Tests.Settings;

public sealed class EdgeSettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_whole_configuration_is_read_with_paths_relative_to_its_file()
    {
        EdgeSettings settings = Load("""
            {
              "journal": "data/journal.db",
              "bundle": "device.json",
              "authority": "https://localhost:5443",
              "registers": [
                { "line": "serial:/dev/ttyUSB0?speed=10400&parity=even&flow=rtscts&settle=200", "new_register": "SIM-0001" },
                { "line": "tcp:[::1]:4000" },
                { "line": "tcp-listen:0.0.0.0:4999" }
              ]
            }
            """);

        Assert.Equal(_folder.File("data/journal.db"), settings.Journal);
        Assert.Equal(_folder.File("device.json"), settings.Bundle);
        Assert.Equal(_folder.File("data/journal.db.sock"), settings.Control);
        Assert.Equal(5443, settings.Authority!.Port);
        SerialLineOptions serial = Assert.IsType<LineAddress.Serial>(settings.Registers[0].Line).Options;
        Assert.Equal(
            ("/dev/ttyUSB0", 10_400, SerialParity.Even, SerialFlow.RtsCts, TimeSpan.FromMilliseconds(200)),
            (serial.Path, serial.Speed, serial.Parity, serial.Flow, serial.Settle));
        Assert.Equal("SIM-0001", settings.Registers[0].NewRegister?.Value);
        Assert.Equal(new LineAddress.Tcp("::1", 4000), settings.Registers[1].Line);
        Assert.Equal("tcp-listen:0.0.0.0:4999", settings.Registers[2].Line.ToString());
    }

    [Theory]
    [InlineData("usb:1", "expected serial:PATH")]
    [InlineData("serial:", "expected serial:PATH")]
    [InlineData("serial:/dev/ttyS0?speed=fast", "speed: expected a whole number, found 'fast'")]
    [InlineData("serial:/dev/ttyS0?speed=1", "Speed: expected 50..12000000 bits per second, found 1")]
    [InlineData("serial:/dev/ttyS0?party=even", "expected speed, data, parity, stop, flow or settle after '?', found 'party'")]
    [InlineData("serial:/dev/ttyS0?parity=maybe", "parity: expected none, even, odd, mark or space, found 'maybe'")]
    [InlineData("serial:/dev/ttyS0?flow=soft", "flow: expected none, rtscts or xonxoff, found 'soft'")]
    [InlineData("tcp:host", "expected tcp:HOST:PORT, found 'tcp:host'")]
    [InlineData("tcp:host:70000", "expected tcp:HOST:PORT, found 'tcp:host:70000'")]
    [InlineData("tcp-listen:somewhere:1", "expected tcp-listen:ADDRESS:PORT, found 'tcp-listen:somewhere:1'")]
    public void A_bad_line_is_named(string line, string says)
    {
        SettingsException fault = Assert.Throws<SettingsException>(
            () => Load($$"""{ "journal": "j", "bundle": "b", "registers": [ { "line": "{{line}}" } ] }"""));

        Assert.Equal("registers[0].line", fault.Key);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "bundle": "b" }""", "journal")]
    [InlineData("""{ "journal": "j" }""", "identity")]
    [InlineData("""{ "journal": "j", "bundle": "b", "authority": "http://plain:80" }""", "authority")]
    [InlineData("""{ "journal": "j", "bundle": "b", "registers": [ { "line": "tcp:a:1", "new_register": "has blank" } ] }""", "registers[0].new_register")]
    [InlineData("""{ "journal": "j", "bundle": "b", "register": [] }""", "register")]
    [InlineData("""{ "journal": "j", "bundle": "b", "buyer_hold": 601 }""", "buyer_hold")]
    [InlineData("""{ "journal": "j", "bundle": "b", "registers": [ { "line": "tcp:a:1", "buyer_hold": "long" } ] }""", "registers[0].buyer_hold")]
    public void A_bad_key_is_named(string json, string key)
    {
        Assert.Equal(key, Assert.Throws<SettingsException>(() => Load(json)).Key);
    }

    [Fact]
    public void Sales_wait_for_their_buyers_as_the_shop_says_or_the_register()
    {
        EdgeSettings settings = Load("""
            { "journal": "j", "bundle": "b", "buyer_hold": 60, "registers": [ { "line": "tcp:a:1" }, { "line": "tcp:b:1", "buyer_hold": 0 } ] }
            """);

        Assert.Equal(TimeSpan.FromMinutes(1), settings.BuyerHold);
        Assert.Equal((TimeSpan?[])[null, TimeSpan.Zero], settings.Registers.Select(register => register.BuyerHold));
        Assert.Equal(TimeSpan.Zero, Load("""{ "journal": "j", "bundle": "b" }""").BuyerHold);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        SettingsException fault = Assert.Throws<SettingsException>(() => EdgeSettings.Load(_folder.File("none.json")));

        Assert.Contains("none.json", fault.Message, StringComparison.Ordinal);
    }

    private EdgeSettings Load(string json)
    {
        File.WriteAllText(_folder.File("edge.json"), json);
        return EdgeSettings.Load(_folder.File("edge.json"));
    }
}
