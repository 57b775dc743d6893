using System.IO.Compression;

namespace Grpc.Net.Compression;

/// <summary>"deflate" as gRPC and HTTP mean it: the zlib format (RFC 1950).</summary>
/// <param name="defaultCompressionLevel">Where the call does not choose.</param>
internal sealed class DeflateCompressionProvider(CompressionLevel defaultCompressionLevel) : ICompressionProvider
{
    /// <inheritdoc />
    public string EncodingName => "deflate";

    /// <inheritdoc />
    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        new ZLibStream(stream, compressionLevel ?? defaultCompressionLevel, leaveOpen: true);

    /// <inheritdoc />
    public Stream CreateDecompressionStream(Stream stream) => new ZLibStream(stream, CompressionMode.Decompress);
}
