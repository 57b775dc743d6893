namespace Invoicing.Authority.Enrolment;

/// <summary>What a client may do. The numbers are those of the registry.</summary>
internal enum ClientRole
{
    /// <summary>Deliver the chain of its enrolment.</summary>
    Device = 1,

    /// <summary>Follow the ledger as far as its scope goes: an official.</summary>
    Follower = 2,

    /// <summary>See its seller's devices and follow its seller's entries: the seller's own.</summary>
    Operator = 3,
}
