namespace Grpc.Core;

/// <summary>How one message is written.</summary>
[Flags]
internal enum WriteFlags
{
    /// <summary>More follows at once: the message may wait in the buffer for the next one.</summary>
    BufferHint = 0x1,

    /// <summary>Not compressed, even where the call's encoding would compress it.</summary>
    NoCompress = 0x2,
}
