using Invoicing.Hashing;

namespace Invoicing.Gateway.Journal;

/// <summary>A register's record as the journal remembers it: what makes a resend harmless.</summary>
/// <param name="Hash">Its hash.</param>
/// <param name="Position">Its entry.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why it is held; else <see langword="null"/>.</param>
internal readonly record struct StoredRecord(Sha256Hash Hash, long Position, StoredOutcome Outcome, string? Reason);
