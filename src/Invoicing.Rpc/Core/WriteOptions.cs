namespace Grpc.Core;

/// <summary>How messages are written from here on.</summary>
/// <param name="flags">None by default.</param>
internal sealed class WriteOptions(WriteFlags flags = default)
{
    /// <summary>No flag set.</summary>
    public static readonly WriteOptions Default = new();

    /// <summary>The flags that are set.</summary>
    public WriteFlags Flags { get; } = flags;
}
