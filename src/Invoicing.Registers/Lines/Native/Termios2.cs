using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Invoicing.Registers.Lines.Native;

/// <summary>Linux' <c>struct termios2</c>: 44 bytes with 19 control characters. (glibc's <c>struct termios</c> has 32; never mix them.)</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Termios2
{
    internal uint Input;
    internal uint Output;
    internal uint Control;
    internal uint Local;
    internal byte Discipline;
    internal Characters Special;
    internal uint InputSpeed;
    internal uint OutputSpeed;

    internal const uint IgnoreBreak = 0x1;
    internal const uint IgnoreParityErrors = 0x4;
    internal const uint CheckParity = 0x10;
    internal const uint XonXoffOut = 0x400;
    internal const uint XonXoffIn = 0x1000;

    internal const uint Size5 = 0x00;
    internal const uint Size6 = 0x10;
    internal const uint Size7 = 0x20;
    internal const uint Size8 = 0x30;
    internal const uint TwoStopBits = 0x40;
    internal const uint EnableReceiver = 0x80;
    internal const uint ParityOn = 0x100;
    internal const uint ParityOdd = 0x200;
    internal const uint IgnoreModemLines = 0x800;
    internal const uint SpeedIsANumber = 0x1000;
    internal const uint ParityStick = 0x40000000;
    internal const uint RtsCts = 0x80000000;

    private const int TimeIndex = 5;
    private const int MinimumIndex = 6;
    private const int StartIndex = 8;
    private const int StopIndex = 9;

    /// <summary>Sets everything anew, so that nothing that an earlier program left behind stays. HUPCL stays clear: closing does not drop DTR.</summary>
    internal static Termios2 Raw(SerialLineOptions options)
    {
        Termios2 settings = default;
        settings.Input = IgnoreBreak
            | (options.Parity == SerialParity.None ? 0 : CheckParity | IgnoreParityErrors)
            | (options.Flow == SerialFlow.XonXoff ? XonXoffIn | XonXoffOut : 0);
        settings.Control = EnableReceiver | IgnoreModemLines | SpeedIsANumber
            | (options.DataBits switch { 5 => Size5, 6 => Size6, 7 => Size7, _ => Size8 })
            | (options.StopBits == 2 ? TwoStopBits : 0)
            | (options.Flow == SerialFlow.RtsCts ? RtsCts : 0)
            | options.Parity switch
            {
                SerialParity.Even => ParityOn,
                SerialParity.Odd => ParityOn | ParityOdd,
                SerialParity.Mark => ParityOn | ParityOdd | ParityStick,
                SerialParity.Space => ParityOn | ParityStick,
                _ => 0,
            };
        settings.Special[TimeIndex] = 0;
        // With a minimum of 0 a read of nothing would return 0, which is what a hang-up returns; with 1 it says EAGAIN.
        settings.Special[MinimumIndex] = 1;
        settings.Special[StartIndex] = 0x11;
        settings.Special[StopIndex] = 0x13;
        settings.InputSpeed = (uint)options.Speed;
        settings.OutputSpeed = (uint)options.Speed;
        return settings;
    }

    /// <summary>The 19 control characters.</summary>
    [InlineArray(19)]
    internal struct Characters
    {
        private byte _first;
    }
}
