using System.Collections.Immutable;
using Invoicing.Registers.Ports;

namespace Invoicing.Registers.Tests.Ports;

/// <summary>Addresses by identity and place: how they are written and what they mean.</summary>
public sealed class PortAddressTests
{
    private static readonly ListedPort Ftdi = Usb("/dev/ttyUSB0", "1-1.2:1.0", 0x0403, 0x6001, "A1");
    private static readonly ListedPort Ch340Left = Usb("/dev/ttyUSB1", "1-1.1:1.0", 0x1A86, 0x7523, null);
    private static readonly ListedPort Ch340Right = Usb("/dev/ttyUSB2", "1-1.3:1.0", 0x1A86, 0x7523, null);
    private static readonly ListedPort StmLeft = Usb("/dev/ttyACM0", "1-2:1.0", 0x0483, 0x5740, "STM32") with { ById = "usb-STM32-if00" };
    private static readonly ListedPort StmRight = Usb("/dev/ttyACM1", "1-3:1.0", 0x0483, 0x5740, "STM32") with { ById = "usb-STM32-if00" };
    private static readonly ListedPort DualA = Usb("/dev/ttyUSB3", "1-4:1.0", 0x0403, 0x6010, "FT2");
    private static readonly ListedPort DualB = Usb("/dev/ttyUSB4", "1-4:1.1", 0x0403, 0x6010, "FT2") with { Interface = 1 };
    private static readonly ListedPort Board = new() { Node = "/dev/ttyS0" };
    private static readonly ImmutableArray<ListedPort> All = [Board, StmLeft, StmRight, Ftdi, Ch340Left, Ch340Right, DualA, DualB];

    [Theory]
    [InlineData("/dev/ttyUSB0")]
    [InlineData("COM10")]
    [InlineData("usb:0403:6001")]
    [InlineData("usb:0403:6001:A50285BI")]
    [InlineData("usb:0403:6001:A50285BI@1-1.2")]
    [InlineData("usb:0403:6001@1-1.2:1.0")]
    [InlineData("usb:0403:6010:FT2.if01")]
    [InlineData("usb:0403:6010@1-4.1.1.1.1.1.1.if0a")]
    [InlineData("usb-path:1-1.2")]
    [InlineData("usb-path:12-1.14:1.0-port1")]
    public void An_address_is_written_as_it_is_read(string text) => Assert.Equal(text, PortAddress.Parse(text).ToString());

