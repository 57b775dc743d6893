using System.Buffers;
using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>The response's stream. The end of it is the end of the call.</summary>
internal sealed class ClientStreamReader<TResponse>(GrpcCall call, Func<DeserializationContext, TResponse> deserializer)
    : IAsyncStreamReader<TResponse>
    where TResponse : class
{
    private static readonly Task<bool> True = Task.FromResult(true);
    private static readonly Task<bool> False = Task.FromResult(false);

    private IncomingMessages? _incoming;
    private int _reading;

    public TResponse Current { get; private set; } = null!;

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(call.IsDisposed, this);
        if (call.HasEnded)
        {
            return call.Status.StatusCode == StatusCode.OK ? False : Task.FromException<bool>(call.FailureOf(call.Status));
        }

        if (Interlocked.Exchange(ref _reading, 1) != 0)
        {
            return Task.FromException<bool>(
                new InvalidOperationException("Can't read the next message because the previous read is still in progress."));
        }

        bool waits = false;
        try
        {
            if (!cancellationToken.IsCancellationRequested && _incoming is not null && TryTake())
            {
                return True;
            }

            waits = true;
            return cancellationToken.CanBeCanceled && cancellationToken != call.Options.CancellationToken
                ? ReadCancellableAsync(cancellationToken)
                : ReadAsync();
        }
#pragma warning disable CA1031 // Whatever the message was is the call's status now, and belongs to the task of this read.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Task.FromException<bool>(Failed(e));
        }
        finally
        {
            if (!waits)
            {
                Volatile.Write(ref _reading, 0);
            }
        }
    }

    private async Task<bool> ReadCancellableAsync(CancellationToken cancellationToken)
    {
        CancellationTokenRegistration cancels = call.CancelWith(cancellationToken);
        await using (cancels.ConfigureAwait(false))
        {
            return await ReadAsync().ConfigureAwait(false);
        }
    }

    private async Task<bool> ReadAsync()
    {
        try
        {
            _incoming ??= await OpenAsync().ConfigureAwait(false);
            if (_incoming is null)
            {
                return Ended();
            }

            while (!TryTake())
            {
                if (!await _incoming.FillAsync().ConfigureAwait(false))
                {
                    HttpResponseMessage response = (await call.Opened.ConfigureAwait(false))!;
                    call.End(response.FinalStatus(), answered: true);
                    return Ended();
                }
            }

            return true;
        }
        catch (Exception e) when (!call.HasEnded || e is not RpcException)
        {
            throw Failed(e);
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }

    private async Task<IncomingMessages?> OpenAsync()
    {
        HttpResponseMessage? response = await call.Opened.ConfigureAwait(false);
        return response is null ? null : new IncomingMessages(response, call.CreateDecoder(response), isStream: true);
    }

    private bool TryTake()
    {
        if (!_incoming!.TryRead(out ReadOnlySequence<byte> payload))
        {
            return false;
        }

        Current = _incoming.Payload.Read(payload, deserializer);
        return true;
    }

    private bool Ended()
    {
        Current = null!;
        _incoming?.Dispose();
        return call.Status.StatusCode == StatusCode.OK ? false : throw call.FailureOf(call.Status);
    }

    private Exception Failed(Exception fault)
    {
        Current = null!;
        return call.Fail("Error reading next message.", fault);
    }
}
