using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Gateway.Tests;

/// <summary>A token that is pulled out, and put back when the test says so.</summary>
internal sealed class FailingSigner(int failAt = int.MaxValue, int failEvery = int.MaxValue) : ISigner
{
    private readonly SoftwareSigner _key = SoftwareSigner.Create();
    private int _calls;

    public bool IsOut { get; set; }

    public Sha256Hash KeyId => _key.KeyId;

    public ReadOnlyMemory<byte> PublicKey => _key.PublicKey;

    public EcdsaSignature Sign(in Sha256Hash hash) =>
        IsOut || Fails(Interlocked.Increment(ref _calls))
            ? throw new SignerUnavailableException("the token was pulled out; put it back")
            : _key.Sign(hash);

    private bool Fails(int call) => call == failAt || call % failEvery == 0;

    public void Dispose() => _key.Dispose();
}
