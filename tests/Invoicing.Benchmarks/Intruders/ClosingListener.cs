using System.Net;
using System.Net.Sockets;

namespace Invoicing.Benchmarks.Intruders;

/// <summary>The limit program of the intruders' benchmark: takes each connection and closes it.</summary>
internal sealed class ClosingListener : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _closing;

    public ClosingListener()
    {
        _listener.Start(512);
        Address = new($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _closing = Task.Run(CloseAsync);
    }

    public Uri Address { get; }

    public void Dispose()
    {
        _listener.Dispose();
        _closing.Wait();
    }

    private async Task CloseAsync()
    {
        try
        {
            while (true)
            {
                using Socket socket = await _listener.AcceptSocketAsync();
                socket.Close(0);
            }
        }
        catch (SocketException)
        {
            return; // stopped
        }
        catch (ObjectDisposedException)
        {
            return; // stopped
        }
    }
}
