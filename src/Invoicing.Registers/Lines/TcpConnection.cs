using System.Net.Sockets;

namespace Invoicing.Registers.Lines;

/// <summary>A TCP connection as a line.</summary>
/// <remarks>
/// A reading task fetches ahead, so that an end is seen also while nobody reads. What it cannot see (a silent peer, an end behind more than
/// it may hold) is looked for every <see cref="TcpSilence.CheckInterval"/>.
/// </remarks>
internal sealed class TcpConnection : ILineConnection
{
    private const int ReadSize = 4096;

    /// <summary>Most that is read of a call behind which a newer one has come: more than a system's buffer holds, and an end for one that goes on sending.</summary>
    private const int MostBehind = 8 * 1024 * 1024;

    private readonly string _name;
    private readonly Socket _socket;
    private readonly ByteQueue _input;
    private readonly SemaphoreSlim _room = new(0, 1);
    private readonly CancellationTokenSource _gone = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenSource _replaced = new();
    private readonly CancellationTokenSource _waitsNoMore;
    private readonly int _sendings;
    private readonly Task _reading;
    private readonly ITimer _check;
    private string? _goneReason;
    private int _hungUp;
    private int _behind;

    /// <summary>Takes a connected socket over.</summary>
    /// <param name="name">The line's name.</param>
    /// <param name="socket">The socket.</param>
    /// <param name="time">The clock for looks at the peer.</param>
    /// <param name="sendings">Sendings without an answer that end it.</param>
    internal TcpConnection(string name, Socket socket, TimeProvider time, int sendings = TcpSilence.Sendings)
    {
        _name = name;
        _socket = socket;
        _sendings = sendings;
        _input = new(ByteQueue.LineInput, RoomAgain);
        TcpSilence.Set(socket);
        Gone = _gone.Token;
        _waitsNoMore = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token, _replaced.Token);
        _reading = FetchAsync();
        _check = time.CreateTimer(static state => ((TcpConnection)state!).Check(), this, TcpSilence.CheckInterval, TcpSilence.CheckInterval);
    }

    public CancellationToken Gone { get; }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => _input.ReadAsync(buffer, cancellationToken);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _goneReason) is { } reason)
        {
            throw new LineGoneException(_name, reason);
        }

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
            HangUp(fault.Message);
            throw new LineGoneException(_name, _goneReason!, fault);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _check.DisposeAsync().ConfigureAwait(false);
        HangUp("closed here");
        await _reading.ConfigureAwait(false);
        _gone.Dispose();
        _waitsNoMore.Dispose();
        _closed.Dispose();
        _replaced.Dispose();
        _room.Dispose();
    }

    /// <summary>Ends the connection from this side; reader and writer see it gone.</summary>
    /// <param name="reason">What a writer is told; the first reason stays.</param>
    internal void HangUp(string reason)
    {
        Interlocked.CompareExchange(ref _goneReason, reason, null);
        if (Interlocked.Exchange(ref _hungUp, 1) == 0)
        {
            _socket.Dispose();
            _closed.Cancel();
            _gone.Cancel();
        }
    }

    /// <summary>
    /// Ends the connection behind what the system has received of it by now, which is read as ever; a writer sees it gone at once. For a caller
    /// that prints, hangs up and calls again: what the earlier call said may not have been fetched yet.
    /// </summary>
    /// <param name="reason">What a writer is told; the first reason stays.</param>
    internal void EndBehindInput(string reason)
    {
        if (Interlocked.CompareExchange(ref _goneReason, reason, null) is not null)
        {
            return; // ended already, and read to its end or closed here
        }

        try
        {
            _replaced.Cancel();
            _gone.Cancel();
            _socket.Shutdown(SocketShutdown.Send); // a writer that waits for the other end waits no more
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // It ended, or was closed here, in this very moment: that is what was wanted.
        }
    }

    private void Check()
    {
        switch (TcpSilence.Of(_socket, _sendings))
        {
            case TcpHealth.Silent:
                HangUp($"the other end has left {_sendings} sendings unanswered; is it switched on and on the network?");
                break;
            case TcpHealth.Ended when _input.Room == 0:
                // The reading task would see it only behind what nobody fetches; that stays to be read.
                Interlocked.CompareExchange(ref _goneReason, "the other end hung up", null);
                _gone.Cancel();
                break;
            default:
                break;
        }
    }

    private async Task FetchAsync()
    {
        byte[] buffer = new byte[ReadSize];
        string reason = "the other end hung up";
        try
        {
            while (true)
            {
                int room = await RoomAsync().ConfigureAwait(false);
                Memory<byte> free = buffer.AsMemory(0, Math.Min(room, ReadSize));
                int read = await ReceiveAsync(free).ConfigureAwait(false);
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
            reason = fault.Message;
        }

        HangUp(reason);
        _input.End();
    }

    /// <summary>Receives bytes; 0 at the end, or where a newer call has come and the system holds no more of this one.</summary>
    private async ValueTask<int> ReceiveAsync(Memory<byte> free)
    {
        try
        {
            return await _socket.ReceiveAsync(free, SocketFlags.None, _waitsNoMore.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_closed.IsCancellationRequested)
        {
            int read = _behind < MostBehind && _socket.Poll(0, SelectMode.SelectRead) ? _socket.Receive(free.Span, SocketFlags.None) : 0;
            _behind += read;
            return read;
        }
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

            await _room.WaitAsync(_closed.Token).ConfigureAwait(false);
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
