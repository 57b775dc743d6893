using System.Net.Sockets;

namespace Invoicing.Registers.Lines;

/// <summary>How a connection is seen to be half open: the other end lost its power or its cable and never said so.</summary>
/// <remarks>
/// Three cases. Nobody sends: keep-alive asks. Something was sent: keep-alive is silent then, and Linux would send again for a quarter of an
/// hour, so the kernel's count of unanswered sendings is looked at. The other end lives and does not read, as a printer without paper does:
/// it answers every probe, and is waited for. (TCP_USER_TIMEOUT would end that case, too.) Windows gives up by itself after five sendings.
/// Source: tcp(7); linux/tcp.h, <c>struct tcp_info</c>.
/// </remarks>
internal static class TcpSilence
{
    /// <summary>Silence after which keep-alive asks, in seconds.</summary>
    internal const int IdleSeconds = 10;

    /// <summary>Between two askings, in seconds.</summary>
    internal const int ProbeSeconds = 5;

    /// <summary>Askings without an answer that end the connection: 25 s after the last sign of life.</summary>
    internal const int Probes = 3;

    /// <summary>Sendings without an answer that end the connection: on a shop's network the sixth is 13 s after the first.</summary>
    internal const int Sendings = 6;

    /// <summary>How often the count is looked at.</summary>
    internal static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    private const int Tcp = 6;
    private const int InfoOption = 11;
    private const byte Closed = 7;
    private const byte ClosedByPeer = 8;

    /// <summary>Sets what the system does by itself; small frames leave at once.</summary>
    internal static void Set(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, IdleSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
    }

    /// <summary>Asks the system how the connection is.</summary>
    internal static TcpHealth Of(Socket socket, int sendings)
    {
        if (!OperatingSystem.IsLinux())
        {
            return TcpHealth.Alive;
        }

        Span<byte> state = stackalloc byte[8];
        try
        {
            int length = socket.GetRawSocketOption(Tcp, InfoOption, state);
            return Judge(state[..length], sendings);
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // Hung up here meanwhile, which everybody was told.
            return TcpHealth.Alive;
        }
    }

    /// <summary>The first bytes of <c>tcp_info</c>: state, congestion state, sendings without an answer, probes without an answer.</summary>
    internal static TcpHealth Judge(ReadOnlySpan<byte> state, int sendings) => state switch
    {
        [_, _, byte sent, ..] when sent >= sendings => TcpHealth.Silent,
        [_, _, _, byte probes, ..] when probes >= sendings => TcpHealth.Silent,
        [Closed or ClosedByPeer, ..] => TcpHealth.Ended,
        _ => TcpHealth.Alive,
    };
}
