namespace Invoicing.Chain;

/// <summary>Kinds of fault in a chain. The numbers are those of <c>intake.proto</c>, RefusalReason.</summary>
public enum ChainFaultReason
{
    /// <summary>Body not in canonical form, or a limit broken.</summary>
    Malformed = 1,

    /// <summary>The body names another chain.</summary>
    Chain = 2,

    /// <summary>The position does not run on.</summary>
    Gap = 3,

    /// <summary>previous_hash is not the hash of the entry before.</summary>
    Link = 4,

    /// <summary>The signature does not verify under the key in force.</summary>
    Signature = 5,

    /// <summary>key_id is not the key in force, or a key change is without proof.</summary>
    Key = 6,

    /// <summary>Position 1 is no opening, or an opening stands elsewhere.</summary>
    Opening = 7,

    /// <summary>Another history: the same position with another hash.</summary>
    History = 8,

    /// <summary>The chain was retired.</summary>
    Sealed = 9,
}
