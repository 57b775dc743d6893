using System.Runtime.InteropServices;

namespace Invoicing.Registers.Lines.Native;

/// <summary><c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollItem
{
    internal int File;
    internal short Wanted;
    internal short Seen;
}
