using System.Text;
using Invoicing.Registers.Ports;

namespace Invoicing.Registers.Tests.Ports;

public sealed class KernelEventTests
{
    private static readonly byte[] Added = Encoding.UTF8.GetBytes(
        "add@/devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/ttyUSB0/tty/ttyUSB0\0ACTION=add\0"
        + "DEVPATH=/devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/ttyUSB0/tty/ttyUSB0\0SUBSYSTEM=tty\0"
        + "MAJOR=188\0MINOR=0\0DEVNAME=ttyUSB0\0SEQNUM=2112\0");

    [Fact]
    public void A_ports_event_has_its_action_path_subsystem_and_node()
    {
        var read = KernelEvent.Parse(Added);

        Assert.Equal(new("add", "/devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/ttyUSB0/tty/ttyUSB0", "tty", "ttyUSB0"), read);
        Assert.True(read!.IsOfTty);
    }

    [Fact]
    public void An_event_of_another_subsystem_is_not_of_a_port()
    {
        var read = KernelEvent.Parse("remove@/devices/usb1/1-1\0ACTION=remove\0SUBSYSTEM=usb\0DEVNAME=bus/usb/001/004\0"u8);

        Assert.Equal(new("remove", "/devices/usb1/1-1", "usb", "bus/usb/001/004"), read);
        Assert.False(read!.IsOfTty);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData("@/devices")]
    [InlineData("add")]
    [InlineData("add@devices")]
    [InlineData("add@")]
    [InlineData("Add@/devices")]
    [InlineData("libudev\0\u00fe\u00ed\u00ca\u00feSUBSYSTEM=tty\0")]
    public void What_is_no_event_is_none(string datagram) => Assert.Null(KernelEvent.Parse(Encoding.Latin1.GetBytes(datagram)));

    [Fact]
    public void The_first_of_two_equal_keys_counts_and_a_cut_event_keeps_what_it_has()
    {
        Assert.Equal("tty", KernelEvent.Parse("add@/d\0SUBSYSTEM=tty\0SUBSYSTEM=usb\0"u8)!.Subsystem);
        Assert.Equal(new("add", "/d", "tt", null), KernelEvent.Parse("add@/d\0SUBSYSTEM=tt"u8));
    }

    [Fact]
    public void Neither_length_nor_number_of_variables_is_without_bound()
    {
        byte[] many = Encoding.ASCII.GetBytes("add@/d\0" + string.Concat(Enumerable.Repeat("A=B\0", 64)) + "SUBSYSTEM=tty\0");
        Assert.Null(KernelEvent.Parse(many)!.Subsystem);

        Assert.Null(KernelEvent.Parse(new byte[KernelEvent.LongestDatagram + 1]));
        byte[] longest = new byte[KernelEvent.LongestDatagram];
        Added.CopyTo(longest, 0);
        Assert.True(KernelEvent.Parse(longest)!.IsOfTty);
    }

    [Fact]
    public void Any_bytes_at_all_are_read_without_a_fault()
    {
        const int Seed = 8812;
        Random random = new(Seed);
        int events = 0;
        for (int i = 0; i < 200_000; i++)
        {
            byte[] bytes = Mutated(random);
            var read = KernelEvent.Parse(bytes);
            if (read is not null)
            {
                events++;
                Assert.True(read.Device.StartsWith('/') && read.Action.All(char.IsAsciiLetterLower), $"seed {Seed}, input {i}");
            }
        }

        // Mutation that never left an event whole, or never broke one, would test nothing.
        Assert.InRange(events, 20_000, 180_000);
    }

    private static byte[] Mutated(Random random)
    {
        if (random.Next(4) == 0)
        {
            byte[] noise = new byte[random.Next(300)];
            random.NextBytes(noise);
            return noise;
        }

        byte[] bytes = Added[random.Next(4)..random.Next(8, Added.Length)];
        for (int i = random.Next(6); i > 0; i--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }
}
