namespace Invoicing.Registers.Lines;

/// <summary>Bytes between a thread that fetches them and a reader that awaits them; bounded. One of each.</summary>
/// <param name="capacity">Most bytes held.</param>
/// <param name="roomAgain">Called, outside all locks, when a full queue was read from.</param>
internal sealed class ByteQueue(int capacity, Action roomAgain)
{
    /// <summary>Capacity for a line's input: over 5 s at 115,200 bits per second. Beyond it, flow control holds the sender.</summary>
    internal const int LineInput = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly byte[] _ring = new byte[capacity];
    private int _start;
    private int _count;
    private bool _ended;
    private TaskCompletionSource? _waiting;

    /// <summary>Bytes that fit now.</summary>
    internal int Room
    {
        get
        {
            lock (_gate)
            {
                return capacity - _count;
            }
        }
    }

    /// <summary>Adds bytes, which must fit.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            if (bytes.Length > capacity - _count)
            {
                throw new InvalidOperationException($"expected at most {capacity - _count} bytes, found {bytes.Length}");
            }

            int end = (_start + _count) % capacity;
            int first = Math.Min(bytes.Length, capacity - end);
            bytes[..first].CopyTo(_ring.AsSpan(end));
            bytes[first..].CopyTo(_ring);
            _count += bytes.Length;
            (waiting, _waiting) = (_waiting, null);
        }

        waiting?.TrySetResult();
    }

    /// <summary>Says that nothing more will come.</summary>
    internal void End()
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            _ended = true;
            (waiting, _waiting) = (_waiting, null);
        }

        waiting?.TrySetResult();
    }

    /// <summary>Takes what is there, waiting for the first byte; 0 after the end.</summary>
    internal async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task wait;
            lock (_gate)
            {
                if (_count > 0)
                {
                    break;
                }

                if (_ended)
                {
                    return 0;
                }

                _waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                wait = _waiting.Task;
            }

            await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return Take(buffer.Span);
    }

    private int Take(Span<byte> buffer)
    {
        int taken;
        bool wasFull;
        lock (_gate)
        {
            wasFull = _count == capacity;
            taken = Math.Min(buffer.Length, _count);
            int first = Math.Min(taken, capacity - _start);
            _ring.AsSpan(_start, first).CopyTo(buffer);
            _ring.AsSpan(0, taken - first).CopyTo(buffer[first..]);
            _start = (_start + taken) % capacity;
            _count -= taken;
        }

        if (wasFull)
        {
            roomAgain();
        }

        return taken;
    }
}
