namespace Grpc.Core;

/// <summary>Streams messages to the other side, in order. One write at a time.</summary>
/// <typeparam name="T">The message type.</typeparam>
internal interface IAsyncStreamWriter<in T>
{
    /// <summary>How messages are written from here on.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Writes one message; the next one may follow when the task has ended.</summary>
    /// <param name="message">May be changed once the task has ended.</param>
    /// <returns>Ends when the message is taken over; it waits while the other side is behind.</returns>
    Task WriteAsync(T message);

    /// <summary>Writes one message.</summary>
    /// <param name="message">May be changed once the task has ended.</param>
    /// <param name="cancellationToken">Cancels the whole call.</param>
    /// <returns>Ends when the message is taken over.</returns>
    Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            throw new NotSupportedException("This writer cannot cancel a write.");
        }

#pragma warning disable MA0040 // The token cannot be cancelled here, and passing it on would call this method again.
        return WriteAsync(message);
#pragma warning restore MA0040
    }
}
