using System.Runtime.InteropServices;

namespace Invoicing.Registers.Lines.Windows;

/// <summary>Windows' <c>COMMTIMEOUTS</c>: five numbers of milliseconds.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ReadTimeouts
{
    internal uint ReadInterval;
    internal uint ReadPerByte;
    internal uint ReadTotal;
    internal uint WritePerByte;
    internal uint WriteTotal;

    /// <summary>
    /// The combination that the documentation of COMMTIMEOUTS names: a read returns at once with what is there, or with the first byte that
    /// comes, or with nothing after so long. Writes have no limit: who waits for one cancels it.
    /// </summary>
    internal static ReadTimeouts FirstByteWithin(uint milliseconds) => new()
    {
        ReadInterval = uint.MaxValue,
        ReadPerByte = uint.MaxValue,
        ReadTotal = milliseconds,
    };
}
