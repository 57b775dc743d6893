namespace Grpc.Core;

/// <summary>A call ended with another status than OK. A handler throws it to choose the status that its caller sees.</summary>
internal sealed class RpcException : Exception
{
    /// <summary>Without trailers; the message tells the status.</summary>
    /// <param name="status">How the call ended.</param>
    public RpcException(Status status)
        : this(status, Metadata.Empty, status.ToString())
    {
    }

    /// <summary>Without trailers, with a message of its own.</summary>
    /// <param name="status">How the call ended.</param>
    /// <param name="message">For logs on this side; the wire carries the status only.</param>
    public RpcException(Status status, string message)
        : this(status, Metadata.Empty, message)
    {
    }

    /// <summary>With trailers; the message tells the status.</summary>
    /// <param name="status">How the call ended.</param>
    /// <param name="trailers">Sent with the status by a handler; received with it by a caller.</param>
    public RpcException(Status status, Metadata trailers)
        : this(status, trailers, status.ToString())
    {
    }

    /// <summary>With trailers and a message of its own.</summary>
    /// <param name="status">How the call ended.</param>
    /// <param name="trailers">Sent with the status by a handler; received with it by a caller.</param>
    /// <param name="message">For logs on this side.</param>
    public RpcException(Status status, Metadata trailers, string message)
        : base(message, status.DebugException)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        Status = status;
        Trailers = trailers;
    }

    /// <summary>How the call ended.</summary>
    public Status Status { get; }

    /// <summary>The code of <see cref="Status"/>.</summary>
    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>Metadata that came, or goes, with the status.</summary>
    public Metadata Trailers { get; }
}
