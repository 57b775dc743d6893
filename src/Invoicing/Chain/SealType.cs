namespace Invoicing.Chain;

/// <summary>Why nothing follows on this machine. The numbers are those of <c>entry.proto</c>, SealKind.</summary>
public enum SealType
{
    /// <summary>The service was shut down; the chain may go on.</summary>
    Shutdown = 1,

    /// <summary>The chain is moved to another machine.</summary>
    Move = 2,

    /// <summary>The chain ends for good.</summary>
    Retirement = 3,
}
