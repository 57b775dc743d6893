using System.Text.Json.Nodes;
using Invoicing.Edge.Commands;
using Invoicing.Edge.Settings;
using Invoicing.Registers.Ports;
using Invoicing.Testing;

namespace Invoicing.Edge.Tests.Commands;

/// <summary>What the ports command says of a shop's adapters.</summary>
public sealed class PortsCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_port_says_what_it_is_whose_it_is_and_how_to_name_it()
    {
        PortBindings bindings = PortsCommand.Judge(
            Load("""{ "line": "serial:usb:0403:6001:REG1", "register": "SIM-0001" }"""), status: null, [Adapter("/dev/ttyUSB0", "REG1", "1-1"), Adapter("/dev/ttyUSB1", "REG2", "1-2")]);

        string text = PortsCommand.ForPeople(bindings);

        Assert.Contains("/dev/ttyUSB0     0403:6001 FTDI FT232R, serial REG1, at 1-1:1.0", text, StringComparison.Ordinal);
        Assert.Contains("bound to SIM-0001; a bound port is never probed", text, StringComparison.Ordinal);
        Assert.Contains("to name it: usb:0403:6001:REG2", text, StringComparison.Ordinal);
        Assert.Contains("it is probed only if the operator allows", text, StringComparison.Ordinal);
        Assert.DoesNotContain(bindings.Ports, port => port.MayProbe);
    }

    [Fact]
    public void A_printer_behind_a_tap_has_its_port_too()
    {
        PortBindings bindings = PortsCommand.Judge(
            Load("""{ "line": "serial:usb:0403:6001:POS", "protocol": "escpos", "register": "TILL-1", "mode": "observe", "printer": "serial:usb:0403:6001:PRT" }"""),
            status: null, [Adapter("/dev/ttyUSB0", "POS", "1-1"), Adapter("/dev/ttyUSB1", "PRT", "1-2")]);

        string text = PortsCommand.ForPeople(bindings);

        Assert.Contains("bound to TILL-1; a bound port is never probed", text, StringComparison.Ordinal);
        Assert.Contains("bound to TILL-1 (its printer); a bound port is never probed", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_register_that_states_another_serial_than_expected_is_refused()
    {
        EdgeSettings settings = Load("""{ "line": "serial:usb:0403:6001:REG1", "register": "SIM-0001" }""");
        JsonObject status = new() { ["registers"] = new JsonArray(new JsonObject { ["line"] = "usb:0403:6001:REG1", ["register"] = "SIM-0002" }) };

        PortBindings bindings = PortsCommand.Judge(settings, status, [Adapter("/dev/ttyUSB0", "REG1", "1-1")]);

        Assert.Contains("REFUSED SIM-0001: expected register SIM-0001, found SIM-0002", PortsCommand.ForPeople(bindings), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_the_operator_allows_may_be_probed()
    {
        EdgeSettings settings = Load("""{ "line": "serial:usb:0403:6001:REG1" }""", """, "probe": [ "usb:0403:6001:REG2" ]""");

        PortBindings bindings = PortsCommand.Judge(
            settings, status: null, [Adapter("/dev/ttyUSB0", "REG1", "1-1"), Adapter("/dev/ttyUSB1", "REG2", "1-2"), Adapter("/dev/ttyUSB2", "REG3", "1-3")]);

        Assert.Equal(["/dev/ttyUSB1"], bindings.Ports.Where(port => port.MayProbe).Select(port => port.Port.Node));
    }

    [Fact]
    public void Nothing_plugged_in_is_said_so() =>
        Assert.Equal("no serial port is plugged in", PortsCommand.ForPeople(PortsCommand.Judge(settings: null, status: null, [])));

    [Fact]
    public async Task The_command_runs_without_a_configuration()
    {
        (int code, string output, string error) = await RunningEdge.RunAsync(PortsCommand.Create(), "--json");

        Assert.Equal((0, string.Empty), (code, error));
        Assert.NotNull(JsonNode.Parse(output)!["ports"]);
    }

    private static ListedPort Adapter(string node, string serial, string path) => new()
    {
        Node = node,
        Vendor = 0x0403,
        Product = 0x6001,
        Serial = serial,
        Manufacturer = "FTDI",
        ProductText = "FT232R",
        BusPath = $"{path}:1.0",
        Interface = 0,
        Driver = "ftdi_sio",
    };

    private EdgeSettings Load(string register, string more = "")
    {
        File.WriteAllText(_folder.File("edge.json"), $$"""{ "journal": "j", "bundle": "b", "registers": [ {{register}} ]{{more}} }""");
        return EdgeSettings.Load(_folder.File("edge.json"));
    }
}
