using Invoicing.Chain;

namespace Invoicing.Authority.Ledger;

/// <summary>A verified run of one chain on its way to the ledger.</summary>
/// <param name="Enrolment">The grant that the chain rests on.</param>
/// <param name="Before">The chain as it was verified against: the writer refuses the run if the ledger stands elsewhere.</param>
/// <param name="After">The chain behind the run.</param>
/// <param name="Entries">The entries, at least one.</param>
internal sealed record PreparedRun(
    EnrolmentGrant Enrolment, ChainState Before, ChainState After, IReadOnlyList<PreparedEntry> Entries);
