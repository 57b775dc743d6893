using System.Buffers;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Shared;

/// <summary>
/// Writes messages, one after the other, into a buffer. A message whose length is told beforehand goes straight there; others,
/// and those that are compressed, by way of a buffer in between.
/// </summary>
/// <param name="maxSize">Largest message before compression; null for no limit.</param>
/// <param name="compression">How messages are compressed; null leaves them alone.</param>
/// <param name="level">How hard; null for the provider's own.</param>
internal sealed class MessageWriter(int? maxSize, ICompressionProvider? compression, CompressionLevel? level) : SerializationContext
{
    /// <summary>A buffer in between that grew past this is given back after the message: streams live long.</summary>
    private const int KeptBufferSize = 64 * 1024;

    private IBufferWriter<byte>? _target;
    private ArrayBufferWriter<byte>? _between;
    private bool _compress;
    private int _told;
    private int _written;
    private Step _step;

    private enum Step
    {
        Idle,
        Begun,
        Writing,
        Complete,
    }

    /// <summary>The serializer failed after bytes went to the target, so that whatever follows would not be understood.</summary>
    public bool IsTorn { get; private set; }

    private bool IsDirect => _told >= 0 && !_compress;

    /// <summary>Writes header and message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="serializer">Turns it into bytes.</param>
    /// <param name="target">Takes them.</param>
    /// <param name="options">May forbid to compress.</param>
    /// <returns>Bytes written, header included.</returns>
    /// <exception cref="RpcException">The message is too large; nothing was written.</exception>
    public int Write<T>(T message, Action<T, SerializationContext> serializer, IBufferWriter<byte> target, WriteOptions? options)
    {
        _target = target;
        _compress = compression is not null && (options is null || !options.Flags.HasFlag(WriteFlags.NoCompress));
        _told = -1;
        _written = 0;
        _step = Step.Begun;
        try
        {
            serializer(message, this);
            if (_step != Step.Complete)
            {
                throw new InvalidOperationException("The serializer did not complete the message.");
            }
        }
        catch
        {
            IsTorn = _written > 0;
            throw;
        }
        finally
        {
            _step = Step.Idle;
            _target = null;
            if (_between?.Capacity > KeptBufferSize)
            {
                _between = null;
            }
        }

        return _written;
    }

    public override void SetPayloadLength(int payloadLength)
    {
        Expect(Step.Begun);
        ArgumentOutOfRangeException.ThrowIfNegative(payloadLength);
        _told = payloadLength;
    }

    public override IBufferWriter<byte> GetBufferWriter()
    {
        if (_step == Step.Begun)
        {
            _step = Step.Writing;
            if (IsDirect)
            {
                WriteHeader(_told, compressed: false);
            }
            else
            {
                _between ??= new ArrayBufferWriter<byte>();
                _between.ResetWrittenCount();
            }
        }

        Expect(Step.Writing);
        return IsDirect ? _target! : _between!;
    }

    public override void Complete()
    {
        Expect(Step.Writing);
        if (!IsDirect)
        {
            WriteWhole(_between!.WrittenSpan);
        }

        _step = Step.Complete;
    }

    public override void Complete(byte[] payload)
    {
        Expect(Step.Begun);
        ArgumentNullException.ThrowIfNull(payload);
        WriteWhole(payload);
        _step = Step.Complete;
    }

    private void WriteWhole(ReadOnlySpan<byte> message)
    {
        CheckSize(message.Length);
        ReadOnlySpan<byte> bytes = _compress ? MessageEncodings.Compress(compression!, message, level).Span : message;
        WriteHeader(bytes.Length, _compress);
        _target!.Write(bytes);
    }

    private void WriteHeader(int length, bool compressed)
    {
        if (!compressed)
        {
            CheckSize(length);
        }

        FrameHeader.Write(_target!, length, compressed);
        _written = FrameHeader.Size + length;
    }

    private void CheckSize(int length)
    {
        if (length > maxSize)
        {
            throw new RpcException(ProtocolStatus.SendingTooLarge);
        }
    }

    private void Expect(Step step)
    {
        if (_step != step)
        {
            throw new InvalidOperationException($"A serializer may not do this now: the message is {_step}, not {step}.");
        }
    }
}
