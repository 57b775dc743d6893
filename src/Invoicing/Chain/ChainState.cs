using Invoicing.Hashing;

namespace Invoicing.Chain;

/// <summary>What a verifier must know of a chain to judge what comes next.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Position">Last verified position; 0 before the first.</param>
/// <param name="Hash">Hash of the last entry; before the first, of the enrolment record.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo of the key in force; before the first, the key that the enrolment names, or empty.</param>
/// <param name="IsRetired">Whether a retirement seal ended the chain.</param>
public sealed record ChainState(ChainId Chain, long Position, Sha256Hash Hash, ReadOnlyMemory<byte> PublicKey, bool IsRetired = false)
{
    /// <summary>A chain of which nothing was seen yet.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="enrolment">The grant that it must start on; where it names the device's key, the opening must be signed by that key.</param>
    public static ChainState Start(ChainId chain, EnrolmentGrant enrolment)
    {
        ArgumentNullException.ThrowIfNull(enrolment);
        return new(chain, 0, enrolment.Hash, enrolment.SigningKey);
    }

    /// <summary>A chain of which nothing was seen yet, and whose enrolment is known by its hash alone.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="enrolmentHash">Hash of the enrolment record that it must start on.</param>
    public static ChainState Start(ChainId chain, Sha256Hash enrolmentHash) =>
        new(chain, 0, enrolmentHash, ReadOnlyMemory<byte>.Empty);
}
