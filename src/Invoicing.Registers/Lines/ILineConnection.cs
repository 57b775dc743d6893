namespace Invoicing.Registers.Lines;

/// <summary>An open line: bytes in, bytes out, until it is gone. One reader and one writer at a time, on any threads.</summary>
/// <remarks>
/// Nothing is buffered without bound: what the reader does not fetch stays in at most 64 KiB here and then in the operating system, which
/// makes the other end wait; a writer waits while the other end does not read.
/// </remarks>
public interface ILineConnection : IAsyncDisposable
{
    /// <summary>Cancelled as soon as the other end, the adapter or this object is gone, also while nobody reads or writes.</summary>
    CancellationToken Gone { get; }

    /// <summary>Reads what is there, waiting for the first byte.</summary>
    /// <param name="buffer">Where to; not empty.</param>
    /// <param name="cancellationToken">Ends the wait; no byte is lost by it.</param>
    /// <returns>1 or more bytes; 0 once the line is gone and everything that had come in was read.</returns>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Writes all bytes and returns when the operating system has taken them.</summary>
    /// <param name="bytes">What to write; must not change until the call has ended.</param>
    /// <param name="cancellationToken">Ends the wait; any number of the bytes may have gone out.</param>
    /// <exception cref="LineGoneException">The line is gone; some of the bytes may have gone out.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}
