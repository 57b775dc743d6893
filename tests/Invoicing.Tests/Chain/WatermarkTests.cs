using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Tests.Chain;

public sealed class WatermarkTests : IDisposable
{
    private readonly SoftwareSigner _signer = SoftwareSigner.Create();
    private readonly VerifyingKey _key;
    private readonly WatermarkVerifier _verifier;

    public WatermarkTests()
    {
        _key = VerifyingKey.Import(_signer.PublicKey.Span);
        _verifier = new([_key]);
    }

    public void Dispose()
    {
        _key.Dispose();
        _signer.Dispose();
    }

    [Fact]
    public void Every_leaf_of_every_small_commit_verifies_and_says_what_was_signed()
    {
        for (int count = 1; count <= 40; count++)
        {
            WatermarkLeafValue[] leaves = Leaves(count);
            IReadOnlyList<SignedWatermark> signed = WatermarkSigner.Sign(leaves, 1234, 99, _signer);
            for (int i = 0; i < count; i++)
            {
                Assert.Null(_verifier.Verify(signed[i], out Watermark? watermark));
                Assert.Equal(leaves[i], new(watermark!.Chain, watermark.Position, watermark.Hash, watermark.SafePosition));
                Assert.Equal(1234, watermark.Anchor.LedgerTime);
                Assert.Equal(signed[0].Root.ToArray(), signed[i].Root.ToArray());
            }
        }
    }

    [Fact]
    public void Every_flipped_byte_of_a_watermark_is_refused()
    {
        SignedWatermark good = WatermarkSigner.Sign(Leaves(5), 1234, 99, _signer)[3];
        Assert.Null(_verifier.Verify(good, out _));
        Func<SignedWatermark, byte[], SignedWatermark>[] puts =
        [
            (w, b) => w with { Root = b },
            (w, b) => w with { Leaf = b },
            (w, b) => w with { Path = b },
            (w, b) => w with { Signature = new(b) },
        ];
        byte[][] parts = [good.Root.ToArray(), good.Leaf.ToArray(), good.Path.ToArray(), good.Signature.ToArray()];
        for (int part = 0; part < parts.Length; part++)
        {
            for (int at = 0; at < parts[part].Length; at++)
            {
                byte[] bytes = [.. parts[part]];
                bytes[at] ^= 0x01;

                Assert.NotNull(_verifier.Verify(puts[part](good, bytes), out Watermark? watermark));
                Assert.Null(watermark);
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    [InlineData(5)]
    [InlineData(int.MaxValue)]
    public void A_leaf_under_another_number_is_refused(int number)
    {
        SignedWatermark good = WatermarkSigner.Sign(Leaves(5), 1234, 99, _signer)[3];

        Assert.NotNull(_verifier.Verify(good with { LeafNumber = number }, out _));
    }

    [Fact]
    public void Another_authoritys_watermark_is_refused()
    {
        using var other = SoftwareSigner.Create();

        string? fault = _verifier.Verify(WatermarkSigner.Sign(Leaves(1), 1, 1, other)[0], out _);

        Assert.Contains(other.KeyId.ToString(), fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_verdict_comes_back_as_signed_and_every_flipped_byte_is_refused()
    {
        var verdict = new Verdict(ChainId.Create(), 1, 7, Sha256Hash.Of("e"u8), VerdictOutcomeKind.Rejected, "VN-1", "expected, found", null, 55);
        SignedVerdict signed = verdict.Sign(_signer);
        var anchors = new Dictionary<Sha256Hash, VerifyingKey> { [_key.KeyId] = _key };

        Assert.Null(Verdict.Verify(signed, anchors, out Verdict? read));
        Assert.Equal(verdict, read);
        for (int at = 0; at < signed.Body.Length; at++)
        {
            byte[] body = signed.Body.ToArray();
            body[at] ^= 0x01;
            Assert.NotNull(Verdict.Verify(signed with { Body = body }, anchors, out _));
        }
    }

    private static WatermarkLeafValue[] Leaves(int count) =>
        [.. Enumerable.Range(1, count).Select(i => new WatermarkLeafValue(ChainId.Create(), i, Sha256Hash.Of([(byte)i]), i - 1))];
}
