using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Shared;

namespace Grpc.Net.Client.Internal;

/// <summary>
/// The request's stream. A write ends when the message is in the pipe, which is not to say that the server has it; it waits only
/// while <see cref="RequestPump.PauseThreshold"/> is on its way. A fault of the stream shows at a later write and at the response.
/// </summary>
internal sealed class ClientStreamWriter<TRequest>(GrpcCall call, RequestPump pump, Action<TRequest, SerializationContext> serializer)
    : IClientStreamWriter<TRequest>
{
    private readonly MessageWriter _writer = call.CreateWriter();
    private int _writing;
    private bool _completed;

    public WriteOptions? WriteOptions { get; set; } = call.Options.WriteOptions;

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        ObjectDisposedException.ThrowIf(call.IsDisposed, this);
        return cancellationToken.CanBeCanceled && cancellationToken != call.Options.CancellationToken
            ? WriteCancellableAsync(message, cancellationToken)
            : Write(message);
    }

    public Task CompleteAsync()
    {
        ObjectDisposedException.ThrowIf(call.IsDisposed, this);
        if (Interlocked.Exchange(ref _writing, 1) != 0)
        {
            return Refused("Can't complete the client stream writer because the previous write is in progress.");
        }

        if (!_completed)
        {
            _completed = true;
            pump.Writer.Complete();
        }

        Volatile.Write(ref _writing, 0);
        return Task.CompletedTask;
    }

    private static Task Refused(string why) => Task.FromException(new InvalidOperationException(why));

    private async Task WriteCancellableAsync(TRequest message, CancellationToken cancellationToken)
    {
        CancellationTokenRegistration cancels = call.CancelWith(cancellationToken);
        await using (cancels.ConfigureAwait(false))
        {
            await Write(message).ConfigureAwait(false);
        }
    }

    private Task Write(TRequest message)
    {
        if (_completed)
        {
            return Refused("Request stream has already been completed.");
        }

        if (call.HasEnded)
        {
            return Task.FromException(call.WriteFailure(pump.Fault));
        }

        if (Interlocked.Exchange(ref _writing, 1) != 0)
        {
            return Refused("Can't write the message because the previous write is in progress.");
        }

        bool waits = false;
        try
        {
            _writer.Write(message, serializer, pump.Writer, WriteOptions);
            ValueTask<FlushResult> flush = pump.Writer.FlushAsync(CancellationToken.None);
            if (!flush.IsCompletedSuccessfully)
            {
                waits = true;
                return WaitAsync(flush);
            }

            return flush.Result.IsCompleted ? Task.FromException(call.WriteFailure(pump.Fault)) : Task.CompletedTask;
        }
#pragma warning disable CA1031 // Whatever the serializer throws belongs to the task of this write.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Task.FromException(_writer.IsTorn ? call.Fail("Error writing the message.", e) : e);
        }
        finally
        {
            if (!waits)
            {
                Volatile.Write(ref _writing, 0);
            }
        }
    }

    private async Task WaitAsync(ValueTask<FlushResult> flush)
    {
        try
        {
            FlushResult result = await flush.ConfigureAwait(false);
            if (result.IsCompleted)
            {
                throw call.WriteFailure(pump.Fault);
            }
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }
}
