using Invoicing.Chain;

namespace Invoicing.Authority.Ledger;

/// <summary>A verified entry with all that the writer needs, so that nothing is left to parse in the ledger's transaction.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Claims">What it takes for itself.</param>
/// <param name="Fault">What breaks a rule regardless of other entries; <see langword="null"/> if nothing does.</param>
/// <param name="Attachments">What came beside it and is what its body says.</param>
internal sealed record PreparedEntry(
    SignedEntry Entry, Claims Claims, EntryFault? Fault, IReadOnlyList<StoredAttachment> Attachments);
