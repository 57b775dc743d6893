using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Gateway.Tests;

/// <summary>A key that holds its caller back, so that a test knows that a group is under way.</summary>
internal sealed class BlockingSigner : ISigner
{
    private readonly SoftwareSigner _key = SoftwareSigner.Create();
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Reached => _reached.Task;

    public Sha256Hash KeyId => _key.KeyId;

    public ReadOnlyMemory<byte> PublicKey => _key.PublicKey;

    public void Block() => _open.Reset();

    public void Release() => _open.Set();

    public EcdsaSignature Sign(in Sha256Hash hash)
    {
        if (!_open.IsSet)
        {
            _reached.TrySetResult();
            _open.Wait();
        }

        return _key.Sign(hash);
    }

    public void Dispose()
    {
        _key.Dispose();
        _open.Dispose();
    }
}
