using System.Globalization;
using System.Net.Sockets;

namespace FirmwareSim.Lines;

/// <summary>A line over TCP where the gateway listens; connects again for as long as it takes.</summary>
internal sealed class TcpClientLine(string host, int port, TimeProvider time) : ILine
{
    /// <summary>First and longest pause between two attempts: a restarted gateway is found soon, a dead one is not flooded.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private TimeSpan _pause = TimeSpan.Zero;

    public string Name => string.Create(CultureInfo.InvariantCulture, $"tcp:{host}:{port}");

    public async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // Also before the first attempt after a connection that broke: a gateway that closes at once must not be hammered.
            await Task.Delay(_pause, time, cancellationToken);
            try
            {
                NetworkStream connection = await ConnectAsync(cancellationToken);
                _pause = FirstPause;
                return connection;
            }
            catch (SocketException)
            {
                // Nobody listens yet: the pause above is the answer.
                _pause = _pause == TimeSpan.Zero ? FirstPause : TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestPause.Ticks));
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<NetworkStream> ConnectAsync(CancellationToken cancellationToken)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(host, port, cancellationToken);
            NetworkStream connection = new(socket, ownsSocket: true);
            socket = null;
            return connection;
        }
        finally
        {
            socket?.Dispose();
        }
    }
}
