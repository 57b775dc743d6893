using System.Collections.Immutable;

namespace Invoicing.Registers.Datecs.Push;

/// <summary>Where the assembler stands between two packets. Immutable.</summary>
internal sealed record PushState
{
    /// <summary>The register's number, once an event told it.</summary>
    public string Register { get; init; } = string.Empty;

    /// <summary>UN of the last event that bore one.</summary>
    public ulong? Counter { get; init; }

    /// <summary>SeqN of the last event.</summary>
    public int? Cycle { get; init; }

    /// <summary>The receipt that is open.</summary>
    public PushReceipt? Open { get; init; }

    /// <summary>Whether messages were lost since the last receipt ended, so that the next may lack its beginning.</summary>
    public bool HasGap { get; init; }

    /// <summary>Whether it is not known what was said before the first event that was heard.</summary>
    public bool IsUnheard { get; init; }

    /// <summary>UN of the last event of each register that is recorded: what comes next on a new connection shows whether anything was missed.</summary>
    public ImmutableDictionary<string, ulong> Recorded { get; init; } = ImmutableDictionary<string, ulong>.Empty;
}
