using Invoicing.Chain;

namespace Invoicing.Authority.Ledger;

/// <summary>A verified entry with all that the writer needs, so that nothing is left to parse in the ledger's transaction.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Claims">What it takes for itself.</param>
/// <param name="Fault">What breaks a rule regardless of other entries; <see langword="null"/> if nothing does.</param>
/// <param name="Attachments">What came beside it and is what its body says.</param>
internal sealed record PreparedEntry(
    SignedEntry Entry, Claims Claims, EntryFault? Fault, IReadOnlyList<StoredAttachment> Attachments);

/// <summary>A judgement that no other entry can change.</summary>
/// <param name="Outcome">Rejected, or not judged.</param>
/// <param name="Rule">Id of the rule, at most 40 characters.</param>
/// <param name="Text">What was expected, what was found, what to do.</param>
internal sealed record EntryFault(VerdictOutcomeKind Outcome, string Rule, string Text);

/// <summary>Bytes beside an entry that can be erased without touching it (design.md 5.13).</summary>
/// <param name="Slot">Which of the body's references, from 0.</param>
/// <param name="Salt">16 random bytes.</param>
/// <param name="Content">The bytes.</param>
internal sealed record StoredAttachment(int Slot, ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte> Content);

/// <summary>A verified run of one chain on its way to the ledger.</summary>
/// <param name="Enrolment">The grant that the chain rests on.</param>
/// <param name="Before">The chain as it was verified against: the writer refuses the run if the ledger stands elsewhere.</param>
/// <param name="After">The chain behind the run.</param>
/// <param name="Entries">The entries, at least one.</param>
internal sealed record PreparedRun(
    EnrolmentGrant Enrolment, ChainState Before, ChainState After, IReadOnlyList<PreparedEntry> Entries);
