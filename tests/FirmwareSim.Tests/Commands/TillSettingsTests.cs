using FirmwareSim.Commands;
using FirmwareSim.Failures;
using FirmwareSim.Tills;
using Invoicing.Testing;

namespace FirmwareSim.Tests.Commands;

public sealed class TillSettingsTests
{
    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal)
    {
        ["line"] = "pty:/somewhere",
        ["serial"] = "SIM-0001",
        ["journal"] = "book",
    };

    [Theory]
    [InlineData("datecs-x")]
    [InlineData("datecs-isl")]
    [InlineData("datecs-push")]
    [InlineData("eutron")]
    [InlineData("eutron-tcp")]
    [InlineData("escpos")]
    [InlineData("line-text")]
    public void Every_protocol_has_its_defaults(string protocol)
    {
        TillRunOptions options = Read(protocol)!;
        Assert.Equal((10L, TimeSpan.FromMilliseconds(200), (int?)null, false), (options.Sales, options.Pace, options.Speed, options.Linger));
        Assert.Equal(("SIM-0001", 1L, 0, 0), (options.Till.Serial, options.Till.Seed, options.Till.SpecialPercent, options.Till.DayCloseEvery));
        Assert.Equal(protocol.StartsWith("eutron", StringComparison.Ordinal) ? 999_999 : 9_999_999, options.Till.LastNumber);
        Assert.False(options.Faults.Strikes(Fault.Split));
    }

    [Fact]
    public void Without_a_protocol_it_is_TLK() => Assert.Null(Read(null));

    [Theory]
    [InlineData("speed", "299", "datecs-x", "--speed: expected 300..1000000, found \"299\"")]
    [InlineData("charset", "latin1", "escpos", "--charset: expected utf8, tcvn3, cp1258 or plain, found \"latin1\"")]
    [InlineData("charset", "utf8", "eutron", "--charset: fits escpos, line-text, not eutron")]
    [InlineData("answer-time", "9600ms", "tlk", "--answer-time: fits datecs-x, datecs-isl, not tlk")]
    [InlineData("max-body", "1024", "eutron", "--max-body: fits tlk, not eutron")]
    [InlineData("fault-rate", "5", "eutron", "--fault-rate: expected --faults-seed beside it, found none")]
    [InlineData("fault", "echo", "eutron", "--fault: fault 6, echo, does not fit eutron: it is for datecs-x, datecs-isl")]
    [InlineData("protocol", "posnet", "posnet", "--protocol: expected tlk, datecs-x, datecs-isl, datecs-push, eutron, eutron-tcp, escpos, escpos-printer or line-text, found \"posnet\"")]
    public void An_error_names_the_option_what_was_expected_and_what_was_found(string key, string value, string protocol, string message)
    {
        _given[key] = value;
        Assert.Equal(message, Assert.Throws<SettingException>(() => Read(protocol)).Message);
    }

    [Fact]
    public void Faults_are_a_list_and_the_wire_has_a_speed()
    {
        _given["fault"] = "nak@2,split@every=3";
        _given["speed"] = "9600";
        TillRunOptions options = Read("datecs-x")!;
        Assert.Equal(9600, options.Speed);
        Assert.Equal([false, true, false], [options.Faults.Strikes(Fault.Nak), options.Faults.Strikes(Fault.Nak), options.Faults.Strikes(Fault.Nak)]);
    }

    private TillRunOptions? Read(string? protocol)
    {
        if (protocol is not null)
        {
            _given["protocol"] = protocol;
        }

        SettingSource source = new(_given.GetValueOrDefault, null, []);
        return TillSettings.ReadProtocol(source) is Protocol found ? TillSettings.Read(source, found, new ManualTime()) : null;
    }
}
