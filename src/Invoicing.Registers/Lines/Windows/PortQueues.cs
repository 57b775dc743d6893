using System.Runtime.InteropServices;

namespace Invoicing.Registers.Lines.Windows;

/// <summary>Windows' <c>COMSTAT</c>: flags, and what the driver holds each way.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PortQueues
{
    internal uint Flags;
    internal uint Input;
    internal uint Output;
}