    [Fact]
    public void The_parts_of_an_address_are_told_apart_from_the_end()
    {
        var address = PortAddress.Parse("usb:1A86:7523:a.b:c%40d@1-1.2:1.0.if0F");

        Assert.Equal(
            ((ushort)0x1A86, (ushort)0x7523, "a.b:c@d", "1-1.2:1.0", (byte)15),
            (address.Vendor!.Value, address.Product!.Value, address.Serial, address.Path, address.Interface!.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("usb:")]
    [InlineData("usb:0403")]
    [InlineData("usb:403:6001")]
    [InlineData("usb:0403:6001:")]
    [InlineData("usb:0403:60 1")]
    [InlineData("usb:0403:+601")]
    [InlineData("usb:0403:6001@")]
    [InlineData("usb:0403:6001@here")]
    [InlineData("usb:0403:6001:a@b")]
    [InlineData("usb-path:")]
    [InlineData("usb-path:1")]
    [InlineData("usb-path:1-1.2:1.0\n")]
    [InlineData("usb-path:1-1.1.1.1.1.1.1.1")]
    public void What_is_no_address_is_refused_with_the_form_and_what_was_found(string text)
    {
        FormatException fault = Assert.Throws<FormatException>(() => PortAddress.Parse(text));

        Assert.StartsWith("expected ", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith(text.Length == 0 ? "found nothing" : $"found '{text}'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_serial_survives_being_written()
    {
        Random random = new(4021);
        const string Letters = "aZ09.:@%?&=/ -_~if\u00e4\u1ec7\ufffd";
        for (int i = 0; i < 20_000; i++)
        {
            string serial = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Letters[random.Next(Letters.Length)]));
            serial += random.Next(4) == 0 ? ".if01" : string.Empty;
            ListedPort port = Usb("/dev/ttyUSB9", "1-9:1.0", 0x0403, 0x6001, serial);
            ImmutableArray<ListedPort> listing = random.Next(2) == 0 ? [port] : [port, port with { BusPath = "1-8:1.0", Node = "/dev/ttyUSB8" }];
            var address = PortAddress.Of(port, listing);

            Assert.True(address == PortAddress.Parse(address.ToString()), $"serial '{serial}' became {address}");
            Assert.Equal(port.Node, address.Resolve(listing).Node);
        }
    }

    [Theory]
    [InlineData("usb:0403:6001", "/dev/ttyUSB0")]
    [InlineData("usb:0403:6001:A1", "/dev/ttyUSB0")]
    [InlineData("usb:0403:6001:A1@1-1.2", "/dev/ttyUSB0")]
    [InlineData("usb:1a86:7523@1-1.1", "/dev/ttyUSB1")]
    [InlineData("usb:1a86:7523@1-1.3:1.0", "/dev/ttyUSB2")]
    [InlineData("usb:0483:5740:STM32@1-3", "/dev/ttyACM1")]
    [InlineData("usb:0403:6010:FT2.if01", "/dev/ttyUSB4")]
    [InlineData("usb:0403:6010@1-4:1.0", "/dev/ttyUSB3")]
    [InlineData("usb-path:1-4:1.1", "/dev/ttyUSB4")]
    [InlineData("usb-path:1-2", "/dev/ttyACM0")]
    [InlineData("/dev/ttyUSB2", "/dev/ttyUSB2")]
    [InlineData("/dev/ttyNOTHERE", "/dev/ttyNOTHERE")]
    [InlineData("/dev/pts/3", "/dev/pts/3")]
    public void An_address_that_is_clear_means_one_node(string text, string node)
    {
        PortResolution found = PortAddress.Parse(text).Resolve(All);

        Assert.Equal((node, null), (found.Node, found.Refusal));
    }

    [Theory]
    [InlineData(
        "usb:1a86:7523",
        "2 ports answer to usb:1a86:7523 (1-1.1:1.0 as /dev/ttyUSB1, 1-1.3:1.0 as /dev/ttyUSB2); write usb:1a86:7523@1-1.1 or usb:1a86:7523@1-1.3")]
    [InlineData(
        "usb:0483:5740:STM32",
        "2 ports answer to usb:0483:5740:STM32 (1-2:1.0 as /dev/ttyACM0, 1-3:1.0 as /dev/ttyACM1); "
        + "write usb:0483:5740:STM32@1-2 or usb:0483:5740:STM32@1-3")]
    [InlineData(
        "/dev/serial/by-id/usb-STM32-if00",
        "2 ports answer to /dev/serial/by-id/usb-STM32-if00 (1-2:1.0 as /dev/ttyACM0, 1-3:1.0 as /dev/ttyACM1); "
        + "write usb:0483:5740:STM32@1-2 or usb:0483:5740:STM32@1-3")]
    [InlineData(
        "usb:0403:6010:FT2",
        "the adapter at 1-4 has 2 ports that answer to usb:0403:6010:FT2 (1-4:1.0 as /dev/ttyUSB3, 1-4:1.1 as /dev/ttyUSB4); "
        + "write usb:0403:6010:FT2.if00 or usb:0403:6010:FT2.if01")]
    [InlineData(
        "usb-path:1-4",
        "the adapter at 1-4 has 2 ports that answer to usb-path:1-4 (1-4:1.0 as /dev/ttyUSB3, 1-4:1.1 as /dev/ttyUSB4); "
        + "write usb:0403:6010:FT2.if00 or usb:0403:6010:FT2.if01")]
    [InlineData(
        "usb:0403:6001:A1@1-7",
        "nothing that answers to usb:0403:6001:A1@1-7 is plugged in at 1-7; the same kind is at 1-1.2:1.0 as /dev/ttyUSB0: "
        + "plug it back, or write usb:0403:6001:A1")]
    [InlineData(
        "usb:067b:2303",
        "nothing that answers to usb:067b:2303 is plugged in; plugged in are usb:0483:5740:STM32@1-2, usb:0483:5740:STM32@1-3, usb:0403:6001:A1, "
        + "usb:1a86:7523@1-1.1, usb:1a86:7523@1-1.3, usb:0403:6010:FT2.if00")]
    public void An_address_that_is_not_clear_is_refused_and_says_what_to_write(string text, string sentence)
    {
        PortResolution found = PortAddress.Parse(text).Resolve(All);

        Assert.Equal((null, sentence), (found.Node, found.Refusal));
    }

    [Fact]
    public void With_nothing_plugged_in_it_says_so()
    {
        PortResolution found = PortAddress.Parse("usb-path:1-1").Resolve([Board]);

        Assert.Equal(
            "nothing that answers to usb-path:1-1 is plugged in, nor any other USB serial adapter; is it plugged in and switched on?", found.Refusal);
    }

    [Fact]
    public void The_one_adapter_that_is_left_of_two_equal_ones_is_not_taken_for_the_other()
    {
        PortResolution found = PortAddress.Parse("usb:1a86:7523@1-1.1").Resolve([Ch340Right]);

        Assert.Null(found.Node);
        Assert.Contains("1-1.3:1.0", found.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replugged_and_a_moved_adapter_are_found_again()
    {
        Assert.Equal("/dev/ttyUSB7", PortAddress.Parse("usb:0403:6001:A1").Resolve([Ftdi with { Node = "/dev/ttyUSB7", BusPath = "2-1:1.0" }]).Node);
        Assert.Equal("/dev/ttyUSB7", PortAddress.Parse("usb:1a86:7523@1-1.1").Resolve([Ch340Left with { Node = "/dev/ttyUSB7" }, Ch340Right]).Node);
    }

    [Fact]
    public void A_name_of_udev_is_found_where_udev_does_not_run_and_so_is_an_operators_link()
    {
        ListedPort port = Ftdi with { ById = "usb-FTDI-if00-port0", ByPath = "pci-usb-0:1.2", Links = ["/dev/till"] };

        Assert.Equal(port.Node, PortAddress.Parse("/dev/serial/by-id/usb-FTDI-if00-port0").Resolve([port, StmLeft]).Node);
        Assert.Equal(port.Node, PortAddress.Parse("/dev/serial/by-path/pci-usb-0:1.2").Resolve([port, StmLeft]).Node);
        Assert.Equal(port.Node, PortAddress.Parse("/dev/till").Resolve([port, StmLeft]).Node);
    }

    [Fact]
    public void The_address_of_a_port_means_this_port_and_no_other()
    {
        ListedPort[] twoInOne = [DualA with { BusPath = "1-5:1.0", Node = "/dev/ttyUSB5" }, DualA with { BusPath = "1-5:1.0-port1", Node = "/dev/ttyUSB6" }];
        ImmutableArray<ListedPort> listing = [.. All, .. twoInOne];

        foreach (ListedPort port in listing)
        {
            Assert.Equal(port.Node, PortAddress.Of(port, listing).Resolve(listing).Node);
        }

        Assert.Equal("usb-path:1-5:1.0-port1", PortAddress.Of(twoInOne[1], listing).ToString());
        Assert.Equal("usb:1a86:7523@1-1.1", PortAddress.Of(Ch340Left, [Ch340Left]).ToString());
    }

    internal static ListedPort Usb(string node, string path, ushort vendor, ushort product, string? serial) => new()
    {
        Node = node,
        BusPath = path,
        Vendor = vendor,
        Product = product,
        Serial = serial,
        Interface = 0,
    };
}
