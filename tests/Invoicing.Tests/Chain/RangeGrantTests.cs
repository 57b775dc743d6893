using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Signing;
using Invoicing.Testing;

namespace Invoicing.Tests.Chain;

public sealed class RangeGrantTests : IDisposable
{
    private readonly TestChain _chain = new();
    private readonly SoftwareSigner _authority = SoftwareSigner.Create();
    private readonly VerifyingKey _key;
    private readonly Dictionary<Sha256Hash, VerifyingKey> _anchors;
    private readonly RangeGrant _grant;

    public RangeGrantTests()
    {
        _key = VerifyingKey.Import(_authority.PublicKey.Span);
        _anchors = new() { [_key.KeyId] = _key };
        _grant = new(_chain.Enrolment.Id, 3, new("A1B2C", 5_000, 5_999), new(InvoiceSeries.Parse("C27MAA"), 1, 500), 1_790_000_000_000);
    }

    public void Dispose()
    {
        _chain.Dispose();
        _authority.Dispose();
        _key.Dispose();
    }

    [Fact]
    public void What_was_signed_is_read_back_with_either_range_or_both()
    {
        foreach (RangeGrant granted in (RangeGrant[])[_grant, _grant with { Codes = null }, _grant with { Numbers = null }])
        {
            Assert.Null(RangeGrant.Verify(granted.Sign(_authority), _anchors, out RangeGrant? read));
            Assert.Equal(granted, read);
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_found()
    {
        SignedRangeGrant signed = _grant.Sign(_authority);
        byte[] body = signed.Body.ToArray();
        for (int i = 0; i < body.Length * 8; i++)
        {
            body[i / 8] ^= (byte)(1 << (i % 8));
            Assert.NotNull(RangeGrant.Verify(signed with { Body = body }, _anchors, out _));
            body[i / 8] ^= (byte)(1 << (i % 8));
        }
    }

    [Fact]
    public void A_key_that_the_enrolment_does_not_trust_grants_nothing()
    {
        using var other = SoftwareSigner.Create();
        Assert.Contains("signed by a key of the enrolment", RangeGrant.Verify(_grant.Sign(other), _anchors, out _), StringComparison.Ordinal);
    }

    [Fact]
    public void A_grant_of_nothing_is_none()
    {
        SignedRangeGrant nothing = (_grant with { Codes = null, Numbers = null }).Sign(_authority);
        Assert.Contains("a range and key", RangeGrant.Verify(nothing, _anchors, out _), StringComparison.Ordinal);
    }

    [Fact]
    public void The_entry_says_what_the_grant_says()
    {
        SignedRangeGrant signed = _grant.Sign(_authority);
        Assert.Null(RangeGrant.ReadContent(_grant.ToContent(signed).Bytes.Span, _anchors, out RangeGrant? noted));
        Assert.Equal(_grant, noted);

        EntryContent more = (_grant with { Codes = new("A1B2C", 5_000, 9_999) }).ToContent(signed);
        Assert.Contains("expected a range entry to state what its grant says", RangeGrant.ReadContent(more.Bytes.Span, _anchors, out _), StringComparison.Ordinal);
        Assert.Contains("found other bytes", RangeGrant.ReadContent([0xFF], _anchors, out _), StringComparison.Ordinal);
        Assert.Contains("a signature of 0 bytes", RangeGrant.ReadContent([], _anchors, out _), StringComparison.Ordinal);
    }

    [Fact]
    public void An_enrolment_names_the_devices_key_and_its_predecessor_and_only_that_key_opens_the_chain()
    {
        using var own = SoftwareSigner.Create();
        var before = new ChainLink(_chain.Id, 17, Sha256Hash.Of([9]));
        var grant = EnrolmentGrant.Create(
            "shop-2", _chain.Enrolment.Seller, InvoiceKind.Vat, default, _chain.Enrolment.Codes, _chain.Enrolment.Numbers, [_authority.PublicKey], 1,
            own.PublicKey, before);
        Assert.Equal(own.PublicKey.ToArray(), grant.SigningKey.ToArray());
        Assert.Equal(before, grant.Predecessor);
        Assert.Null(_chain.Enrolment.Predecessor);

        var id = ChainId.Create();
        var verifier = new ChainVerifier(new KeyRing());
        ChainHead head = ChainAppend.Start(id, grant.Hash);
        ChainHead again = head;
        SignedEntry opening = ChainAppend.NextSigned(ref head, EntryContents.Opening(own, "test", before), 1, own, anchor: null);
        SignedEntry other = ChainAppend.NextSigned(ref again, EntryContents.Opening(_authority, "test"), 1, _authority, anchor: null);
        Assert.Null(verifier.Verify(ChainState.Start(id, grant), TestChain.Received([opening]), SignatureDepth.Every).Fault);
        ChainFault? fault = verifier.Verify(ChainState.Start(id, grant), TestChain.Received([other]), SignatureDepth.Every).Fault;
        Assert.Equal(ChainFaultReason.Opening, fault!.Reason);
        Assert.Contains("expected an opening by the enrolled key", fault.Text, StringComparison.Ordinal);
    }
}
