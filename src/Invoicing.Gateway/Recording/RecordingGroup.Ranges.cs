using Invoicing.Chain;
using Invoicing.Invoices;

namespace Invoicing.Gateway.Recording;

/// <content>Further ranges: noted in the chain, and taken from in the same transaction on.</content>
internal sealed partial class RecordingGroup
{
    private int _grants;

    /// <summary>Takes note of a grant, once.</summary>
    /// <param name="grant">What it says; verified.</param>
    /// <param name="statement">As it was signed.</param>
    /// <returns>Why it cannot be noted now; <see langword="null"/> if it is, or was before.</returns>
    public string? Note(RangeGrant grant, SignedRangeGrant statement)
    {
        if (grant.Number <= _grants)
        {
            return null;
        }

        if (Refusal is { } refusal)
        {
            return refusal;
        }

        if (grant.Number != _grants + 1 || grant.Enrolment != _before.Enrolment.Id)
        {
            return $"expected grant {_grants + 1} to enrolment {_before.Enrolment.Id}, found {grant.Number} to {grant.Enrolment}";
        }

        try
        {
            RangeAllocation more = grant.Codes is { } codes ? _ranges.Grant(codes) : _ranges;
            _ranges = grant.Numbers is { } numbers ? more.Grant(numbers) : more;
        }
        catch (ArgumentException fault)
        {
            return fault.Message; // it overlaps what the chain has, which the authority never grants
        }

        PendingEntry entry = Append(grant.ToContent(statement));
        _grants = grant.Number;
        Write(file => file.InsertGrant(grant.Number, entry.Unsigned.Position));
        return null;
    }
}
