using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Gateway.Keys;

/// <summary>Stands in for a key file that is missing, and reads it as soon as it is back: until then nothing is recorded, and sending goes on.</summary>
/// <param name="path">Where the key should be.</param>
/// <param name="publicKey">The chain's key in force.</param>
internal sealed class ReturningSigner(string path, ReadOnlyMemory<byte> publicKey) : ISigner
{
    private readonly Lock _gate = new();
    private SoftwareSigner? _key;

    public Sha256Hash KeyId { get; } = Sha256Hash.Of(publicKey.Span);

    public ReadOnlyMemory<byte> PublicKey => publicKey;

    public EcdsaSignature Sign(in Sha256Hash hash)
    {
        lock (_gate)
        {
            _key ??= Read();
        }

        return _key.Sign(hash);
    }

    public void Dispose() => _key?.Dispose();

    private SoftwareSigner Read()
    {
        SoftwareSigner key = SigningKeyFile.Read(path)
            ?? throw new SignerUnavailableException($"the signing key {path} is missing; put it back, or let a new chain succeed this one");
        if (key.KeyId == KeyId)
        {
            return key;
        }

        key.Dispose();
        throw new SignerUnavailableException($"{path}: expected the chain's key {KeyId}, found {key.KeyId}; put the right file back");
    }
}
