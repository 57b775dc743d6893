using Invoicing.Chain;
using Invoicing.Gateway.Recording;
using Invoicing.Signing;

namespace Invoicing.Gateway.Tests.Recording;

public sealed class GroupSigningTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void Every_entry_gets_a_signature_of_its_own(int helpers)
    {
        using var signer = SoftwareSigner.Create();
        using var key = VerifyingKey.Import(signer.PublicKey.Span);
        PendingEntry[] entries = [.. Enumerable.Range(0, 100).Select(Pending)];

        using var signing = new GroupSigning(helpers);
        SigningRound round = signing.Start(signer, entries);
        for (int i = 0; i < entries.Length; i++)
        {
            Assert.Equal(i + 1, round.Await(i).Position);
        }

        Assert.All(entries, entry => Assert.True(key.Verify(entry.Unsigned.Hash, entry.Signed!.Signature)));
    }

    [Fact]
    public void A_key_that_fails_on_another_thread_is_told_on_the_callers()
    {
        using var signer = new FailingSigner(failAt: 50);
        PendingEntry[] entries = [.. Enumerable.Range(0, 100).Select(Pending)];

        using var signing = new GroupSigning(3);
        SigningRound round = signing.Start(signer, entries);

        Assert.Throws<SignerUnavailableException>(() => Enumerable.Range(0, 100).Select(round.Await).ToArray());
    }

    private static PendingEntry Pending(int i)
    {
        byte[] body = [(byte)i];
        return new(new UnsignedEntry(i + 1, EntryKind.DeviceEvent, body, SignedEntry.HashOf(body)), []);
    }
}
