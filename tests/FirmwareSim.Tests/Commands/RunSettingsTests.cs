using FirmwareSim.Commands;
using FirmwareSim.Journal;
using FirmwareSim.Running;
using Invoicing.Testing;

namespace FirmwareSim.Tests.Commands;

public sealed class RunSettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal)
    {
        ["line"] = "pty:/somewhere",
        ["serial"] = "SIM-0001",
        ["journal"] = "journal",
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Defaults_are_those_that_the_help_names()
    {
        SimulatedRegisterOptions options = Read();
        Assert.Equal((10L, 1L, TimeSpan.FromMilliseconds(200), (int?)null), (options.Sales, options.Seed, options.Pace, options.Ahead));
        Assert.Equal(((ushort)1024, new JournalLimits(50_000, 10_000), false), (options.MaxBody, options.Limits, options.Linger));
        Assert.Equal(new Disturbance(), options.Disturbance);
        Assert.Equal(FirmwareSim.Baskets.BasketExtras.None, options.Extras);
    }

    [Fact]
    public void Leases_pairing_and_a_clock_that_is_off_are_asked_for()
    {
        Assert.Equal((null, null, TimeSpan.Zero), (Read().LeasesAfter, Read().PairingKey, Read().ClockAhead));
        (_given["leases"], _given["pair"], _given["clock"]) = ("30s", string.Concat(Enumerable.Repeat("0F", 32)), "-90s");
        SimulatedRegisterOptions options = Read();
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(-90)), (options.LeasesAfter, options.ClockAhead));
        Assert.Equal(Enumerable.Repeat((byte)15, 32), options.PairingKey);
    }

    [Fact]
    public void A_scenario_is_a_list_of_extras()
    {
        _given["scenario"] = "all,departments";
        Assert.Equal((FirmwareSim.Baskets.BasketExtras)31, Read().Extras);
    }

    [Theory]
    [InlineData("line", "usb", "--line: expected pty:PATH, tcp:HOST:PORT, tcp-listen:PORT or tcp-listen:ADDRESS:PORT, found \"usb\"")]
    [InlineData("line", "tcp:host", "--line: expected pty:PATH, tcp:HOST:PORT, tcp-listen:PORT or tcp-listen:ADDRESS:PORT, found \"tcp:host\"")]
    [InlineData("line", "tcp:host:70000", "--line: expected pty:PATH, tcp:HOST:PORT, tcp-listen:PORT or tcp-listen:ADDRESS:PORT, found \"tcp:host:70000\"")]
    [InlineData("serial", "till one", "--serial: expected 1 to 32 ASCII characters without blanks, found \"till one\"")]
    [InlineData("sales", "-1", "--sales: expected a whole number from 0 on, found \"-1\"")]
    [InlineData("seed", "x", "--seed: expected a whole number, found \"x\"")]
    [InlineData("pace", "fast", "--pace: expected a time such as 200ms or 2s, or flat, found \"fast\"")]
    [InlineData("pace", "-2s", "--pace: expected a time such as 200ms or 2s, or flat, found \"-2s\"")]
    [InlineData("ahead", "0", "--ahead: expected a whole number from 1 on, found \"0\"")]
    [InlineData("max-body", "511", "--max-body: expected 512..4096, found \"511\"")]
    [InlineData("capacity", "10000", "--capacity: expected 10100..1000000, found \"10000\"")]
    [InlineData("scenario", "notes,more", "--scenario: expected none, all (promotions, notes, discounts and buyers), or promotions, notes, discounts, buyers, departments, codes-only, joined by commas, found \"notes,more\"")]
    [InlineData("leases", "flat", "--leases: expected a time such as 30s or 500ms, found \"flat\"")]
    [InlineData("pair", "00", "--pair: expected 64 hexadecimal digits, found \"00\"")]
    [InlineData("clock", "soon", "--clock: expected a time such as 90s or -90s, found \"soon\"")]
    [InlineData("linger", "perhaps", "--linger: expected true or false, found \"perhaps\"")]
    public void An_error_names_the_option_what_was_expected_and_what_was_found(string key, string value, string message)
    {
        _given[key] = value;
        Assert.Equal(message, Assert.Throws<SettingException>(() => Read()).Message);
    }

    [Theory]
    [InlineData("melt")]
    [InlineData("split:3")]
    [InlineData("dup:0")]
    [InlineData("flip:91")]
    [InlineData("drop-ack:5:5")]
    public void A_fault_that_does_not_exist_is_named(string fault)
    {
        _given["fault"] = fault;
        Assert.StartsWith("--fault: expected split, drop-ack, dup or flip", Assert.Throws<SettingException>(() => Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scenarios_that_are_not_there_are_named()
    {
        _given["scenarios"] = _folder.File("none");
        Assert.StartsWith("--scenarios: expected a folder that can be read, found: ", Assert.Throws<SettingException>(() => Read()).Message, StringComparison.Ordinal);

        _given["scenarios"] = _folder.Path;
        Assert.StartsWith("--scenarios: expected 1 to 1000 files NN-name.json", Assert.Throws<SettingException>(() => Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_scenarios_one_sale_for_each_is_rung_up_and_no_more()
    {
        _given["scenarios"] = RepositoryFolder.File("tests", "scenarios");
        SimulatedRegisterOptions options = Read();
        Assert.Equal(options.Scenarios.Length, options.Sales);
        Assert.Equal("01-coffee", options.Scenarios[0].Name);

        _given["sales"] = "1000";
        Assert.Equal($"--sales: expected at most {options.Scenarios.Length}, one for each scenario, found 1000", Assert.Throws<SettingException>(() => Read()).Message);
    }

    [Fact]
    public void Faults_are_joined_by_commas()
    {
        _given["fault"] = "split,dup:50,flip";
        _given["seed"] = "9";
        Assert.Equal(new Disturbance(Split: true, DoublePercent: 50, FlipPercent: 5, Seed: 9), Read().Disturbance);
    }

    [Theory]
    [InlineData("flat", 0)]
    [InlineData("200ms", 200)]
    [InlineData("2s", 2000)]
    public void Pace_is_read_with_its_unit(string text, int ms)
    {
        _given["pace"] = text;
        Assert.Equal(TimeSpan.FromMilliseconds(ms), Read().Pace);
    }

    [Fact]
    public void A_configuration_file_gives_what_the_command_line_does_not()
    {
        _given["seed"] = "5";
        _given.Remove("serial");
        SimulatedRegisterOptions options = Read("""{ "serial": "SIM-0007", "seed": 6, "sales": 12, "linger": true, /* fast */ "pace": "flat", }""");
        Assert.Equal(("SIM-0007", 5L, 12L, true, TimeSpan.Zero), (options.Serial, options.Seed, options.Sales, options.Linger, options.Pace));
    }

    [Theory]
    [InlineData("""{ "sales": "many" }""", "key \"sales\": expected a whole number from 0 on, found \"many\"")]
    [InlineData("""{ "sale": 3 }""", "expected one of the keys line, serial, journal, sales, seed, scenario, scenarios, pace, ahead, max-body, capacity, fault, leases, pair, clock, linger, json, protocol, found \"sale\"")]
    [InlineData("[]", "expected a JSON object, found Array")]
    [InlineData("{", "expected JSON, found: ")]
    public void An_error_in_the_file_names_file_key_expected_and_found(string json, string message)
    {
        string text = Assert.Throws<SettingException>(() => Read(json)).Message;
        Assert.StartsWith(_folder.File("config.json") + ": " + message, text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_to_be_given_is_missed_by_name()
    {
        _given.Remove("journal");
        Assert.Equal("--journal: expected the path of a file, found nothing", Assert.Throws<SettingException>(() => Read()).Message);
        Assert.EndsWith("key \"journal\": expected the path of a file, found nothing", Assert.Throws<SettingException>(() => Read("{}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        SettingException e = Assert.Throws<SettingException>(() => new SettingSource(_ => null, _folder.File("none.json"), []));
        Assert.StartsWith("--config: expected a file that can be read, found: ", e.Message, StringComparison.Ordinal);
    }

    private SimulatedRegisterOptions Read(string? json = null)
    {
        string? path = null;
        if (json is not null)
        {
            path = _folder.File("config.json");
            File.WriteAllText(path, json);
        }

        return RunSettings.Read(new SettingSource(_given.GetValueOrDefault, path, [.. RunSettings.Texts.Keys]), TimeProvider.System);
    }
}
