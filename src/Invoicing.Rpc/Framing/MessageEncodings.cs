using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Grpc.Net.Compression;

namespace Grpc.Shared;

/// <summary>The ways to compress messages that one side speaks, besides leaving them alone.</summary>
internal sealed class MessageEncodings
{
    /// <summary>gzip and deflate, fastest level: the wire is rarely slower than the strongest compression.</summary>
    public static readonly MessageEncodings Default =
        new([new GzipCompressionProvider(CompressionLevel.Fastest), new DeflateCompressionProvider(CompressionLevel.Fastest)]);

    private readonly Dictionary<string, ICompressionProvider> _providers = new(StringComparer.Ordinal);

    public MessageEncodings(IEnumerable<ICompressionProvider> providers)
    {
        foreach (ICompressionProvider provider in providers)
        {
            _providers.TryAdd(provider.EncodingName, provider);
        }

        AcceptHeader = string.Join(',', [ProtocolNames.Identity, .. _providers.Keys]);
    }

    /// <summary>Value of <c>grpc-accept-encoding</c>.</summary>
    public string AcceptHeader { get; }

    /// <summary>The provider of a name; null for identity and for what is not spoken.</summary>
    public ICompressionProvider? Find(string? name) => name is null ? null : _providers.GetValueOrDefault(name);

    /// <summary>Compresses one message.</summary>
    public static ReadOnlyMemory<byte> Compress(ICompressionProvider provider, ReadOnlySpan<byte> message, CompressionLevel? level)
    {
        var output = new MemoryStream();
        using (Stream compressor = provider.CreateCompressionStream(output, level))
        {
            compressor.Write(message);
        }

        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }

    /// <summary>Decompresses one message, and stops as soon as it grows past the limit: a few KB can unpack to gigabytes.</summary>
    /// <exception cref="Core.RpcException">The message is larger than <paramref name="maxSize"/>.</exception>
    /// <exception cref="InvalidDataException">The bytes are not what the encoding makes.</exception>
    public static ReadOnlySequence<byte> Decompress(ICompressionProvider provider, in ReadOnlySequence<byte> message, int? maxSize)
    {
        int limit = maxSize ?? Array.MaxLength - 1;
        var output = new ArrayBufferWriter<byte>();
        using Stream decompressor = provider.CreateDecompressionStream(AsStream(message));
        while (true)
        {
            // One byte past the limit is asked for, so that "too large" is seen without unpacking more.
            Memory<byte> room = output.GetMemory();
            int wanted = (int)Math.Min(room.Length, (long)limit + 1 - output.WrittenCount);
            int read = decompressor.Read(room.Span[..wanted]);
            if (read == 0)
            {
                return new ReadOnlySequence<byte>(output.WrittenMemory);
            }

            output.Advance(read);
            if (output.WrittenCount > limit)
            {
                throw new Core.RpcException(ProtocolStatus.ReceivedTooLarge);
            }
        }
    }

    private static MemoryStream AsStream(in ReadOnlySequence<byte> message) =>
        message.IsSingleSegment && MemoryMarshal.TryGetArray(message.First, out ArraySegment<byte> segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(message.ToArray(), writable: false);
}
