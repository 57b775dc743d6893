using Invoicing.Chain;
using Invoicing.Signing;
using Invoicing.Testing;

namespace Invoicing.Tests.Chain;

public sealed class ChainVerifierTests : IDisposable
{
    private readonly TestChain _chain = new();
    private readonly ChainVerifier _verifier = new(new KeyRing());

    public void Dispose() => _chain.Dispose();

    [Theory]
    [InlineData(SignatureDepth.LastOfRun)]
    [InlineData(SignatureDepth.Every)]
    public void A_good_run_is_taken_whole(SignatureDepth depth)
    {
        AddInvoices(10);
        _chain.ChangeKey();
        AddInvoices(5);

        VerifiedRun run = Verify(depth);

        Assert.Null(run.Fault);
        Assert.Equal(_chain.Entries.Count, run.Entries.Count);
        Assert.Equal(_chain.Head.Position, run.State.Position);
        Assert.Equal(_chain.Head.Hash, run.State.Hash);
        Assert.Equal(_chain.Signer.PublicKey.ToArray(), run.State.PublicKey.ToArray());
        Assert.Equal(_chain.Entries.Select(e => e.Hash), run.Entries.Select(e => e.Entry.Hash));
    }

    [Fact]
    public void Runs_cut_anywhere_lead_to_the_same_state()
    {
        AddInvoices(4);
        _chain.ChangeKey();
        AddInvoices(3);
        for (int cut = 1; cut < _chain.Entries.Count; cut++)
        {
            VerifiedRun first = _verifier.Verify(_chain.Start, TestChain.Received(_chain.Entries.Take(cut)), SignatureDepth.LastOfRun);
            VerifiedRun second = _verifier.Verify(first.State, TestChain.Received(_chain.Entries.Skip(cut)), SignatureDepth.LastOfRun);

            Assert.Null(second.Fault);
            Assert.Equal(_chain.Head.Hash, second.State.Hash);
        }
    }

    [Fact]
    public void Every_flipped_byte_of_a_body_is_found_at_its_entry_or_at_its_follower()
    {
        AddInvoices(3);
        SignedEntry victim = _chain.Entries[2];
        for (int at = 0; at < victim.Body.Length; at++)
        {
            byte[] body = victim.Body.ToArray();
            body[at] ^= 0x01;
            List<ReceivedEntry> entries = [.. TestChain.Received(_chain.Entries)];
            entries[2] = entries[2] with { Body = body };

            VerifiedRun run = _verifier.Verify(_chain.Start, entries, SignatureDepth.LastOfRun);

            Assert.NotNull(run.Fault);
            Assert.InRange(run.Fault.Position, 3, 4);
            Assert.True(run.Entries.Count <= 2, $"byte {at}: the changed entry was taken");
        }
    }

    [Fact]
    public void A_flipped_bit_in_the_last_signature_refuses_the_run()
    {
        AddInvoices(3);
        List<ReceivedEntry> entries = [.. TestChain.Received(_chain.Entries)];
        entries[^1] = entries[^1] with { Signature = Flip(entries[^1].Signature) };

        VerifiedRun run = _verifier.Verify(_chain.Start, entries, SignatureDepth.LastOfRun);

        Assert.Equal(ChainFaultReason.Signature, run.Fault!.Reason);
        Assert.Equal(4, run.Fault.Position);
        Assert.Single(run.Entries); // the opening was established by a signature of its own
    }

    [Fact]
    public void An_inner_signature_is_found_only_by_the_full_check()
    {
        AddInvoices(3);
        List<ReceivedEntry> entries = [.. TestChain.Received(_chain.Entries)];
        entries[2] = entries[2] with { Signature = Flip(entries[2].Signature) };

        Assert.Null(_verifier.Verify(_chain.Start, entries, SignatureDepth.LastOfRun).Fault);
        VerifiedRun every = _verifier.Verify(_chain.Start, entries, SignatureDepth.Every);
        Assert.Equal(ChainFaultReason.Signature, every.Fault!.Reason);
        Assert.Equal(3, every.Fault.Position);
        Assert.Equal(2, every.Entries.Count);
    }

    [Fact]
    public void A_key_change_with_a_bad_old_signature_is_refused_though_the_run_ends_well()
    {
        AddInvoices(2);
        SignedEntry change = _chain.ChangeKey();
        AddInvoices(2);
        List<ReceivedEntry> entries = [.. TestChain.Received(_chain.Entries)];
        int at = (int)change.Position - 1;
        entries[at] = entries[at] with { Signature = Flip(entries[at].Signature) };

        VerifiedRun run = _verifier.Verify(_chain.Start, entries, SignatureDepth.LastOfRun);

        Assert.Equal(ChainFaultReason.Signature, run.Fault!.Reason);
        Assert.Equal(change.Position, run.Fault.Position);
        Assert.True(run.State.Position < change.Position);
        Assert.DoesNotContain(run.Entries, e => e.Entry.Position >= change.Position);
    }

