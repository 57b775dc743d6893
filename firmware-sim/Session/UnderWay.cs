using System.Runtime.InteropServices;

namespace FirmwareSim.Session;

/// <summary>A record that was sent and whose answer is not here yet.</summary>
/// <param name="Seq">Its sequence.</param>
/// <param name="Recovered">It goes out because of GET and carries the result that is held.</param>
/// <param name="HandedAt">When its last byte was handed to the line; null while it is being written.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct UnderWay(ulong Seq, bool Recovered, long? HandedAt);
