using FirmwareSim.Bytes;

namespace FirmwareSim.Replay.Tlk;

/// <summary>One connection of a recording.</summary>
/// <param name="LastStep">The last step of it, from 1.</param>
/// <param name="Lingers">How long after that the next connection was opened, in milliseconds; null for the last one.</param>
/// <param name="LargestBody">Bytes of the largest body that the register sent.</param>
/// <param name="Cues">What was said, and what had been answered by then, in order.</param>
/// <param name="Answers">What the gateway made of each HELLO and record, each thing once, in order.</param>
/// <param name="Replies">What the register replied to the gateway's requests of each type, in order.</param>
internal sealed record TlkConnection(
    int LastStep,
    long? Lingers,
    int LargestBody,
    IReadOnlyList<TlkCue> Cues,
    IReadOnlyDictionary<TlkSubject, List<TlkAnswer>> Answers,
    IReadOnlyDictionary<FrameType, List<Frame>> Replies);
