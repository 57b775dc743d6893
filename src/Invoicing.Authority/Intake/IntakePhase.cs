namespace Invoicing.Authority.Intake;

/// <summary>Where a stream is in the protocol.</summary>
internal enum IntakePhase
{
    /// <summary>Nothing came yet.</summary>
    Greeting,

    /// <summary>Whether the chain is the caller's is being looked up.</summary>
    Identifying,

    /// <summary>Whether the caller holds the chain's key is being verified.</summary>
    Proving,

    /// <summary>Whether another machine delivers the chain just now is being found out.</summary>
    Claiming,

    /// <summary>Older streams of the chain are fenced; where the chain stands is being looked up.</summary>
    Opening,

    /// <summary>Batches are taken.</summary>
    Open,

    /// <summary>Nothing more is taken; what is under way is still answered.</summary>
    Ending,

    /// <summary>Over.</summary>
    Ended,
}
