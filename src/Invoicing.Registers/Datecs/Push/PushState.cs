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
}
