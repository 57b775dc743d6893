using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Invoicing.Registers.Ports;

/// <summary>The kernel's device events, from the source that udev has them from; any user may listen.</summary>
/// <remarks>
/// .NET knows no netlink family but waits on any socket, so the socket is made by the C library. Only root may send here, and nothing is
/// believed of what comes but that it is time to look. Source: netlink(7); group 1 is the kernel's, group 2 udev's.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed partial class NetlinkEvents : IKernelEvents
{
    private const int Family = 16;
    private const int Raw = 3;
    private const int CloseOnExec = 0x80000;
    private const int KernelObjectEvents = 15;
    private const uint KernelGroup = 1;

    private readonly Socket _socket;

    private NetlinkEvents(Socket socket) => _socket = socket;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="SocketException">The system has no such socket, or gives us none.</exception>
    internal static NetlinkEvents Open()
    {
        int file = OpenSocket(Family, Raw | CloseOnExec, KernelObjectEvents);
        if (file < 0)
        {
            throw new SocketException(Marshal.GetLastPInvokeError(), Marshal.GetLastPInvokeErrorMessage());
        }

        SafeSocketHandle? handle = new(file, ownsHandle: true);
        try
        {
            Address address = new() { Family = Family, Groups = KernelGroup };
            if (Bind(handle, in address, Marshal.SizeOf<Address>()) != 0)
            {
                throw new SocketException(Marshal.GetLastPInvokeError(), Marshal.GetLastPInvokeErrorMessage());
            }

            NetlinkEvents events = new(new(handle));
            handle = null;
            return events;
        }
        finally
        {
            handle?.Dispose();
        }
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
        {
            return 0;
        }
    }

    public void Dispose() => _socket.Dispose();

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(SafeSocketHandle socket, in Address address, int length);

    /// <summary><c>struct sockaddr_nl</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Address
    {
        internal ushort Family;
        internal ushort Padding;
        internal uint Port;
        internal uint Groups;
    }
}
