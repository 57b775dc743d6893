namespace Invoicing.Authority.Enrolment;

/// <summary>What a client's certificate lets it do.</summary>
internal enum ClientRole
{
    /// <summary>Deliver the chain of its enrolment.</summary>
    Device = 1,

    /// <summary>Follow the ledger.</summary>
    Follower = 2,
}
