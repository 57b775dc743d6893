using System.Collections.Immutable;
using Invoicing.Chain;

namespace Invoicing.Gateway.Uplink;

/// <summary>All that an uplink knows: journal, authority, and what is under way. Immutable.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Head">Last entry in the journal.</param>
/// <param name="Checkpoint">Last position that a verified watermark ever covered.</param>
/// <param name="VerdictCursor">Last verdict stored.</param>
internal sealed record UplinkState(ChainId Chain, long Head, long Checkpoint, long VerdictCursor)
{
    public UplinkPhase Phase { get; init; } = UplinkPhase.Apart;

    /// <summary>Last position that the authority has acknowledged on this stream; behind the checkpoint if it lost something.</summary>
    public long Acknowledged { get; init; }

    /// <summary>Last position sent on this stream.</summary>
    public long Sent { get; init; }

    /// <summary>Whether a batch is being read and written.</summary>
    public bool IsSending { get; init; }

    /// <summary>Batches that are not acknowledged, oldest first.</summary>
    public ImmutableQueue<SentRun> UnderWay { get; init; } = [];

    /// <summary>Their weight.</summary>
    public long BytesUnderWay { get; init; }

    /// <summary>Most entries unanswered, as the authority said.</summary>
    public long WindowEntries { get; init; } = 1;

    /// <summary>Most bytes unanswered, as the authority said.</summary>
    public long WindowBytes { get; init; } = 1;

    /// <summary>Whether further ranges were asked for on this stream: once, until they come.</summary>
    public bool HasAskedRanges { get; init; }

    /// <summary>Number of the last grant that came on any stream of this run; 0 if none did.</summary>
    public int LastGrant { get; init; }

    /// <summary>Why there are no further ranges, as the authority said; else <see langword="null"/>.</summary>
    public string? RangeTrouble { get; init; }

    /// <summary>Entry that is being signed again.</summary>
    public long Resigning { get; init; }

    /// <summary>Whether this stream got anywhere: the next wait starts small again.</summary>
    public bool HasProgressed { get; init; }

    /// <summary>What a person should know though nothing stopped; else <see langword="null"/>.</summary>
    public string? Alarm { get; init; }

    /// <summary>Why sending is halted; else <see langword="null"/>.</summary>
    public string? HaltReason { get; init; }

    /// <summary>What ends the halt.</summary>
    public string? WayOut { get; init; }
}
