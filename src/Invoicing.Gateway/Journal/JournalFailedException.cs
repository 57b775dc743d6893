namespace Invoicing.Gateway.Journal;

/// <summary>
/// A write to the journal failed, and recording has ended for good: nothing is known of what was under way. End the process and start it
/// again; the journal's tail is verified when it is opened. Never retried here: after a failed fsync a second one may lie.
/// </summary>
/// <param name="path">The journal.</param>
/// <param name="innerException">What the disk or the database said.</param>
public sealed class JournalFailedException(string path, Exception innerException)
    : InvoicingException(
        $"{path}: a write failed and recording has ended: {innerException?.Message}; check the disk and start the process again",
        innerException: innerException)
{
    /// <summary>The journal.</summary>
    public string Path { get; } = path;
}
