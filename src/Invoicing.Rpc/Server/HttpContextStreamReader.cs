using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Shared;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>
/// The request's stream. Messages are parsed where they lie in Kestrel's buffers, all that have arrived from one read; what is
/// parsed is given back from time to time, as the caller may not send more than the stream's window before that.
/// </summary>
internal sealed class HttpContextStreamReader<TRequest>(
    HttpContextServerCallContext call, Func<DeserializationContext, TRequest> deserializer) : IAsyncStreamReader<TRequest>
    where TRequest : class
{
    /// <summary>Parsed bytes that are held back: a third of the smallest usual window, 96 KiB, so that the caller need not wait.</summary>
    private const int GiveBackSize = 32 * 1024;

    private static readonly Task<bool> True = Task.FromResult(true);
    private static readonly Task<bool> False = Task.FromResult(false);

    private readonly PipeReader _body = call.Http.Request.BodyReader;
    private readonly MessageDecoder _decoder = call.CreateDecoder();
    private readonly MessagePayload _payload = new();
    private ReadOnlySequence<byte> _unread;
    private long _parsed;
    private bool _isHolding;
    private bool _hasEnded;
    private volatile bool _hasMore;
    private volatile bool _isClosed;

    /// <summary>Whether the next message is here already, so that whoever reads this stream has work to do.</summary>
    public bool HasMore => _hasMore;

    public TRequest Current { get; private set; } = null!;

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<bool>(cancellationToken);
        }

        if (_isClosed || call.IsAborted)
        {
            return Task.FromException<bool>(new InvalidOperationException("Can't read messages after the request is complete."));
        }

        try
        {
            return _hasEnded ? False : TryTake() ? True : ReadAsync(cancellationToken);
        }
#pragma warning disable CA1031 // Whatever the message was belongs to the task of this read.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Task.FromException<bool>(e);
        }
    }

    /// <summary>The handler has returned.</summary>
    public void Close()
    {
        _isClosed = true;
        _hasMore = false;
    }

    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        Current = null!;
        while (true)
        {
            GiveBack(examined: true);
            ReadResult result = await _body.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (result.IsCanceled)
            {
                throw new RpcException(new Status(StatusCode.Internal, "Incoming message cancelled."));
            }

            _unread = result.Buffer;
            _isHolding = true;
            if (TryTake())
            {
                return true;
            }

            if (result.IsCompleted)
            {
                _hasEnded = _unread.IsEmpty;
                GiveBack(examined: true);
                return _hasEnded ? false : throw new RpcException(ProtocolStatus.Incomplete);
            }
        }
    }

    private bool TryTake()
    {
        if (!_isHolding)
        {
            return false;
        }

        long before = _unread.Length;
        if (!_decoder.TryRead(ref _unread, out ReadOnlySequence<byte> payload))
        {
            _hasMore = false;
            return false;
        }

        Current = _payload.Read(payload, deserializer);
        _hasMore = FrameHeader.TryRead(_unread, out _, out uint length) && _unread.Length - FrameHeader.Size >= length;
        _parsed += before - _unread.Length;
        if (_parsed >= GiveBackSize)
        {
            GiveBack(examined: false);
        }

        return true;
    }

    /// <summary>Gives back what is parsed; what is not comes again with the next read, at once unless all of it was examined.</summary>
    private void GiveBack(bool examined)
    {
        if (_isHolding)
        {
            _body.AdvanceTo(_unread.Start, examined ? _unread.End : _unread.Start);
            _unread = default;
            _parsed = 0;
            _isHolding = false;
        }
    }
}
