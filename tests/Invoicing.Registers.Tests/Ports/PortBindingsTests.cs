using System.Collections.Immutable;
using Invoicing.Registers.Ports;

namespace Invoicing.Registers.Tests.Ports;

/// <summary>Whose a port is, and whether it may be probed.</summary>
public sealed class PortBindingsTests
{
    private static readonly ListedPort Ftdi = PortAddressTests.Usb("/dev/ttyUSB0", "1-1:1.0", 0x0403, 0x6001, "A1");
    private static readonly ListedPort Left = PortAddressTests.Usb("/dev/ttyACM0", "1-2:1.0", 0x0483, 0x5740, "STM32");
    private static readonly ListedPort Right = PortAddressTests.Usb("/dev/ttyACM1", "1-3:1.0", 0x0483, 0x5740, "STM32");
    private static readonly ImmutableArray<ListedPort> All = [Left, Right, Ftdi];

    [Fact]
    public void A_free_port_is_probed_only_if_the_operator_allows_it()
    {
        PortBinding closed = Judge([], [])[Ftdi];
        Assert.Equal((PortState.Free, false), (closed.State, closed.MayProbe));
        Assert.Equal("free; it is probed only if the operator allows usb:0403:6001:A1", closed.Reason);

        PortBinding open = Judge([], ["usb:0403:6001:A1"])[Ftdi];
        Assert.Equal((PortState.Free, true), (open.State, open.MayProbe));
        Assert.Equal("free, and the operator allows to probe it", open.Reason);
    }

    [Fact]
    public void A_bound_port_is_never_probed_whatever_the_operator_allows()
    {
        PortBinding bound = Judge([Register("till-1", "usb:0403:6001:A1")], ["/dev/ttyUSB0"])[Ftdi];

        Assert.Equal((PortState.Bound, "till-1", false), (bound.State, bound.Register, bound.MayProbe));
        Assert.Equal("bound to till-1; a bound port is never probed", bound.Reason);
    }

    [Fact]
    public void A_port_that_is_bound_through_an_operators_link_is_bound()
    {
        ListedPort linked = Ftdi with { Links = ["/dev/till"] };
        var bindings = PortBindings.Judge([Register("till-1", "/dev/till")], [linked], Nobody, [PortAddress.Parse("/dev/ttyUSB0")]);

        Assert.Equal((PortState.Bound, false), (bindings.Ports[0].State, bindings.Ports[0].MayProbe));
        Assert.Equal("/dev/ttyUSB0", bindings.Registers[0].Node);
    }

    [Fact]
    public void A_port_in_use_is_never_probed_and_says_by_whom()
    {
        Dictionary<string, string> holders = new(StringComparer.Ordinal) { ["/dev/ttyUSB0"] = "pid 7 (minicom)" };
        var bindings = PortBindings.Judge([], All, holders, [PortAddress.Parse("/dev/ttyUSB0")]);

        PortBinding used = bindings.Ports[2];
        Assert.Equal((PortState.InUse, "pid 7 (minicom)", false), (used.State, used.Holder, used.MayProbe));
        Assert.Equal("in use by pid 7 (minicom); a port in use is never probed", used.Reason);

        var own = PortBindings.Judge([Register("till-1", "/dev/ttyUSB0")], All, holders, []);
        Assert.Equal((PortState.Bound, "pid 7 (minicom)"), (own.Ports[2].State, own.Ports[2].Holder));
    }

    [Fact]
    public void An_address_that_two_adapters_answer_to_binds_neither_and_allows_to_probe_neither()
    {
        Judged judged = Judge([Register("till-1", "usb:0483:5740:STM32")], ["/dev/ttyACM0", "/dev/ttyACM1"]);

        Assert.Null(judged.Bindings.Registers[0].Node);
        Assert.Contains("write usb:0483:5740:STM32@1-2 or usb:0483:5740:STM32@1-3", judged.Bindings.Registers[0].Refusal, StringComparison.Ordinal);
        Assert.All([judged[Left], judged[Right]], port =>
        {
            Assert.Equal((PortState.Ambiguous, null, false), (port.State, port.Register, port.MayProbe));
            Assert.Equal("it may be till-1's; it is not probed before that is clear", port.Reason);
        });
    }

    [Fact]
    public void An_allowance_that_two_adapters_answer_to_allows_neither()
    {
        Judged judged = Judge([], ["usb:0483:5740:STM32"]);

        Assert.All([judged[Left], judged[Right]], port => Assert.Equal((PortState.Free, false), (port.State, port.MayProbe)));
        Assert.True(Judge([], ["usb:0483:5740:STM32@1-3"])[Right].MayProbe);
    }

    [Fact]
    public void An_adapter_that_may_be_a_registers_in_another_socket_is_not_probed()
    {
        PortBinding moved = Judge([Register("till-1", "usb:0403:6001:A1@1-9")], ["/dev/ttyUSB0"])[Ftdi];

        Assert.Equal((PortState.Ambiguous, false), (moved.State, moved.MayProbe));
    }

    [Fact]
    public void Two_equal_adapters_are_bound_by_their_places()
    {
        Judged judged = Judge([Register("till-1", "usb:0483:5740:STM32@1-2"), Register("till-2", "usb:0483:5740:STM32@1-3")], []);

        Assert.Equal(["/dev/ttyACM0", "/dev/ttyACM1"], judged.Bindings.Registers.Select(register => register.Node));
        Assert.Equal(("till-1", "till-2"), (judged[Left].Register, judged[Right].Register));
    }

