using System.Runtime.InteropServices;

namespace Invoicing.Registers.Lines.Windows;

/// <summary>Windows' <c>DCB</c>: 28 bytes, its 17 flags packed into one word from the lowest bit on.</summary>
/// <remarks>Source: winbase.h, "DCB structure" of the Win32 documentation.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct DeviceControlBlock
{
    internal uint Length;
    internal uint Speed;
    internal uint Flags;
    internal ushort Reserved;
    internal ushort XonLimit;
    internal ushort XoffLimit;
    internal byte DataBits;
    internal byte Parity;
    internal byte StopBits;
    internal byte Xon;
    internal byte Xoff;
    internal byte Error;
    internal byte End;
    internal byte Event;
    internal ushort Reserved1;

    internal const int Size = 28;

    internal const uint Binary = 1 << 0;
    internal const uint CheckParity = 1 << 1;
    internal const uint CtsHoldsOutput = 1 << 2;
    internal const uint DtrUp = 1 << 4;
    internal const uint SendOnXoff = 1 << 7;
    internal const uint XonXoffOut = 1 << 8;
    internal const uint XonXoffIn = 1 << 9;
    internal const uint ReplaceErrors = 1 << 10;
    internal const uint RtsUp = 1 << 12;
    internal const uint RtsHandshake = 2 << 12;

    private const byte OneStopBit = 0;
    private const byte OneAndAHalfStopBits = 1;
    private const byte TwoStopBits = 2;

    /// <summary>
    /// Sets everything anew, so that nothing that an earlier program left behind stays. DTR is up while the port is open; no call of ours
    /// lowers it. Errors do not abort what is under way (<c>fAbortOnError</c> is clear).
    /// </summary>
    internal static DeviceControlBlock Raw(SerialLineOptions options) => new()
    {
        Length = Size,
        Speed = (uint)options.Speed,
        Flags = Binary | DtrUp
            | (options.Parity == SerialParity.None ? 0 : CheckParity)
            | options.Flow switch
            {
                SerialFlow.RtsCts => CtsHoldsOutput | RtsHandshake,
                SerialFlow.XonXoff => XonXoffOut | XonXoffIn | RtsUp,
                _ => RtsUp,
            },
        // Room left and bytes held at which the driver stops and restarts the sender; its queue is at least 4 KiB by our SetupComm.
        XonLimit = 1024,
        XoffLimit = 1024,
        DataBits = (byte)options.DataBits,
        Parity = options.Parity switch
        {
            SerialParity.Odd => 1,
            SerialParity.Even => 2,
            SerialParity.Mark => 3,
            SerialParity.Space => 4,
            _ => 0,
        },
        // A UART does 1.5 where it is told 2 with 5 data bits, and Windows wants it said so.
        StopBits = (options.StopBits, options.DataBits) switch
        {
            (2, 5) => OneAndAHalfStopBits,
            (2, _) => TwoStopBits,
            _ => OneStopBit,
        },
        Xon = 0x11,
        Xoff = 0x13,
    };
}
