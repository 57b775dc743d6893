namespace Invoicing.Registers.Lines;

/// <summary>A line that can be listened to while its driver uses it. Without a listener it costs one comparison a call.</summary>
/// <param name="line">The line; disposed with this one.</param>
public sealed class ObservedLine(ILine line) : ILine
{
    private volatile LineRecording? _recording;

    /// <inheritdoc/>
    public string Name => line.Name;

    /// <inheritdoc/>
    public bool IsTransparent => line.IsTransparent;

    /// <inheritdoc/>
    public bool ComesAndGoes => line.ComesAndGoes;

    /// <inheritdoc/>
    public string? Trouble => line.Trouble;

    /// <summary>Whether somebody records it.</summary>
    public bool IsRecorded => _recording is not null;

    /// <inheritdoc/>
    public async ValueTask<ILineConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        ILineConnection connection = await line.ConnectAsync(cancellationToken).ConfigureAwait(false);
        _recording?.Opened();
        return new Connection(this, connection);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => line.DisposeAsync();

    /// <summary>Writes down what runs over the line from now on, one JSON object a line, until a limit or the caller ends it.</summary>
    /// <param name="options">Limits and masks.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the recording.</param>
    /// <returns>The header, then what ran, then a last line that says why it ended.</returns>
    /// <exception cref="InvoicingException">Somebody records this line already.</exception>
    public async IAsyncEnumerable<string> RecordAsync(
        RecordingOptions options, TimeProvider time, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        LineRecording recording = new(Name, options, time);
        if (Interlocked.CompareExchange(ref _recording, recording, null) is not null)
        {
            throw new InvoicingException($"{Name} is being recorded already: one recording at a time; wait until it ends");
        }

        try
        {
            await foreach (string row in recording.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return row;
            }
        }
        finally
        {
            _recording = null;
        }
    }

    private sealed class Connection(ObservedLine owner, ILineConnection connection) : ILineConnection
    {
        public CancellationToken Gone => connection.Gone;

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            int count = await connection.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (owner._recording is { } recording)
            {
                recording.Came(buffer.Span[..count]);
            }

            return count;
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            owner._recording?.Went(bytes.Span);
            return connection.WriteAsync(bytes, cancellationToken);
        }

        public ValueTask DisposeAsync()
        {
            owner._recording?.Gone();
            return connection.DisposeAsync();
        }
    }
}
