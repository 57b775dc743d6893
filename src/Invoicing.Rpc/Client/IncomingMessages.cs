using System.Buffers;
using Grpc.Shared;

namespace Grpc.Net.Client.Internal;

/// <summary>
/// The messages of a response. They are read as many as come at once and parsed where they lie, in one array; while nothing is
/// there, no array is held, so that a thousand quiet streams cost nothing.
/// </summary>
/// <param name="response">The response.</param>
/// <param name="decoder">Finds the messages.</param>
/// <param name="isStream">Whether there may be pauses, in which no array is held.</param>
internal sealed class IncomingMessages(HttpResponseMessage response, MessageDecoder decoder, bool isStream) : IDisposable
{
    /// <summary>First size of the array: a page.</summary>
    private const int SmallestSize = 4 * 1024;

    /// <summary>Largest array that is asked for again at once after a pause: two 64 KiB messages.</summary>
    private const int LargestFirstSize = 128 * 1024;

    private readonly Stream _stream = response.Content.ReadAsStream();
    private byte[]? _array;
    private int _start;
    private int _end;
    private int _firstSize = SmallestSize;

    /// <summary>For the deserializer.</summary>
    public MessagePayload Payload { get; } = new();

    /// <summary>Takes the next message that is all there; valid until the next call of anything.</summary>
    public bool TryRead(out ReadOnlySequence<byte> payload)
    {
        payload = default;
        if (_start == _end)
        {
            return false;
        }

        var unread = new ReadOnlySequence<byte>(_array!, _start, _end - _start);
        if (!decoder.TryRead(ref unread, out payload))
        {
            return false;
        }

        _start = _end - (int)unread.Length;
        return true;
    }

    /// <summary>Waits for more bytes. The end of the call disposes the response, and with it ends the wait: cheaper than a token.</summary>
    /// <returns>False at the end of the response.</returns>
    /// <exception cref="InvalidDataException">The response ended inside a message.</exception>
    public async ValueTask<bool> FillAsync()
    {
        if (_start == _end)
        {
            if (isStream)
            {
                Release();
                await _stream.ReadAsync(Memory<byte>.Empty, CancellationToken.None).ConfigureAwait(false);
            }

            _array ??= ArrayPool<byte>.Shared.Rent(_firstSize);
            _start = _end = 0;
        }
        else if (_end == _array!.Length)
        {
            MakeRoom();
        }

        int read = await _stream.ReadAsync(_array.AsMemory(_end), CancellationToken.None).ConfigureAwait(false);
        if (read == 0)
        {
            return _start == _end
                ? false
                : throw new InvalidDataException(
                    _end - _start < FrameHeader.Size
                        ? "Unexpected end of content while reading the message header."
                        : "Unexpected end of content while reading the message content.");
        }

        _end += read;
        return true;
    }

    public void Dispose() => Release();

    private void Release()
    {
        if (_array is not null)
        {
            ArrayPool<byte>.Shared.Return(_array);
            _array = null;
        }

        _start = _end = 0;
    }

    /// <summary>Moves what is unread to the front; if that is most of the array, to one of twice the size.</summary>
    private void MakeRoom()
    {
        int unread = _end - _start;
        byte[] old = _array!;
        if (unread > old.Length / 2)
        {
            _array = ArrayPool<byte>.Shared.Rent(old.Length * 2);
            _firstSize = Math.Min(_array.Length, LargestFirstSize);
        }

        Buffer.BlockCopy(old, _start, _array!, 0, unread);
        _start = 0;
        _end = unread;
        if (old != _array)
        {
            ArrayPool<byte>.Shared.Return(old);
        }
    }
}
