namespace FirmwareSim.Journal;

/// <summary>A journal that cannot be used: in use by another process, or not a journal.</summary>
internal sealed class JournalException(string message, Exception? inner = null) : Exception(message, inner);
