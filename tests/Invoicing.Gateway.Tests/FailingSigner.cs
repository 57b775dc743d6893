using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Gateway.Tests;

/// <summary>A token that is pulled out, and put back when the test says so.</summary>
internal sealed class FailingSigner(int failAt = int.MaxValue) : ISigner
{
    private readonly SoftwareSigner _key = SoftwareSigner.Create();
    private int _calls;

    public bool IsOut { get; set; }

    public Sha256Hash KeyId => _key.KeyId;

    public ReadOnlyMemory<byte> PublicKey => _key.PublicKey;

    public EcdsaSignature Sign(in Sha256Hash hash) =>
        IsOut || Interlocked.Increment(ref _calls) == failAt
            ? throw new SignerUnavailableException("the token was pulled out; put it back")
            : _key.Sign(hash);

    public void Dispose() => _key.Dispose();
}
