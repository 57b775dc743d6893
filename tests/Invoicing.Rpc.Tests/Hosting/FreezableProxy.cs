using System.Net;
using System.Net.Sockets;

namespace Invoicing.Rpc.Tests.Hosting;

/// <summary>A wire between caller and server that can go dead: both connections stay open and nothing passes any more.</summary>
internal sealed class FreezableProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Socket> _sockets = [];
    private readonly Uri _target;
    private readonly Task _accepting;
    private volatile bool _isFrozen;

    public FreezableProxy(Uri target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    public void Freeze() => _isFrozen = true;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        lock (_sockets)
        {
            _sockets.ForEach(socket => socket.Dispose());
        }

        await _accepting.Soon();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> copying = [];
        try
        {
            while (true)
            {
                Socket near = await _listener.AcceptSocketAsync(_stop.Token);
#pragma warning disable CA2000 // Disposed with the proxy.
                var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
#pragma warning restore CA2000
                lock (_sockets)
                {
                    _sockets.AddRange([near, far]);
                }

                await far.ConnectAsync(_target.Host, _target.Port, _stop.Token);
                copying.AddRange([CopyAsync(near, far), CopyAsync(far, near)]);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }

        await Task.WhenAll(copying);
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and int read)
            {
                if (!_isFrozen)
                {
                    await to.SendAsync(buffer.AsMemory(0, read), _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side went away, or the proxy is disposed.
        }
    }
}
