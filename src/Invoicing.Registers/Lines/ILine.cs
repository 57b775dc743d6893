namespace Invoicing.Registers.Lines;

/// <summary>A place where one register can be reached: a serial port, a TCP address. Makes connections, one after the other.</summary>
/// <remarks>
/// A line outlives what hangs on it: when a connection is gone, ask for the next. Nothing that was in a former connection's buffers
/// comes out of a later one. One caller at a time.
/// </remarks>
public interface ILine : IAsyncDisposable
{
    /// <summary>What a person calls it: <c>/dev/ttyUSB0</c>, <c>tcp 10.0.0.7:4000</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Whether every byte value passes unchanged. A serial line with fewer than 8 data bits or with XON/XOFF does not, so binary
    /// protocols refuse it.
    /// </summary>
    bool IsTransparent { get; }

    /// <summary>Whether the other side calls us and hangs up as it likes, so that its absence alone is no trouble.</summary>
    bool ComesAndGoes => false;

    /// <summary>Why it does not open, in one sentence that says what to do; <see langword="null"/> while it is open, or nobody wants it.</summary>
    string? Trouble => null;

    /// <summary>Opens the line, trying for as long as it takes.</summary>
    /// <remarks>
    /// Waits 250 ms after a first failure and twice as long each time up to 5 s; starts at 250 ms again once a connection has lasted 1 s.
    /// A line that waits to be called needs no pauses.
    /// Why it does not open is logged once for each cause, not at each attempt.
    /// </remarks>
    /// <param name="cancellationToken">Ends the attempts.</param>
    ValueTask<ILineConnection> ConnectAsync(CancellationToken cancellationToken);
}
