using System.Runtime.InteropServices;

namespace FirmwareSim.Session;

/// <summary>The records that a GET asked for: what is still to be sent is <c>Next..To</c>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RecoveryRun(ulong Next, ulong To);
