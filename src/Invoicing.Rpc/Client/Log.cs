using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client.Internal;

/// <summary>What calls say; event ids 4000 to 4049.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Information, "Call {Method} ended with {StatusCode}: {Detail}")]
    public static partial void CallEnded(ILogger logger, string method, StatusCode statusCode, string detail, Exception? cause);

    [LoggerMessage(4001, LogLevel.Warning, "Call {Method}: the trailers are not metadata")]
    public static partial void TrailersUnreadable(ILogger logger, string method, Exception fault);
}
