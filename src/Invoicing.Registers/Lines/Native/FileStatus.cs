using System.Runtime.InteropServices;

namespace Invoicing.Registers.Lines.Native;

/// <summary><c>struct statx</c>: 256 bytes, the same on every processor. Only what is needed has a name.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStatus
{
    [FieldOffset(20)]
    internal uint UserId;

    [FieldOffset(24)]
    internal uint GroupId;

    [FieldOffset(28)]
    internal ushort Mode;
}
