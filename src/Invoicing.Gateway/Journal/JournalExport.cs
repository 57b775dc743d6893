using Invoicing.Chain;

namespace Invoicing.Gateway.Journal;

/// <summary>Streams a journal's entries in constant memory.</summary>
public static class JournalExport
{
    /// <summary>Reads entries in their order, up to the head at the start.</summary>
    public static IEnumerable<SignedEntry> Read(string journalPath, long after = 0) => throw new NotSupportedException();

    /// <summary>Writes a journal as JSON lines.</summary>
    public static Task<long> WriteAsync(
        string journalPath, Stream destination, long from = 1, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
