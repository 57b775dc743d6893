using FirmwareSim.Bytes;

namespace FirmwareSim.Replay.Tlk;

/// <summary>Carries a conversation over one connection. Reads while it writes: a gateway that waits to be read from need not read itself.</summary>
internal sealed class TlkLink(TlkConversation conversation, Stream connection, TimeSpan patience, TimeProvider time, Func<long> now)
{
    private const int ReadSize = 4096;

    /// <summary>Frames that may wait for a line that is full: a window of records twice over. While there are more, nothing is read.</summary>
    private const int MostWaiting = 32;

    private readonly Queue<byte[]> _waiting = new();
    private readonly FrameReader _frames = new(new DropCounters()) { MaxBody = Limits.MostMaxBody };
    private readonly byte[] _buffer = new byte[ReadSize];
    private Task<int>? _reading;
    private Task? _writing;
    private long _writingSince;

    /// <summary>Bytes written.</summary>
    public long Sent { get; private set; }

    /// <summary>Bytes read.</summary>
    public long Taken { get; private set; }

    /// <summary>Runs it until this connection was played, the gateway hangs up or there is a difference.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        conversation.Connect(now());
        try
        {
            while (await StepAsync(end.Token))
            {
            }
        }
        catch (IOException)
        {
            conversation.HungUp();
        }
        finally
        {
            await end.CancelAsync();

            // What is under way must not take the bytes of the next connection; its fault is the end of this one.
            await Task.WhenAll(UnderWay()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Does what can be done now, then waits until something happens or is due.</summary>
    /// <returns>Whether the connection goes on.</returns>
    private async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        if (_writing is null && _waiting.Count == 0)
        {
            Put(conversation.Wake(now()));
        }

        if (_writing is null && _waiting.TryDequeue(out byte[]? wire))
        {
            (_writing, _writingSince) = (connection.WriteAsync(wire, cancellationToken).AsTask(), now());
            Sent += wire.Length;
        }

        if (_writing is null && conversation.IsConnectionOver(now()))
        {
            return false;
        }

        if (_waiting.Count < MostWaiting)
        {
            _reading ??= connection.ReadAsync(_buffer, cancellationToken).AsTask();
        }

        long? due = _writing is null ? conversation.NextDue(now()) : _writingSince + (long)patience.TotalMilliseconds;
        if (!await AnyAsync(due, cancellationToken) && _writing is not null)
        {
            conversation.Differ($"expected the gateway to read, found that it does not for {TlkPlayer.Seconds(patience)}");
            return false;
        }

        if (_writing?.IsCompleted == true)
        {
            await _writing;
            _writing = null;
        }

        return _reading?.IsCompleted != true || Take(await _reading);
    }

    private Task[] UnderWay() => [.. new[] { _reading, _writing }.OfType<Task>()];

    /// <summary>Waits until a read or a write is done.</summary>
    /// <returns>False if something is due before.</returns>
    private async Task<bool> AnyAsync(long? due, CancellationToken cancellationToken)
    {
        TimeSpan limit = due is long at ? TimeSpan.FromMilliseconds(Math.Max(0, at - now())) : Timeout.InfiniteTimeSpan;
        try
        {
            await Task.WhenAny(UnderWay()).WaitAsync(limit, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Takes what was read.</summary>
    /// <returns>Whether the gateway is still there.</returns>
    private bool Take(int count)
    {
        _reading = null;
        if (count == 0)
        {
            conversation.HungUp();
            return false;
        }

        Taken += count;
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, count);
        while (_frames.TryRead(ref bytes, out Frame frame))
        {
            Put(conversation.Take(frame, now()));
        }

        return true;
    }

    private void Put(IEnumerable<byte[]> wires)
    {
        foreach (byte[] wire in wires)
        {
            _waiting.Enqueue(wire);
        }
    }
}
