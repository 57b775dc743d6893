using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Gateway.Keys;

/// <summary>Stands in for a key that is missing, and reads it as soon as it is back: until then nothing is recorded, and sending goes on.</summary>
/// <param name="where">Where the key should be, for people.</param>
/// <param name="read">Reads it; <see langword="null"/> if it is not there.</param>
/// <param name="publicKey">The chain's key in force.</param>
internal sealed class ReturningSigner(string where, Func<ISigner?> read, ReadOnlyMemory<byte> publicKey) : ISigner
{
    private readonly Lock _gate = new();
    private ISigner? _key;

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

    private ISigner Read()
    {
        ISigner key;
        try
        {
            key = read() ?? throw new SignerUnavailableException($"the signing key {where} is missing; put it back, or let a new chain succeed this one");
        }
        catch (InvoicingException fault) when (fault is not SignerUnavailableException)
        {
            throw new SignerUnavailableException(fault.Message, fault);
        }

        if (key.KeyId == KeyId)
        {
            return key;
        }

        Sha256Hash found = key.KeyId;
        key.Dispose();
        throw new SignerUnavailableException($"{where}: expected the chain's key {KeyId}, found {found}; put the right key back");
    }
}
