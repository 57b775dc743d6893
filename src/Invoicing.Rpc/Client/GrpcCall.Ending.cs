using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <content>How a call ends, and what it can be asked afterwards.</content>
internal sealed partial class GrpcCall
{
    private static readonly Status DeadlineExceeded = new(StatusCode.DeadlineExceeded, "");

    private Action? _stopRequests;
    private Status _status;
    private Metadata? _trailers;
    private volatile bool _hasEnded;
    private bool _answered;

    /// <summary>Whether the status is known.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Whether the caller disposed the call; then it may not be used any more.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>How the call ended; meaningless before that.</summary>
    public Status Status => _status;

    private static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    /// <summary>Tells what stops the request's stream when the call ends.</summary>
    public void OnEnd(Action stopRequests) => _stopRequests = stopRequests;

    /// <summary>Ends the call unless it has ended; then gives up all that it holds.</summary>
    /// <param name="status">How it ended.</param>
    /// <param name="answered">The server said so at the end of its response; else the stream is reset.</param>
    public void End(Status status, bool answered = false)
    {
        lock (_gate)
        {
            if (_hasEnded)
            {
                return;
            }

            _status = status;
            _answered = answered;
            _hasEnded = true;
        }

        _channel.Remove(this);
        _deadlineTimer?.Dispose();
        _callerCancels.Unregister();
        if (!answered)
        {
            // Stops connecting and sending; once the headers are there only disposing the response resets the stream.
            _stop.Cancel();
        }

        // Also when it is read to its end: its stream would wait for the finalizer otherwise, which halves the rate of calls.
        _response?.Dispose();
        _stopRequests?.Invoke();
        if (status.StatusCode != StatusCode.OK)
        {
            Log.CallEnded(_channel.Logger, _method.FullName, status.StatusCode, status.Detail, status.DebugException);
        }
    }

    /// <summary>Ends the call when a token is cancelled.</summary>
    public CancellationTokenRegistration CancelWith(CancellationToken token) =>
        token.UnsafeRegister(
            static (call, token) => ((GrpcCall)call!).End(
                new Status(StatusCode.Cancelled, "Call canceled by the client.", new OperationCanceledException(token))),
            this);

    public void Dispose()
    {
        IsDisposed = true;
        End(new Status(StatusCode.Cancelled, "gRPC call disposed."));
    }

    public Status GetStatus() =>
        _hasEnded ? _status : throw new InvalidOperationException("Unable to get the status because the call is not complete.");

    public Metadata GetTrailers() =>
        Trailers()
        ?? throw new InvalidOperationException("Can't get the call trailers because the call has not completed successfully.");

    public async Task<Metadata> GetResponseHeadersAsync()
    {
        try
        {
            HttpResponseMessage response = await _sending!.ConfigureAwait(false);
            return response.Headers.ToMetadata();
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw Fail(Starting, e);
        }
    }

    private Metadata? Trailers()
    {
        if (_trailers is null && _answered)
        {
            _trailers = _response!.TrailingHeaders.ToMetadata();
        }

        return _trailers;
    }

    private void StartTimer(TimeSpan left)
    {
        // The longest that a timer takes, 49 days; it is set again then.
        TimeSpan due = left < TimeSpan.FromMilliseconds(uint.MaxValue - 1) ? left : TimeSpan.FromMilliseconds(uint.MaxValue - 1);
        using (ExecutionContext.SuppressFlow())
        {
            _deadlineTimer = TimeProvider.System.CreateTimer(
                static call => ((GrpcCall)call!).OnTimer(), this, due, Timeout.InfiniteTimeSpan);
        }

        if (_hasEnded)
        {
            _deadlineTimer.Dispose();
        }
    }

    private void OnTimer()
    {
        TimeSpan left = Options.Deadline!.Value - Now;
        if (left <= TimeSpan.Zero)
        {
            End(DeadlineExceeded);
        }
        else
        {
            _deadlineTimer?.Change(left, Timeout.InfiniteTimeSpan);
        }
    }
}
