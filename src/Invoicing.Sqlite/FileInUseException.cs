namespace Invoicing.Sqlite;

/// <summary>Another process, or another part of this one, writes this file.</summary>
/// <param name="path">The file.</param>
/// <param name="processId">Who; 0 if it did not say.</param>
public sealed class FileInUseException(string path, int processId)
    : InvoicingException($"{path} is in use by pid {processId}: end that process, or send commands to it")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>Who writes it; 0 if unknown.</summary>
    public int ProcessId { get; } = processId;
}
