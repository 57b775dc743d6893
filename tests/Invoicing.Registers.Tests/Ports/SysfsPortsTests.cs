using System.Collections.Immutable;
using Invoicing.Registers.Ports;

namespace Invoicing.Registers.Tests.Ports;

/// <summary>The listing over trees laid out as the kernel lays them out.</summary>
public sealed class SysfsPortsTests : IDisposable
{
    private readonly FakeMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void An_FTDI_adapter_has_its_attributes_from_two_and_three_levels_above()
    {
        _machine.UsbSerial("ttyUSB0", "1-1.2", "0403", "6001", "ftdi_sio", "A50285BI", "FTDI", "FT232R USB UART");

        ListedPort port = Assert.Single(_machine.Ports.List());

        Assert.Equal(_machine.Dev("ttyUSB0"), port.Node);
        Assert.Equal(((ushort)0x0403, (ushort)0x6001, "A50285BI"), (port.Vendor!.Value, port.Product!.Value, port.Serial));
        Assert.Equal(("FTDI", "FT232R USB UART", "ftdi_sio"), (port.Manufacturer, port.ProductText, port.Driver));
        Assert.Equal(("1-1.2:1.0", (byte)0), (port.BusPath, port.Interface!.Value));
        Assert.Equal("usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0", port.ById);
        Assert.Equal("pci-0000:00:14.0-usb-0:1.2:1.0-port0", port.ByPath);
        Assert.True(port.IsUsb);
    }

    [Fact]
    public void A_CDC_ACM_register_has_them_from_the_interface_on()
    {
        _machine.Acm("ttyACM0", "1-3", "0483", "5740", "STM32", "STMicroelectronics", "STM32 Virtual COM Port ", part: 2);

        ListedPort port = Assert.Single(_machine.Ports.List());

        Assert.Equal(("1-3:1.2", (byte)2, "cdc_acm"), (port.BusPath, port.Interface!.Value, port.Driver));
        Assert.Equal("usb-STMicroelectronics_STM32_Virtual_COM_Port_STM32-if02", port.ById);
        Assert.Equal("pci-0000:00:14.0-usb-0:3:1.2", port.ByPath);
    }

    [Fact]
    public void Two_CH340_without_serial_share_a_name_and_differ_by_place()
    {
        _machine.UsbSerial("ttyUSB0", "1-1.1", "1a86", "7523", "ch341-uart", text: "USB2.0-Serial");
        _machine.UsbSerial("ttyUSB1", "1-1.2", "1a86", "7523", "ch341-uart", text: "USB2.0-Serial");

        ImmutableArray<ListedPort> ports = _machine.Ports.List();

        Assert.Equal(["usb-1a86_USB2.0-Serial-if00-port0", "usb-1a86_USB2.0-Serial-if00-port0"], ports.Select(port => port.ById));
        Assert.Equal(["1-1.1:1.0", "1-1.2:1.0"], ports.Select(port => port.BusPath));
        Assert.All(ports, port => Assert.Null(port.Serial));
    }

    [Fact]
    public void A_replugged_adapter_keeps_everything_but_its_node()
    {
        _machine.UsbSerial("ttyUSB0", "1-1.2", "0403", "6001", "ftdi_sio", "A1");
        ListedPort before = Assert.Single(_machine.Ports.List());

        _machine.Unplug("1-1.2", "ttyUSB0").UsbSerial("ttyUSB1", "1-1.2", "0403", "6001", "ftdi_sio", "A1");

        ListedPort after = Assert.Single(_machine.Ports.List());
        Assert.NotEqual(before, after);
        Assert.Equal(before, after with { Node = before.Node });
    }

    [Fact]
    public void An_adapter_with_two_interfaces_has_two_ports_and_one_interface_with_two_ports_tells_them_by_number()
    {
        _machine.UsbSerial("ttyUSB0", "1-1", "0403", "6010", "ftdi_sio", "FT2", part: 0);
        _machine.UsbSerial("ttyUSB1", "1-1", "0403", "6010", "ftdi_sio", "FT2", part: 1);
        _machine.UsbSerial("ttyUSB2", "1-2", "9710", "7720", "mos7720", "M", port: 0);
        _machine.UsbSerial("ttyUSB3", "1-2", "9710", "7720", "mos7720", "M", port: 1);

        ImmutableArray<ListedPort> ports = _machine.Ports.List();

        Assert.Equal(["1-1:1.0", "1-1:1.1", "1-2:1.0", "1-2:1.0-port1"], ports.Select(port => port.BusPath));
        Assert.Equal("usb-9710_7720_M-if00-port1", ports[3].ById);
        Assert.Equal("pci-0000:00:14.0-usb-0:2:1.0-port1", ports[3].ByPath);
    }

    [Fact]
    public void A_UART_counts_if_there_is_one_and_a_node_without_does_not()
    {
        _machine.Uart("ttyS0", type: 4).Uart("ttyS1", type: 0).Uart("ttyS2", type: 0);

        ListedPort port = Assert.Single(_machine.Ports.List());

        Assert.Equal(_machine.Dev("ttyS0"), port.Node);
        Assert.False(port.IsUsb);
        Assert.Null(port.ById);
        Assert.Equal("serial8250", port.Driver);
    }

    [Fact]
    public void Names_that_udev_gave_go_before_those_that_it_would_give()
    {
        _machine.UsbSerial("ttyUSB0", "1-1", "0403", "6001", "ftdi_sio", "A1", "FTDI", "UART");
        _machine.Link("serial/by-id/usb-Given-if00-port0", "ttyUSB0").Link("serial/by-path/given", "ttyUSB0").Link("till", "ttyUSB0");

        ListedPort port = Assert.Single(_machine.Ports.List());

        Assert.Equal(("usb-Given-if00-port0", "given"), (port.ById, port.ByPath));
        Assert.Equal(
            [_machine.Dev("serial/by-id/usb-Given-if00-port0"), _machine.Dev("serial/by-path/given"), _machine.Dev("till")], port.Links);
    }

    [Fact]
    public void What_a_device_says_of_itself_cannot_write_on_a_terminal()
    {
        _machine.Acm("ttyACM0", "1-1", "dead", "beef", serial: "A\u001b[2J\a", maker: "Böse & Söhne,  GmbH", text: "x/y");

        ListedPort port = Assert.Single(_machine.Ports.List());

        Assert.Equal("A\uFFFD[2J\uFFFD", port.Serial);
        Assert.Equal("usb-Böse___Söhne__GmbH_x_y-if00", port.ById);
    }

    [Fact]
    public void An_adapter_that_goes_while_it_is_read_is_left_out()
    {
        _machine.UsbSerial("ttyUSB0", "1-1", "0403", "6001", "ftdi_sio", "A1").UsbSerial("ttyUSB1", "1-2", "0403", "6001", "ftdi_sio", "A2");
        _machine.Unplug("1-1");
        _machine.Attribute("1-2", "idProduct", "");

        Assert.Empty(_machine.Ports.List());
    }

    [Fact]
    public void A_machine_without_sysfs_has_no_ports() => Assert.Empty(new SysfsPorts("/nowhere", "/dev").List());

    [Fact]
    public void Ports_are_in_order_of_their_numbers()
    {
        foreach (int i in (int[])[10, 2, 1])
        {
            _machine.Acm($"ttyACM{i}", $"1-{i}", "0483", "5740");
        }

        Assert.Equal(["ttyACM1", "ttyACM2", "ttyACM10"], _machine.Ports.List().Select(port => Path.GetFileName(port.Node)));
    }
}
