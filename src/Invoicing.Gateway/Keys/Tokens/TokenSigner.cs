using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Gateway.Keys.Tokens;

/// <summary>A P-256 key on a token.</summary>
internal sealed class TokenSigner : IGroupSigner
{
    private readonly HostedKey _key;

    public TokenSigner(HostedKey key)
    {
        if (key.IsRsa)
        {
            throw new InvoicingException("expected a P-256 key on the token, found an RSA key");
        }

        _key = key;
        KeyId = Sha256Hash.Of(key.PublicKey);
    }

    public Sha256Hash KeyId { get; }

    public ReadOnlyMemory<byte> PublicKey => _key.PublicKey;

    /// <summary>An eighth of the largest commit group: the sessions of a token share it, and the first of them are inserted while others are signed.</summary>
    public int MaxGroup => 32;

    public EcdsaSignature Sign(in Sha256Hash hash) => Read(_key.Sign(hash.ToArray())[0]);

    public EcdsaSignature[] Sign(IReadOnlyList<Sha256Hash> hashes) =>
        [.. _key.Sign([.. hashes.Select(hash => hash.ToArray())]).Select(Read)];

    public void Dispose() => _key.Dispose();

    private static EcdsaSignature Read(byte[] signature) => signature.Length == EcdsaSignature.Length
        ? new(signature)
        : throw new SignerUnavailableException($"expected a signature of {EcdsaSignature.Length} bytes of the token, found {signature.Length}");
}
