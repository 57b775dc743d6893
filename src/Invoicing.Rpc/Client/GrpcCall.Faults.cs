using System.Net.Sockets;
using Grpc.Core;
using Grpc.Shared;

namespace Grpc.Net.Client.Internal;

/// <content>What went wrong, as a status and as an exception.</content>
internal sealed partial class GrpcCall
{
    /// <summary>Ends the call by a fault, unless it has ended before.</summary>
    /// <param name="doing">What was being done.</param>
    /// <param name="fault">What came of it.</param>
    /// <returns>What the caller shall see: the first end counts.</returns>
    public Exception Fail(string doing, Exception fault)
    {
        if (!_hasEnded)
        {
            End(fault switch
            {
                RpcException e => e.Status,
                OperationCanceledException => new Status(StatusCode.Cancelled, "", fault),
                _ => StatusOf(doing, fault),
            });
        }

        if (fault is RpcException known && known.StatusCode == _status.StatusCode && Trailers() is null)
        {
            return known;
        }

        return _channel.ThrowsOperationCanceled && IsCancellation(_status) ? Canceled(fault) : Exception(_status);
    }

    /// <summary>What a caller sees of a status other than OK that the server sent.</summary>
    public Exception FailureOf(Status status) =>
        _channel.ThrowsOperationCanceled && (status.StatusCode == StatusCode.DeadlineExceeded || (!_answered && IsCancellation(status)))
            ? Canceled(status.DebugException)
            : Exception(status);

    /// <summary>What a caller sees who writes to a request stream that nobody reads any more.</summary>
    /// <param name="fault">What stopped the stream, if it was not the end of the call.</param>
    public Exception WriteFailure(Exception? fault) =>
        _hasEnded ? FailureOf(_status)
        : fault is null ? Exception(new Status(StatusCode.Cancelled, "The request stream was stopped."))
        : Exception(StatusOf("Error writing the message.", fault));

    private static bool IsCancellation(Status status) => status.StatusCode is StatusCode.Cancelled or StatusCode.DeadlineExceeded;

    private static StatusCode CodeOf(Exception fault)
    {
        bool unreachable = false;
        for (Exception? e = fault; e is not null; e = e.InnerException)
        {
            if (e is HttpProtocolException protocol)
            {
                return CodeOfReset(protocol.ErrorCode);
            }

            unreachable |= e is SocketException or IOException;
        }

        return unreachable ? StatusCode.Unavailable : StatusCode.Internal;
    }

    // RFC 9113, 7, mapped by PROTOCOL-HTTP2.md, "Errors".
    private static StatusCode CodeOfReset(long errorCode) => errorCode switch
    {
        0x7 => StatusCode.Unavailable,
        ProtocolNames.ResetCancel => StatusCode.Cancelled,
        0xb => StatusCode.ResourceExhausted,
        0xc => StatusCode.PermissionDenied,
        _ => StatusCode.Internal,
    };

    private Status StatusOf(string doing, Exception fault)
    {
        StatusCode code = CodeOf(fault);
        if (code == StatusCode.Cancelled && Options.Deadline <= Now)
        {
            // The server's clock was first: it resets the stream when the deadline is over.
            code = StatusCode.DeadlineExceeded;
        }

        return new Status(code, $"{doing} {ExceptionText.Of(fault)}", fault);
    }

    private RpcException Exception(Status status)
    {
        Metadata? trailers = null;
        try
        {
            trailers = Trailers();
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            // The status is worth more than metadata that cannot be read; who wants it asks GetTrailers and sees the fault.
            Log.TrailersUnreadable(_channel.Logger, _method.FullName, e);
        }

        return new RpcException(status, trailers ?? Metadata.Empty);
    }

    private OperationCanceledException Canceled(Exception? fault)
    {
        CancellationToken token = Options.CancellationToken.IsCancellationRequested ? Options.CancellationToken
            : fault is OperationCanceledException { CancellationToken.IsCancellationRequested: true } e ? e.CancellationToken
            : _stop.Token;
        return new OperationCanceledException(fault?.Message ?? _status.Detail, fault, token);
    }
}