    [Fact]
    public void Of_two_registers_on_one_port_the_second_is_refused()
    {
        Judged judged = Judge([Register("till-1", "/dev/ttyUSB0"), Register("till-2", "usb:0403:6001:A1")], []);

        Assert.Equal(["/dev/ttyUSB0", null], judged.Bindings.Registers.Select(register => register.Node));
        Assert.Equal(
            "/dev/ttyUSB0 is till-1's already, which is configured as /dev/ttyUSB0; give each register a port of its own",
            judged.Bindings.Registers[1].Refusal);
        Assert.Equal((PortState.Bound, "till-1"), (judged[Ftdi].State, judged[Ftdi].Register));
    }

    [Fact]
    public void Of_two_lines_whose_registers_state_one_serial_the_second_is_refused()
    {
        Judged judged = Judge(
            [Register("till-1", "usb:0483:5740@1-2", stated: "REG7"), Register("till-2", "usb:0483:5740@1-3", stated: "REG7")], ["/dev/ttyACM1"]);

        Assert.Equal(["/dev/ttyACM0", null], judged.Bindings.Registers.Select(register => register.Node));
        Assert.StartsWith(
            "register REG7 answers here and at till-1, too: one register on two lines, or a copy of one", judged.Bindings.Registers[1].Refusal,
            StringComparison.Ordinal);
        Assert.Equal((PortState.Ambiguous, false), (judged[Right].State, judged[Right].MayProbe));
    }

    [Fact]
    public void One_serial_that_is_expected_twice_refuses_the_second()
    {
        Judged judged = Judge(
            [Register("till-1", "usb:0483:5740@1-2", expected: "REG7"), Register("till-2", "usb:0483:5740@1-3", expected: "REG7")], []);

        Assert.Equal("register REG7 is expected here and at till-1, too; a register has one line", judged.Bindings.Registers[1].Refusal);
    }

    [Fact]
    public void Swapped_adapters_are_seen_by_what_the_registers_state_and_both_refused()
    {
        Judged judged = Judge(
            [
                Register("till-1", "usb:0483:5740@1-2", expected: "REG1", stated: "REG2"),
                Register("till-2", "usb:0483:5740@1-3", expected: "REG2", stated: "REG1"),
            ],
            []);

        Assert.Equal(
            [
                "expected register REG1, found REG2, which belongs to till-2: the cables or adapters are swapped; swap them back",
                "expected register REG2, found REG1, which belongs to till-1: the cables or adapters are swapped; swap them back",
            ],
            judged.Bindings.Registers.Select(register => register.Refusal));
    }

    [Fact]
    public void A_strange_register_is_refused_and_the_expected_one_welcome()
    {
        Judged strange = Judge([Register("till-1", "usb:0483:5740@1-2", expected: "REG1", stated: "REG9")], []);
        Judged welcome = Judge([Register("till-1", "usb:0483:5740@1-2", expected: "REG1", stated: "REG1")], []);

        Assert.Equal(
            "expected register REG1, found REG9; connect the register that belongs here, or change what is expected",
            strange.Bindings.Registers[0].Refusal);
        Assert.Equal(("/dev/ttyACM0", null), (welcome.Bindings.Registers[0].Node, welcome.Bindings.Registers[0].Refusal));
    }

    [Fact]
    public void Whatever_is_configured_allowed_and_held_nothing_is_probed_that_must_not_be()
    {
        string[] addresses =
        [
            "/dev/ttyUSB0", "/dev/ttyACM0", "/dev/ttyACM1", "usb:0403:6001", "usb:0403:6001@1-9", "usb:0483:5740:STM32", "usb:0483:5740@1-2",
            "usb-path:1-3", "usb:067b:2303",
        ];
        const int Seed = 5571;
        Random random = new(Seed);
        int probed = 0;
        for (int i = 0; i < 5000; i++)
        {
            string[] allowed = [.. addresses.Where(_ => random.Next(3) == 0)];
            ConfiguredPort[] configured =
            [
                .. addresses.Where(_ => random.Next(5) == 0)
                    .Select((address, at) => Register($"till-{at}", address, Pick(random, null, "A", "B"), Pick(random, null, "A", "B"))),
            ];
            var holders = All.Where(_ => random.Next(4) == 0).ToDictionary(port => port.Node, _ => "pid 1 (x)", StringComparer.Ordinal);
            var bindings = PortBindings.Judge(configured, All, holders, [.. allowed.Select(PortAddress.Parse)]);
            foreach (PortBinding port in bindings.Ports.Where(port => port.MayProbe))
            {
                probed++;
                Assert.False(holders.ContainsKey(port.Port.Node), $"seed {Seed}, case {i}: in use");
                Assert.DoesNotContain(configured, one => one.Address.Resolve(All).Node == port.Port.Node);
                Assert.Contains(allowed, one => PortAddress.Parse(one).Resolve(All).Node == port.Port.Node);
            }

            Assert.Equal(
                bindings.Registers.Count(register => register.Node is not null),
                bindings.Registers.Select(register => register.Node).OfType<string>().Distinct().Count());
        }

        Assert.InRange(probed, 500, 14_000);
    }

    private static string? Pick(Random random, params string?[] among) => among[random.Next(among.Length)];

    private static Dictionary<string, string> Nobody => new(StringComparer.Ordinal);

    private static ConfiguredPort Register(string name, string address, string? expected = null, string? stated = null) =>
        new(name, PortAddress.Parse(address), expected, stated);

    private static Judged Judge(ConfiguredPort[] configured, string[] allowed) =>
        new(PortBindings.Judge(configured, All, Nobody, [.. allowed.Select(PortAddress.Parse)]));

    private sealed record Judged(PortBindings Bindings)
    {
        internal PortBinding this[ListedPort port] => Bindings.Ports.Single(one => one.Port.Node == port.Node);
    }
}
