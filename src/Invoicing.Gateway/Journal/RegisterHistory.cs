using Invoicing.Hashing;

namespace Invoicing.Gateway.Journal;

/// <summary>What the authority knows of a register. A closed family.</summary>
internal abstract record RegisterHistory
{
    private RegisterHistory()
    {
    }

    /// <summary>It answered.</summary>
    /// <param name="LastSequence">Highest sequence of this epoch in the ledger; 0 if none.</param>
    /// <param name="LastHash">Record hash there, where known.</param>
    public sealed record Known(ulong LastSequence, Sha256Hash? LastHash) : RegisterHistory;

    /// <summary>It did not answer.</summary>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Unknown(string Reason) : RegisterHistory;
}
