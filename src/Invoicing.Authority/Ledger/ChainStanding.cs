using Invoicing.Chain;

namespace Invoicing.Authority.Ledger;

/// <summary>What the ledger holds of a chain.</summary>
/// <param name="Enrolment">The grant that the chain rests on.</param>
/// <param name="State">Head, key in force, whether it was retired.</param>
/// <param name="VerdictNumber">Number of the chain's last verdict; 0 if none.</param>
/// <param name="LastIndex">Ledger index of its head; 0 if nothing of it is stored.</param>
internal sealed record ChainStanding(EnrolmentGrant Enrolment, ChainState State, long VerdictNumber, long LastIndex)
{
    /// <summary>Whether the ledger holds anything of the chain.</summary>
    public bool IsStored => State.Position > 0;
}
