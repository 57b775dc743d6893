using Grpc.Core;
using Grpc.Shared;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server.Internal;

/// <content>How a call ends: by its handler or by its deadline, whichever is first.</content>
internal sealed partial class HttpContextServerCallContext
{
    /// <summary>
    /// Longest that an exceeded deadline waits for what was written before: a caller who does not read would hold it for ever.
    /// </summary>
    private static readonly TimeSpan LastWriteLimit = TimeSpan.FromSeconds(1);

    private const int Running = 0;
    private const int Finished = 1;
    private const int Expired = 2;

    private TaskCompletionSource? _expired;
    private CancellationTokenSource? _cancellation;
    private CancellationTokenRegistration _aborted;
    private ITimer? _deadlineTimer;
    private DateTime _deadline = DateTime.MaxValue;
    private int _phase = Running;

    /// <summary>Told when the deadline has passed: nothing may be written any more.</summary>
    public Action? OnExpired { get; set; }

    protected override DateTime DeadlineCore => _deadline;

    protected override CancellationToken CancellationTokenCore => _cancellation?.Token ?? Http.RequestAborted;

    /// <summary>Reads what the headers ask for, and starts the deadline.</summary>
    public void Start()
    {
        if (settings.ResponseEncoding is { } encoding and not ProtocolNames.Identity && Accepts(encoding))
        {
            UseEncoding(encoding);
        }

        string timeout = Http.Request.Headers.GrpcTimeout.ToString();
        if (timeout.Length == 0)
        {
            return;
        }

        if (!TimeoutText.TryDecode(timeout, out TimeSpan left) || left <= TimeSpan.Zero)
        {
            Log.BadTimeout(logger, timeout);
            return;
        }

        _deadline = TimeProvider.System.GetUtcNow().UtcDateTime + left;
        _expired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _cancellation = new CancellationTokenSource();
        _aborted = Http.RequestAborted.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _cancellation);
        using (ExecutionContext.SuppressFlow())
        {
            _deadlineTimer = TimeProvider.System.CreateTimer(
                static call => ((HttpContextServerCallContext)call!).OnTimer(), this, Timer(left), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Claims the response for the handler. False once the deadline has it: then nothing may be written.</summary>
    public bool TryFinish() => Interlocked.CompareExchange(ref _phase, Finished, Running) != Expired;

    /// <summary>Resets the stream: the caller sees that the call was cancelled.</summary>
    public void Reset()
    {
        if (Http.Features.Get<IHttpResetFeature>() is { } reset)
        {
            reset.Reset(ProtocolNames.ResetCancel);
        }
        else
        {
            Http.Abort();
        }
    }

    /// <summary>Takes over what a handler threw as the call's status.</summary>
    public void Fail(Exception exception)
    {
        if (exception is RpcException refusal)
        {
            Log.HandlerRefused(logger, Method, refusal.StatusCode, refusal.Status.Detail, refusal.Status.DebugException);
            foreach (Metadata.Entry entry in refusal.Trailers)
            {
                ResponseTrailers.Add(entry);
            }

            Status = refusal.Status;
            NameEncodings();
            return;
        }

        if (exception is OperationCanceledException || (exception is IOException && CancellationToken.IsCancellationRequested))
        {
            Log.HandlerCancelled(logger, Method, exception);
        }
        else
        {
            Log.HandlerFailed(logger, Method, exception);
        }

        const string Text = "Exception was thrown by handler.";
        string detail = settings.EnableDetailedErrors ? $"{Text} {ExceptionText.Of(exception)}" : Text;
        Status = new Status(StatusCode.Unknown, detail, exception);
    }

    /// <summary>Ends the call: writes the status, or waits for the deadline that did.</summary>
    public async Task EndAsync()
    {
        if (TryFinish())
        {
            Http.Response.WriteStatus(Status, _responseTrailers);
        }
        else
        {
            await _expired!.Task.ConfigureAwait(false);
        }

        if (_deadlineTimer is not null)
        {
            await _deadlineTimer.DisposeAsync().ConfigureAwait(false);
            await _aborted.DisposeAsync().ConfigureAwait(false);
            _cancellation!.Dispose();
        }
    }

    // The longest that a timer takes is 49 days; it is set again then.
    private static TimeSpan Timer(TimeSpan left) =>
        left < TimeSpan.FromMilliseconds(uint.MaxValue - 1) ? left : TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>Says which encodings would have been understood: compression.md, "test cases".</summary>
    private void NameEncodings()
    {
        if (Status.StatusCode == StatusCode.Unimplemented && !Http.Response.HasStarted
            && Http.Request.Headers.GrpcEncoding is [{ } encoding] && settings.Encodings.Find(encoding) is null)
        {
            Http.Response.Headers.GrpcAcceptEncoding = settings.Encodings.AcceptHeader;
        }
    }

    private void OnTimer()
    {
        TimeSpan left = _deadline - TimeProvider.System.GetUtcNow().UtcDateTime;
        if (left > TimeSpan.Zero)
        {
            _deadlineTimer?.Change(Timer(left), Timeout.InfiniteTimeSpan);
        }
        else if (Interlocked.CompareExchange(ref _phase, Expired, Running) == Running)
        {
            _ = ExpireAsync();
        }
    }

    private async Task ExpireAsync()
    {
        try
        {
            Log.DeadlineExceeded(logger, Method);
            OnExpired?.Invoke();
            Status = new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded");
            Http.Response.WriteStatus(Status);
#pragma warning disable MA0040 // What is ended here must not be stopped by its own end.
            Task cancelling = _cancellation!.CancelAsync();
            try
            {
                await Http.Response.CompleteAsync().WaitAsync(LastWriteLimit, TimeProvider.System).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // The caller does not read; it will see the reset.
            }

            Reset();
            await cancelling.ConfigureAwait(false);
#pragma warning restore MA0040
        }
#pragma warning disable CA1031 // On a timer nobody would see it, and the handler waits for this to end.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.DeadlineFailed(logger, Method, e);
        }
        finally
        {
            _expired!.TrySetResult();
        }
    }
}
