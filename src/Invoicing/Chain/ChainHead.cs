using Invoicing.Hashing;

namespace Invoicing.Chain;

/// <summary>Where a chain stands: all that the next entry depends on.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Position">Position of the last entry; 0 before the first.</param>
/// <param name="Hash">Hash of the last entry; before the first, of the enrolment record.</param>
/// <param name="RecordedAt">Device time of the last entry, UTC, milliseconds since 1970-01-01; 0 before the first.</param>
public readonly record struct ChainHead(ChainId Chain, long Position, Sha256Hash Hash, long RecordedAt);
