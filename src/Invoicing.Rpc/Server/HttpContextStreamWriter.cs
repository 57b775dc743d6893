using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Shared;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>
/// The response's stream. Messages are written into Kestrel's buffers, and flushed when nothing else is to be expected at once
/// or <see cref="FlushSize"/> wait. A write ends when the message is taken over; it waits while the caller is behind.
/// </summary>
/// <param name="call">The call.</param>
/// <param name="serializer">Turns messages into bytes.</param>
/// <param name="expectsMore">Whether the handler has work to do that may bring more messages; null if that cannot be known.</param>
internal sealed class HttpContextStreamWriter<TResponse>(
    HttpContextServerCallContext call, Action<TResponse, SerializationContext> serializer, Func<bool>? expectsMore)
    : IServerStreamWriter<TResponse>, IThreadPoolWorkItem
    where TResponse : class
{
    /// <summary>Flushed without waiting for more: one frame of the usual size.</summary>
    private const int FlushSize = 16 * 1024;

    private readonly HttpResponse _response = call.Http.Response;
    private readonly PipeWriter _body = call.Http.Response.BodyWriter;
    private readonly Lock _gate = new();
    private MessageWriter? _writer;
    private Task _write = Task.CompletedTask;
    private Task _flush = Task.CompletedTask;
    private int _unflushed;
    private bool _isScheduled;
    private bool _isClosed;

    public WriteOptions? WriteOptions
    {
        get => call.WriteOptions;
        set => call.WriteOptions = value;
    }

    public Task WriteAsync(TResponse message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(TResponse message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return cancellationToken.CanBeCanceled ? WriteCancellableAsync(message, cancellationToken) : Write(message);
    }

    /// <summary>Flushes what was written since it was scheduled.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        lock (_gate)
        {
            _isScheduled = false;
            if (!_isClosed && _unflushed > 0 && _flush.IsCompleted)
            {
                _ = Flush();
            }
        }
    }

    /// <summary>Nothing is written any more; what is not flushed yet goes out with the trailers.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }

    /// <summary>Closes, and waits for a flush under way.</summary>
    public async Task CloseAsync()
    {
        Close();
        await _flush.ConfigureAwait(false);
    }

    private async Task WriteCancellableAsync(TResponse message, CancellationToken cancellationToken)
    {
        CancellationTokenRegistration resets = cancellationToken.UnsafeRegister(
            static call => ((HttpContextServerCallContext)call!).Reset(), call);
        await using (resets.ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Write(message).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private Task Write(TResponse message)
    {
        lock (_gate)
        {
            if (_isClosed || call.IsAborted)
            {
                return Refused("Can't write the message because the request is complete.");
            }

            if (!_write.IsCompleted)
            {
                return Refused("Can't write the message because the previous write is in progress.");
            }

            try
            {
                return _write = _response.HasStarted && _flush.IsCompletedSuccessfully ? Take(message) : TakeLaterAsync(message);
            }
#pragma warning disable CA1031 // Whatever the serializer throws belongs to the task of this write.
            catch (Exception e)
#pragma warning restore CA1031
            {
                return Task.FromException(e);
            }
        }
    }

    private static Task Refused(string why) => Task.FromException(new InvalidOperationException(why));

    /// <summary>
    /// Waits until the headers are sent and the flush under way has ended: Kestrel loses count of what is written while it
    /// flushes, and would keep it for ever.
    /// </summary>
    private async Task TakeLaterAsync(TResponse message)
    {
        if (!_response.HasStarted)
        {
            await _response.StartAsync(CancellationToken.None).ConfigureAwait(false);
        }

        await _flush.ConfigureAwait(false);
        Task taken;
        lock (_gate)
        {
            taken = _isClosed ? Refused("Can't write the message because the request is complete.") : Take(message);
        }

        await taken.ConfigureAwait(false);
    }

    private Task Take(TResponse message)
    {
        _writer ??= call.CreateWriter();
        try
        {
            _unflushed += _writer.Write(message, serializer, _body, WriteOptions);
        }
        catch when (_writer.IsTorn)
        {
            // Half a message is in the buffer: whatever followed would be read as the rest of it.
            _isClosed = true;
            call.Reset();
            throw;
        }

        bool mayWait = WriteOptions is { } options && options.Flags.HasFlag(WriteFlags.BufferHint);
        if (_unflushed >= FlushSize || (!mayWait && expectsMore is not null && !expectsMore()))
        {
            return Flush();
        }

        if (!mayWait && !_isScheduled)
        {
            _isScheduled = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return Task.CompletedTask;
    }

    /// <summary>Under the gate, and while no flush is under way.</summary>
    private Task Flush()
    {
        _unflushed = 0;
        ValueTask<FlushResult> flush = _body.FlushAsync(CancellationToken.None);
        if (flush.IsCompletedSuccessfully)
        {
            _ = flush.Result;
            return Task.CompletedTask;
        }

        return _flush = flush.AsTask();
    }
}
