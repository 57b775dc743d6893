using Invoicing.Registers.Lines;

namespace Invoicing.Registers.Eutron.Framing;

/// <summary>Bytes of a connection, with a limit on how long they are waited for.</summary>
internal sealed class LineInput(ILineConnection connection, TimeProvider time)
{
    private readonly byte[] _buffer = new byte[512];
    private int _at;
    private int _end;

    /// <summary>Drops what has come and was not read: it answers nothing that is asked from now on.</summary>
    public void Drop() => _at = _end = 0;

    /// <summary>Writes bytes.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => connection.WriteAsync(bytes, cancellationToken);

    /// <summary>Begins to wait: the deadline of the reads that follow.</summary>
    public Deadline Within(TimeSpan limit, CancellationToken cancellationToken) => new(limit, time, cancellationToken);

    /// <summary>The next byte.</summary>
    /// <returns>The byte; <see langword="null"/> if the time is over.</returns>
    /// <exception cref="LineGoneException">The line is gone.</exception>
    public async ValueTask<byte?> NextAsync(Deadline deadline)
    {
        if (_at == _end)
        {
            try
            {
                _at = 0;
                _end = 0;
                _end = await connection.ReadAsync(_buffer, deadline.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (deadline.IsOver)
            {
                return null;
            }

            if (_end == 0)
            {
                throw new LineGoneException("register", "the line ended");
            }
        }

        return _buffer[_at++];
    }

    /// <summary>A limit of time that a caller's token may shorten.</summary>
    internal sealed class Deadline : IDisposable
    {
        private readonly CancellationToken _caller;
        private readonly CancellationTokenSource _due;
        private readonly CancellationTokenSource _either;

        public Deadline(TimeSpan limit, TimeProvider time, CancellationToken caller)
        {
            _caller = caller;
            _due = new(limit, time);
            _either = CancellationTokenSource.CreateLinkedTokenSource(caller, _due.Token);
        }

        public CancellationToken Token => _either.Token;

        /// <summary>Whether the time is over, and not the caller's patience.</summary>
        public bool IsOver => _due.IsCancellationRequested && !_caller.IsCancellationRequested;

        public void Dispose()
        {
            _either.Dispose();
            _due.Dispose();
        }
    }
}
