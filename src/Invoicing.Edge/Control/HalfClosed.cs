using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Invoicing.Edge.Control;

/// <summary>
/// Answers callers that close their half of the socket once they have asked, as <c>socat</c> and small programs do: Kestrel takes that for the caller's end and drops what
/// it was about to say.
/// </summary>
/// <remarks>
/// Such a caller cannot be told from one that has ended, so both count as there for <see cref="Patience"/>; a write to one that has ended fails at once.
/// </remarks>
internal static class HalfClosed
{
    /// <summary>How long an answer may take after the caller closed its half: as long as our own commands wait for one.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Serves connections so that the end of the caller's half counts only after <see cref="Patience"/>.</summary>
    /// <param name="next">Who serves them.</param>
    /// <param name="time">The clock.</param>
    public static ConnectionDelegate Served(ConnectionDelegate next, TimeProvider time) => async connection =>
    {
        using var closed = new CancellationTokenSource();
        await using ITimer timer = time.CreateTimer(
            static source => ((CancellationTokenSource)source!).Cancel(), closed, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using CancellationTokenRegistration half = connection.ConnectionClosed.UnsafeRegister(
            static timer => ((ITimer)timer!).Change(Patience, Timeout.InfiniteTimeSpan), timer);
        connection.ConnectionClosed = closed.Token;
        connection.Transport = new Transport(new HalfClosedReader(connection.Transport.Input), connection.Transport.Output);
        await next(connection);
    };

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
