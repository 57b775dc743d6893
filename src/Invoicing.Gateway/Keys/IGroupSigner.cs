using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Gateway.Keys;

/// <summary>A key for which the way there costs more than the signature: several hashes go at once.</summary>
internal interface IGroupSigner : ISigner
{
    /// <summary>Most hashes of one call.</summary>
    int MaxGroup { get; }

    /// <summary>Signs hashes.</summary>
    /// <returns>As many signatures, in their order.</returns>
    /// <exception cref="SignerUnavailableException">The key cannot be reached.</exception>
    EcdsaSignature[] Sign(IReadOnlyList<Sha256Hash> hashes);
}
