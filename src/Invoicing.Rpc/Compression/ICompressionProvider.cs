using System.IO.Compression;

namespace Grpc.Net.Compression;

/// <summary>One way to compress messages. Safe for any number of threads.</summary>
internal interface ICompressionProvider
{
    /// <summary>Its name in <c>grpc-encoding</c>.</summary>
    string EncodingName { get; }

    /// <summary>A stream that compresses what is written to it.</summary>
    /// <param name="stream">Takes the compressed bytes; left open.</param>
    /// <param name="compressionLevel">Null for the provider's own.</param>
    /// <returns>Disposing it writes the end.</returns>
    Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel);

    /// <summary>A stream that gives the decompressed bytes.</summary>
    /// <param name="stream">Gives the compressed bytes.</param>
    /// <returns>The reading end.</returns>
    Stream CreateDecompressionStream(Stream stream);
}
