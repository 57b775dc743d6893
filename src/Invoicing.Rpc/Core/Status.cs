namespace Grpc.Core;

/// <summary>How a call ended: a code, a text for people, and on this side of the wire what caused it.</summary>
/// <remarks><c>default</c> is <see cref="StatusCode.OK"/> with a null text; never compare statuses, compare codes.</remarks>
internal readonly struct Status
{
    /// <summary>Success without a text.</summary>
    public static readonly Status DefaultSuccess = new(StatusCode.OK, "");

    /// <summary>Cancelled without a text.</summary>
    public static readonly Status DefaultCancelled = new(StatusCode.Cancelled, "");

    /// <summary>A status without a local cause.</summary>
    /// <param name="statusCode">How the call ended.</param>
    /// <param name="detail">Text for people; travels as <c>grpc-message</c>.</param>
    public Status(StatusCode statusCode, string detail)
        : this(statusCode, detail, null)
    {
    }

    /// <summary>A status with its local cause.</summary>
    /// <param name="statusCode">How the call ended.</param>
    /// <param name="detail">Text for people; travels as <c>grpc-message</c>.</param>
    /// <param name="debugException">What caused it on this side; never sent.</param>
    public Status(StatusCode statusCode, string detail, Exception? debugException)
    {
        StatusCode = statusCode;
        Detail = detail;
        DebugException = debugException;
    }

    /// <summary>How the call ended.</summary>
    public StatusCode StatusCode { get; }

    /// <summary>Text for people.</summary>
    public string Detail { get; }

    /// <summary>What caused it on this side of the wire, if anything.</summary>
    public Exception? DebugException { get; }

    /// <inheritdoc />
    public override string ToString() => DebugException is null
        ? $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\")"
        : $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\", DebugException=\"{DebugException.GetType()}: {DebugException.Message}\")";
}
