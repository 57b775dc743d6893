using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FirmwareSim.Lines;

/// <summary>A line over TCP where the register listens. One gateway at a time, unless several are wanted; a newer one takes the older one's place.</summary>
internal sealed class TcpListenLine : ILine
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _closed = new();
    private readonly bool _isShared;
    private Task<Socket>? _next;

    /// <summary>Listens at once.</summary>
    /// <param name="address">Where.</param>
    /// <param name="port">The port; 0 takes a free one.</param>
    /// <param name="isShared">Whether a newer connection leaves the older ones alone.</param>
    /// <exception cref="SocketException">The port is in use.</exception>
    public TcpListenLine(IPAddress address, int port, bool isShared = false)
    {
        _isShared = isShared;
        _listener = new TcpListener(address, port);
        _listener.Start();
    }

    /// <summary>The port listened on, also when 0 was asked for.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Name => string.Create(CultureInfo.InvariantCulture, $"tcp-listen:{_listener.LocalEndpoint}");

    public async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        _next ??= _listener.AcceptSocketAsync(_closed.Token).AsTask();
        Socket socket = await _next.WaitAsync(cancellationToken);
        socket.NoDelay = true;
        _next = _isShared ? null : ReplaceAsync(socket);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_closed.IsCancellationRequested)
        {
            await _closed.CancelAsync();
            _listener.Stop();
            if (_next is { IsCompletedSuccessfully: true })
            {
                (await _next).Dispose();
            }

            _closed.Dispose();
        }
    }

    /// <summary>A half-open connection never ends by itself: the gateway that connects again is the one that counts.</summary>
    private async Task<Socket> ReplaceAsync(Socket current)
    {
        Socket next = await _listener.AcceptSocketAsync(_closed.Token);
        current.Dispose();
        return next;
    }
}
