namespace Invoicing.Registers.Lines;

/// <summary>What a recording of a line is and how long it may become.</summary>
/// <param name="Protocol">Name of the protocol that runs over the line, for whoever plays it back.</param>
/// <param name="MakeMask">Makes the mask of one direction from the recording's key.</param>
public sealed record RecordingOptions(string Protocol, Func<ReadOnlyMemory<byte>, RecordingMask> MakeMask)
{
    /// <summary>Longest recording by default: what a person waits for while a fault is shown.</summary>
    public static readonly TimeSpan DefaultDuration = TimeSpan.FromMinutes(5);

    /// <summary>Most bytes of the line by default: 15 minutes at 9600 baud.</summary>
    public const int DefaultBytes = 1024 * 1024;

    /// <summary>Ends it after this time.</summary>
    public TimeSpan Duration { get; init; } = DefaultDuration;

    /// <summary>Ends it after so many bytes of the line, both directions.</summary>
    public int Bytes { get; init; } = DefaultBytes;
}
