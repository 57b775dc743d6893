namespace Grpc.Core;

/// <summary>The messages that the other side streams, in order, one at a time. One reader only.</summary>
/// <typeparam name="T">The message type.</typeparam>
internal interface IAsyncStreamReader<out T>
{
    /// <summary>The message that the last <see cref="MoveNext"/> found.</summary>
    T Current { get; }

    /// <summary>Waits for the next message.</summary>
    /// <param name="cancellationToken">On the client, cancels the whole call.</param>
    /// <returns>False once the other side has ended its stream, on the client with status OK.</returns>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}
