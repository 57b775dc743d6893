using Invoicing.Chain;

namespace Invoicing.Gateway.Journal;

/// <summary>The checker: reads a journal from end to end and names everything that is wrong in it. Shipped with the product.</summary>
public static class JournalAudit
{
    /// <summary>An audit stops after so many faults: a damaged file has one cause, and a person reads the list.</summary>
    public const int MaxFaults = 20;

    /// <summary>Audits a journal, also while a gateway writes it: entries up to the head at the start are checked.</summary>
    public static Task<JournalAuditReport> RunAsync(
        string journalPath, SignatureDepth depth = SignatureDepth.Every, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
