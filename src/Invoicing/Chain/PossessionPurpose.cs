namespace Invoicing.Chain;

/// <summary>What a proof of possession is for. The numbers are those of <c>possession.proto</c>.</summary>
public enum PossessionPurpose
{
    /// <summary>To be enrolled: the statement is the hash of the certificate request.</summary>
    Enrol = 1,

    /// <summary>To renew a certificate: the hash of the request, and the chain.</summary>
    Renew = 2,

    /// <summary>To deliver the chain: the challenge, and where the chain stands.</summary>
    Hello = 3,

    /// <summary>To keep a stream that another machine wants: the probe, and the chain.</summary>
    Alive = 4,
}