    [Fact]
    public void A_key_change_signed_by_the_new_key_alone_is_refused()
    {
        using var thief = SoftwareSigner.Create();
        AddInvoices(2);
        ChainHead head = _chain.Head;
        SignedEntry smuggled = ChainAppend.NextSigned(ref head, EntryContents.KeyChange(thief, head), 1, thief, null);

        VerifiedRun run = _verifier.Verify(_chain.Start, TestChain.Received([.. _chain.Entries, smuggled]), SignatureDepth.LastOfRun);

        Assert.Equal(ChainFaultReason.Key, run.Fault!.Reason);
        Assert.Equal(_chain.Head.Position, run.State.Position);
    }

    [Fact]
    public void A_key_change_without_proof_of_the_new_key_is_refused_and_what_came_before_is_kept()
    {
        using var other = SoftwareSigner.Create();
        AddInvoices(2);
        ChainHead elsewhere = _chain.Head with { Position = 77 };
        SignedEntry change = _chain.Add(EntryContents.KeyChange(other, elsewhere));

        VerifiedRun run = _verifier.Verify(_chain.Start, TestChain.Received(_chain.Entries), SignatureDepth.LastOfRun);

        Assert.Equal(ChainFaultReason.Key, run.Fault!.Reason);
        Assert.Equal(change.Position, run.Fault.Position);
        Assert.Equal(change.Position - 1, run.State.Position);
        Assert.Equal(change.Position - 1, run.Entries.Count);
        Assert.Equal(_chain.Entries[^2].Hash, run.State.Hash);
    }

    [Fact]
    public void What_came_before_a_faulty_entry_is_kept()
    {
        AddInvoices(5);
        List<ReceivedEntry> entries = [.. TestChain.Received(_chain.Entries)];
        entries.RemoveAt(4);

        VerifiedRun run = _verifier.Verify(_chain.Start, entries, SignatureDepth.LastOfRun);

        Assert.Equal(ChainFaultReason.Gap, run.Fault!.Reason);
        Assert.Equal(5, run.Fault.Position);
        Assert.Equal(4, run.Entries.Count);
        Assert.Equal(4, run.State.Position);
    }

    [Fact]
    public void Another_chain_another_history_and_a_repeat_are_told_apart()
    {
        using var other = new TestChain();
        AddInvoices(3);
        other.AddInvoice();

        ChainState atTwo = Verify(2).State;

        Assert.Equal(ChainFaultReason.Chain, Fault(atTwo, other.Entries[1]));
        Assert.Equal(ChainFaultReason.Gap, Fault(atTwo, _chain.Entries[1]));
        Assert.Equal(ChainFaultReason.Gap, Fault(atTwo, _chain.Entries[3]));
        Assert.Equal(ChainFaultReason.Link, Fault(atTwo with { Hash = default }, _chain.Entries[2]));
        Assert.Equal(ChainFaultReason.Opening, Fault(_chain.Start with { Position = 1, Hash = _chain.Enrolment.Hash }, Reopened()));
    }

    [Fact]
    public void A_chain_must_start_on_its_enrolment()
    {
        VerifiedRun run = _verifier.Verify(ChainState.Start(_chain.Id, default(Hashing.Sha256Hash)), TestChain.Received(_chain.Entries), SignatureDepth.LastOfRun);

        Assert.Equal(ChainFaultReason.Link, run.Fault!.Reason);
        Assert.Empty(run.Entries);
    }

    [Fact]
    public void Nothing_follows_a_retirement_but_a_shutdown_seal_is_followed()
    {
        _chain.Add(EntryContents.Seal(SealType.Shutdown, "evening"));
        AddInvoices(1);
        Assert.Null(Verify(SignatureDepth.LastOfRun).Fault);

        SignedEntry last = _chain.Add(EntryContents.Seal(SealType.Retirement, "scrapped"));
        AddInvoices(1);
        VerifiedRun run = Verify(SignatureDepth.LastOfRun);

        Assert.Equal(ChainFaultReason.Sealed, run.Fault!.Reason);
        Assert.Equal(last.Position, run.State.Position);
        Assert.True(run.State.IsRetired);
    }

    [Fact]
    public void A_body_of_a_newer_format_is_kept_unread()
    {
        byte[] body = [.. _chain.AddInvoice().Body.ToArray(), 0xFA, 0x07, 0x00];
        body[1] = 2;

        Assert.Null(EntryFields.Read(body, out EntryFields fields));
        Assert.False(fields.IsKnownFormat);
        Assert.Equal(2, fields.Position);
    }

    private static EcdsaSignature Flip(EcdsaSignature signature)
    {
        byte[] bytes = signature.ToArray();
        bytes[17] ^= 0x40;
        return new(bytes);
    }

    private SignedEntry Reopened()
    {
        ChainHead head = new(_chain.Id, 1, _chain.Enrolment.Hash, 0);
        return ChainAppend.NextSigned(ref head, EntryContents.Opening(_chain.Signer, "again"), 1, _chain.Signer, null);
    }

    private ChainFaultReason? Fault(ChainState state, SignedEntry entry) =>
        _verifier.Verify(state, TestChain.Received([entry]), SignatureDepth.LastOfRun).Fault?.Reason;

    private void AddInvoices(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _chain.AddInvoice();
        }
    }

    private VerifiedRun Verify(SignatureDepth depth) => _verifier.Verify(_chain.Start, TestChain.Received(_chain.Entries), depth);

    private VerifiedRun Verify(int count) =>
        _verifier.Verify(_chain.Start, TestChain.Received(_chain.Entries.Take(count)), SignatureDepth.LastOfRun);
}
