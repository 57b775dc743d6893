using System.Net.Sockets;

namespace Invoicing.Registers.Lines;

/// <summary>A TCP connection as a line. A reading task fetches ahead, so that an end is seen also while nobody reads.</summary>
internal sealed class TcpConnection : ILineConnection
{
    private const int ReadSize = 4096;

    private readonly string _name;
    private readonly Socket _socket;
    private readonly ByteQueue _input;
    private readonly SemaphoreSlim _room = new(0, 1);
    private readonly CancellationTokenSource _gone = new();
    private readonly Task _reading;
    private int _hungUp;

    internal TcpConnection(string name, Socket socket)
    {
        _name = name;
        _socket = socket;
        _input = new(ByteQueue.LineInput, RoomAgain);
        KeepAlive(socket);
        Gone = _gone.Token;
        _reading = FetchAsync();
    }

    public CancellationToken Gone { get; }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => _input.ReadAsync(buffer, cancellationToken);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            for (ReadOnlyMemory<byte> left = bytes; !left.IsEmpty;)
            {
                int sent = await _socket.SendAsync(left, SocketFlags.None, cancellationToken).ConfigureAwait(false);
                left = left[sent..];
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            HangUp();
            throw new LineGoneException(_name, fault.Message, fault);
        }
    }

    public async ValueTask DisposeAsync()
    {
        HangUp();
        await _reading.ConfigureAwait(false);
        _gone.Dispose();
        _room.Dispose();
    }

    /// <summary>Ends the connection from this side; reader and writer see it gone.</summary>
    internal void HangUp()
    {
        if (Interlocked.Exchange(ref _hungUp, 1) == 0)
        {
            _socket.Dispose();
            _gone.Cancel();
        }
    }

    /// <summary>Small frames leave at once; a peer without power is noticed after 10 s + 3 × 5 s even if nobody sends.</summary>
    private static void KeepAlive(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }

    private async Task FetchAsync()
    {
        byte[] buffer = new byte[ReadSize];
        try
        {
            while (true)
            {
                int room = await RoomAsync().ConfigureAwait(false);
                int read = await _socket.ReceiveAsync(buffer.AsMemory(0, Math.Min(room, ReadSize)), SocketFlags.None, Gone).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                _input.Append(buffer.AsSpan(0, read));
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Reset by the peer, or hung up here: the end of the line either way, which is what is told below.
        }

        HangUp();
        _input.End();
    }

    private async ValueTask<int> RoomAsync()
    {
        while (true)
        {
            int room = _input.Room;
            if (room > 0)
            {
                return room;
            }

            await _room.WaitAsync(Gone).ConfigureAwait(false);
        }
    }

    private void RoomAgain()
    {
        if (_room.CurrentCount == 0)
        {
            _room.Release();
        }
    }
}
