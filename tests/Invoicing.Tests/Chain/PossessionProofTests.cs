using System.Collections.Immutable;
using Invoicing.Chain;
using Invoicing.Signing;
using Invoicing.Testing;

namespace Invoicing.Tests.Chain;

public sealed class PossessionProofTests : IDisposable
{
    private static readonly byte[] Statement = [1, 2, 3];
    private readonly TestChain _chain = new();
    private readonly KeyRing _keys = new();
    private readonly SoftwareSigner _first = SoftwareSigner.Create();
    private readonly SoftwareSigner _second = SoftwareSigner.Create();
    private readonly SoftwareSigner _third = SoftwareSigner.Create();

    public void Dispose()
    {
        _chain.Dispose();
        _first.Dispose();
        _second.Dispose();
        _third.Dispose();
    }

    [Fact]
    public void The_key_in_force_proves_itself()
    {
        var proof = PossessionProof.Make(_first, PossessionPurpose.Hello, Statement);
        Assert.Null(Verify(proof, _first));
        Assert.Null(proof.Verify(_keys, PossessionPurpose.Hello, Statement, _chain.Id, []));
    }

    [Fact]
    public void Another_key_another_purpose_or_another_statement_does_not()
    {
        var proof = PossessionProof.Make(_first, PossessionPurpose.Hello, Statement);
        Assert.Contains("expected the key in force", Verify(proof, _second), StringComparison.Ordinal);
        Assert.Contains("expected a proof", proof.Verify(_keys, PossessionPurpose.Renew, Statement, _chain.Id, _first.PublicKey.Span), StringComparison.Ordinal);
        Assert.Contains("expected a proof", proof.Verify(_keys, PossessionPurpose.Hello, [1, 2], _chain.Id, _first.PublicKey.Span), StringComparison.Ordinal);
        Assert.Contains("expected a proof", Verify(proof with { PublicKey = _second.PublicKey }, _first), StringComparison.Ordinal);
        Assert.Contains("expected a P-256 public key", Verify(proof with { PublicKey = new byte[10] }, _first), StringComparison.Ordinal);
        Assert.Contains("expected a P-256 public key", Verify(proof with { PublicKey = new byte[129] }, _first), StringComparison.Ordinal);
    }

    [Fact]
    public void Key_changes_lead_from_the_key_that_the_authority_knows_to_the_newest()
    {
        ImmutableArray<ReceivedEntry> changes = [Change(_first, _second, 7), Change(_second, _third, 9)];
        var proof = PossessionProof.Make(_third, PossessionPurpose.Hello, Statement, changes);
        Assert.Null(Verify(proof, _first));
        Assert.Null(Verify(proof, _second)); // the first change is known already, and skipped
        Assert.Null(Verify(proof, _third));
        Assert.NotNull(Verify(proof with { KeyChanges = [changes[1]] }, _first));
        Assert.NotNull(Verify(proof with { KeyChanges = [changes[1], changes[0]] }, _first));
    }

    [Fact]
    public void A_key_change_of_another_chain_or_with_another_signature_leads_nowhere()
    {
        using TestChain other = new();
        var foreign = PossessionProof.Make(_second, PossessionPurpose.Hello, Statement, [Change(_first, _second, 7, other.Id)]);
        Assert.NotNull(Verify(foreign, _first));
        ReceivedEntry forged = new(Change(_first, _second, 7).Body, Change(_third, _second, 7).Signature);
        Assert.NotNull(Verify(PossessionProof.Make(_second, PossessionPurpose.Hello, Statement, [forged]), _first));
        var invoice = new ReceivedEntry(_chain.Entries[0].Body, _chain.Entries[0].Signature);
        Assert.NotNull(Verify(PossessionProof.Make(_second, PossessionPurpose.Hello, Statement, [invoice, new(new byte[5], default)]), _first));
    }

    [Fact]
    public void More_key_changes_than_the_limit_are_refused()
    {
        ReceivedEntry change = Change(_first, _second, 7);
        var proof = PossessionProof.Make(_second, PossessionPurpose.Hello, Statement, [.. Enumerable.Repeat(change, PossessionProof.MaxKeyChanges + 1)]);
        Assert.Contains("at most 16 key changes", Verify(proof, _first), StringComparison.Ordinal);
    }

    private string? Verify(PossessionProof proof, SoftwareSigner inForce) =>
        proof.Verify(_keys, PossessionPurpose.Hello, Statement, _chain.Id, inForce.PublicKey.Span);

    private ReceivedEntry Change(SoftwareSigner from, SoftwareSigner to, long position, ChainId? chain = null)
    {
        ChainHead head = new(chain ?? _chain.Id, position - 1, _chain.Head.Hash, 0);
        SignedEntry entry = ChainAppend.NextSigned(ref head, EntryContents.KeyChange(to, head), 1, from, anchor: null);
        return new(entry.Body, entry.Signature);
    }
}
