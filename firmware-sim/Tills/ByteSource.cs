namespace FirmwareSim.Tills;

/// <summary>Reads a connection byte by byte, each with a limit of time. One task reads.</summary>
internal sealed class ByteSource : IAsyncDisposable
{
    private readonly RegisterWire _wire;
    private readonly byte[] _buffer = new byte[512];
    private readonly CancellationTokenSource _end;
    private Task<int>? _pending;
    private int _next;
    private int _count;

    public ByteSource(RegisterWire wire, CancellationToken cancellationToken)
    {
        _wire = wire;
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>The next byte.</summary>
    /// <param name="limit">How long to wait; infinite is allowed.</param>
    /// <returns>The byte; null if none came in time.</returns>
    /// <exception cref="IOException">The other side is gone.</exception>
    public async Task<byte?> ReadAsync(TimeSpan limit)
    {
        if (_next == _count)
        {
            _pending ??= _wire.ReadAsync(_buffer, _end.Token).AsTask();
            try
            {
                _count = await _pending.WaitAsync(limit, _wire.Time, _end.Token);
            }
            catch (TimeoutException)
            {
                return null;
            }

            (_pending, _next) = (null, 0);
            if (_count == 0)
            {
                throw new IOException("the other side closed the line");
            }
        }

        return _buffer[_next++];
    }

    /// <summary>Ends the read that is still under way: it must not take the bytes of the next connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_pending is not null)
        {
            await Task.WhenAny(_pending);
        }

        _end.Dispose();
    }
}
