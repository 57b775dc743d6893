using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>What the server's side says; event ids 4050 to 4099.</summary>
internal static partial class Log
{
    [LoggerMessage(4050, LogLevel.Error, "{Method} failed")]
    public static partial void HandlerFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(4051, LogLevel.Information, "{Method} ended with {StatusCode}: {Detail}")]
    public static partial void HandlerRefused(ILogger logger, string method, StatusCode statusCode, string detail, Exception? cause);

    [LoggerMessage(4052, LogLevel.Information, "{Method} was cancelled")]
    public static partial void HandlerCancelled(ILogger logger, string method, Exception exception);

    [LoggerMessage(4053, LogLevel.Debug, "{Method}: deadline exceeded")]
    public static partial void DeadlineExceeded(ILogger logger, string method);

    [LoggerMessage(4054, LogLevel.Information, "Not a gRPC request: {Reason}")]
    public static partial void NotGrpc(ILogger logger, string reason);

    [LoggerMessage(4055, LogLevel.Information, "{Path} is not implemented")]
    public static partial void Unimplemented(ILogger logger, string path);

    [LoggerMessage(4056, LogLevel.Debug, "The grpc-timeout '{Value}' is not a timeout")]
    public static partial void BadTimeout(ILogger logger, string value);

    [LoggerMessage(4057, LogLevel.Error, "{Method}: the deadline could not end the response")]
    public static partial void DeadlineFailed(ILogger logger, string method, Exception exception);
}
