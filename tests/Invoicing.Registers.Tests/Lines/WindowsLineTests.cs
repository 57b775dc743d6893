using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Lines.Windows;

namespace Invoicing.Registers.Tests.Lines;

/// <summary>What of the Windows line needs no Windows: layouts, flags, names and sentences.</summary>
public sealed class WindowsLineTests
{
    [Fact]
    public void The_control_block_lies_in_memory_as_Windows_has_it()
    {
        Assert.Equal(28, Unsafe.SizeOf<DeviceControlBlock>());
        Assert.Equal(DeviceControlBlock.Size, Unsafe.SizeOf<DeviceControlBlock>());
        (string Field, int Offset)[] expected =
        [
            (nameof(DeviceControlBlock.Length), 0), (nameof(DeviceControlBlock.Speed), 4), (nameof(DeviceControlBlock.Flags), 8),
            (nameof(DeviceControlBlock.XonLimit), 14), (nameof(DeviceControlBlock.XoffLimit), 16), (nameof(DeviceControlBlock.DataBits), 18),
            (nameof(DeviceControlBlock.Parity), 19), (nameof(DeviceControlBlock.StopBits), 20), (nameof(DeviceControlBlock.Xon), 21),
            (nameof(DeviceControlBlock.Xoff), 22), (nameof(DeviceControlBlock.Event), 25),
        ];
        Assert.All(expected, field => Assert.Equal(field.Offset, (int)Marshal.OffsetOf<DeviceControlBlock>(field.Field)));
    }

    [Fact]
    public void Plain_settings_have_these_bytes()
    {
        var settings = DeviceControlBlock.Raw(new() { Path = "COM3", Speed = 9600, DataBits = 7, Parity = SerialParity.Even, StopBits = 2 });

        // Binary and parity checked, DTR and RTS up: bits 0, 1, 4 and 12.
        Assert.Equal(
            "1C000000802500001310000000000004000407020211130000000000",
            Convert.ToHexString(MemoryMarshal.AsBytes(new ReadOnlySpan<DeviceControlBlock>(in settings))));
    }

    [Fact]
    public void Every_combination_of_bits_parity_stop_and_flow_has_its_flags()
    {
        foreach (int bits in (int[])[5, 6, 7, 8])
        {
            foreach (SerialParity parity in Enum.GetValues<SerialParity>())
            {
                foreach (SerialFlow flow in Enum.GetValues<SerialFlow>())
                {
                    foreach (int stop in (int[])[1, 2])
                    {
                        var raw = DeviceControlBlock.Raw(new() { Path = "x", DataBits = bits, Parity = parity, Flow = flow, StopBits = stop, Speed = 10_400 });

                        Assert.Equal((bits, 10_400u), (raw.DataBits, raw.Speed));
                        Assert.Equal(stop == 1 ? 0 : bits == 5 ? 1 : 2, raw.StopBits);
                        Assert.Equal(Array.IndexOf([SerialParity.None, SerialParity.Odd, SerialParity.Even, SerialParity.Mark, SerialParity.Space], parity), raw.Parity);
                        Assert.Equal(1u, raw.Flags & 1);
                        Assert.Equal(parity != SerialParity.None, (raw.Flags & 0x2) != 0);
                        Assert.Equal(flow == SerialFlow.RtsCts, (raw.Flags & 0x4) != 0);
                        Assert.Equal(1u, (raw.Flags >> 4) & 3);
                        Assert.Equal(flow == SerialFlow.XonXoff ? 3u : 0u, (raw.Flags >> 8) & 3);
                        Assert.Equal(flow == SerialFlow.RtsCts ? 2u : 1u, (raw.Flags >> 12) & 3);
                        Assert.Equal(0u, raw.Flags & ~0x3317u);
                    }
                }
            }
        }
    }

    [Fact]
    public void The_drivers_queues_lie_in_memory_as_Windows_has_them()
    {
        Assert.Equal(12, Unsafe.SizeOf<PortQueues>());
        Assert.Equal(4, (int)Marshal.OffsetOf<PortQueues>(nameof(PortQueues.Input)));
    }

    [Fact]
    public void A_read_returns_with_the_first_byte_or_after_its_limit_and_a_write_has_none()
    {
        var timeouts = ReadTimeouts.FirstByteWithin(1000);

        Assert.Equal(
            "FFFFFFFFFFFFFFFFE80300000000000000000000", Convert.ToHexString(MemoryMarshal.AsBytes(new ReadOnlySpan<ReadTimeouts>(in timeouts))));
    }

    [Theory]
    [InlineData("COM3", @"\\.\COM3")]
    [InlineData("COM10", @"\\.\COM10")]
    [InlineData(@"\\.\COM10", @"\\.\COM10")]
    [InlineData("CNCA0", @"\\.\CNCA0")]
    public void A_port_is_opened_by_its_device_name(string name, string opened) => Assert.Equal(opened, WindowsPortName.ToOpen(name));

    [Theory]
    [InlineData(2, "there is no such device; is it plugged in and switched on?")]
    [InlineData(3, "there is no such device; is it plugged in and switched on?")]
    [InlineData(5, "in use by another program, or not allowed to this user; close the program that has it (handle.exe of Sysinternals names it)")]
    [InlineData(32, "in use by another program, or not allowed to this user; close the program that has it (handle.exe of Sysinternals names it)")]
    [InlineData(123, "it is not a serial port; expected a name such as COM3")]
    [InlineData(31, "the port is there, but its device does not answer (text); plug the adapter out and in again")]
    [InlineData(1167, "the port is there, but its device does not answer (text); plug the adapter out and in again")]
    [InlineData(4, "this program has too many files open")]
    [InlineData(1450, "text (error 1450)")]
    public void What_does_not_open_says_why(int error, string sentence) => Assert.Equal(sentence, Win32Error.OfOpening(error, "text"));

    [Theory]
    [InlineData(87, "the adapter cannot do 9600 bits per second with 7 data bits, parity Even and 1 stop bits; choose another Speed")]
    [InlineData(1, "it is not a serial port; expected a name such as COM3")]
    [InlineData(6, "it is not a serial port; expected a name such as COM3")]
    [InlineData(1167, "the port is there, but its device was removed; plug the adapter out and in again")]
    [InlineData(1450, "SetCommState: text (error 1450)")]
    public void What_cannot_be_set_says_why(int error, string sentence) => Assert.Equal(
        sentence, Win32Error.OfSetting(error, "text", "SetCommState", new() { Path = "COM3", Speed = 9600, DataBits = 7, Parity = SerialParity.Even }));

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(22)]
    [InlineData(31)]
    [InlineData(109)]
    [InlineData(433)]
    [InlineData(995)]
    [InlineData(1167)]
    [InlineData(1617)]
    public void A_removed_device_shows_itself_in_many_ways(int error) => Assert.Equal("its device was removed", Win32Error.OfUse(error));

    [Fact]
    public void Other_errors_of_use_are_not_taken_for_a_removal() => Assert.Null(Win32Error.OfUse(1450));
}
