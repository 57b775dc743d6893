namespace Invoicing.Gateway.Journal;

/// <summary>A journal is damaged. It is never repaired in silence: keep the file, and let a new chain succeed it.</summary>
/// <param name="path">The journal.</param>
/// <param name="fault">Position, what was expected and what was found.</param>
/// <param name="innerException">What the disk or the database said.</param>
public sealed class JournalCorruptException(string path, JournalFault fault, Exception? innerException = null)
    : InvoicingException($"{path} is damaged: {fault}; keep the file and succeed the chain", innerException: innerException)
{
    /// <summary>The journal.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong.</summary>
    public JournalFault Fault { get; } = fault ?? throw new ArgumentNullException(nameof(fault));
}
