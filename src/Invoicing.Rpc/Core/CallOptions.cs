#pragma warning disable CA1068 // The order of the parameters is the package's.
namespace Grpc.Core;

/// <summary>What a caller asks of one call.</summary>
/// <remarks>
/// <c>default</c> asks for nothing: no headers, no deadline, no cancellation. Call credentials are left out: devices are
/// known by their TLS certificate.
/// </remarks>
/// <param name="headers">Sent before the first message.</param>
/// <param name="deadline">UTC instant after which both sides give up; absent waits for ever.</param>
/// <param name="cancellationToken">Cancels the call on both sides.</param>
/// <param name="writeOptions">How the request's messages are written.</param>
/// <param name="propagationToken">Not used; there for the signature's sake.</param>
internal readonly struct CallOptions(
    Metadata? headers = null,
    DateTime? deadline = null,
    CancellationToken cancellationToken = default,
    WriteOptions? writeOptions = null,
    ContextPropagationToken? propagationToken = null)
{
    /// <summary>Sent before the first message.</summary>
    public Metadata? Headers { get; init; } = headers;

    /// <summary>UTC instant after which both sides give up.</summary>
    public DateTime? Deadline { get; init; } = deadline;

    /// <summary>Cancels the call on both sides.</summary>
    public CancellationToken CancellationToken { get; init; } = cancellationToken;

    /// <summary>How the request's messages are written.</summary>
    public WriteOptions? WriteOptions { get; init; } = writeOptions;

    /// <summary>Not used.</summary>
    public ContextPropagationToken? PropagationToken { get; init; } = propagationToken;

    /// <summary>The same with other headers.</summary>
    /// <param name="headers">Sent before the first message.</param>
    /// <returns>A copy.</returns>
    public CallOptions WithHeaders(Metadata headers) => this with { Headers = headers };

    /// <summary>The same with another deadline.</summary>
    /// <param name="deadline">UTC instant after which both sides give up.</param>
    /// <returns>A copy.</returns>
    public CallOptions WithDeadline(DateTime deadline) => this with { Deadline = deadline };

    /// <summary>The same with another token.</summary>
    /// <param name="cancellationToken">Cancels the call on both sides.</param>
    /// <returns>A copy.</returns>
    public CallOptions WithCancellationToken(CancellationToken cancellationToken) => this with { CancellationToken = cancellationToken };

    /// <summary>The same with other write options.</summary>
    /// <param name="writeOptions">How the request's messages are written.</param>
    /// <returns>A copy.</returns>
    public CallOptions WithWriteOptions(WriteOptions writeOptions) => this with { WriteOptions = writeOptions };
}
