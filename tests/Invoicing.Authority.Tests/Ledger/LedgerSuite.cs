using Invoicing.Authority.Intake;
using Invoicing.Authority.Ledger;
using Invoicing.Authority.Tests.Hosting;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Signing;

namespace Invoicing.Authority.Tests.Ledger;

/// <summary>What every ledger backend has to do; a backend's tests derive from it and open their own.</summary>
public abstract class LedgerSuite : IDisposable
{
    private readonly SoftwareSigner _signer = SoftwareSigner.Create();
    private readonly List<IDisposable> _owned = [];
    private long _time = 1_782_900_000_000;
    private int _codesGranted;

    internal abstract ILedger Open(int segmentSize = 100_000);

    [Fact]
    public void A_committed_run_is_there_after_a_restart_with_its_head_key_and_watermark()
    {
        SampleChain chain = Chain().With(invoices: 3);
        SignedWatermark signed;
        using (ILedger ledger = Open())
        {
            signed = Commit(ledger, chain.Entries, chain)[0];
        }

        using ILedger again = Open();
        ChainStanding standing = again.Find(chain.Id)!;
        Assert.Equal(4, standing.State.Position);
        Assert.Equal(chain.Head.Hash, standing.State.Hash);
        Assert.True(standing.State.PublicKey.Span.SequenceEqual(chain.Signer.PublicKey.Span));
        Assert.Equal(chain.Id, again.ChainOn(chain.Grant.Hash));
        Assert.Equal(4, again.Head.LastIndex);
        SignedWatermark kept = again.Watermark(chain.Id)!;
        Assert.True(kept.Root.Span.SequenceEqual(signed.Root.Span));
        Assert.Equal(signed.Signature, kept.Signature);
        Assert.True(kept.Path.Span.SequenceEqual(signed.Path.Span));
        Assert.Null(new WatermarkVerifier([VerifyingKey.Import(_signer.PublicKey.Span)]).Verify(kept, out Watermark? said));
        Assert.Equal((4, chain.Head.Hash), (said!.Position, said.Hash));
    }

    [Fact]
    public void A_watermark_of_one_chain_among_many_can_be_given_again()
    {
        using ILedger ledger = Open();
        List<SampleChain> chains = [.. Enumerable.Range(0, 7).Select(i => Chain($"SIM-{i}").With(invoices: i))];
        CommitAll(ledger, chains);

        var verifier = new WatermarkVerifier([VerifyingKey.Import(_signer.PublicKey.Span)]);
        foreach (SampleChain chain in chains)
        {
            Assert.Null(verifier.Verify(ledger.Watermark(chain.Id)!, out Watermark? said));
            Assert.Equal((chain.Id, chain.Head.Position), (said!.Chain, said.Position));
        }
    }

    [Fact]
    public void Nothing_of_a_transaction_that_was_taken_back_remains()
    {
        using ILedger ledger = Open();
        SampleChain chain = Chain().With(invoices: 2);
        ledger.Begin(++_time);
        Append(ledger, chain, chain.Entries);
        ledger.Rollback();

        Assert.Null(ledger.Find(chain.Id));
        Assert.Equal(0, ledger.Head.LastIndex);
        Commit(ledger, chain.Entries, chain);
        Assert.Equal(3, ledger.Find(chain.Id)!.State.Position);
    }

    [Fact]
    public void A_code_is_granted_once_whoever_comes_second()
    {
        using ILedger ledger = Open();
        SampleChain first = Chain().With(invoices: 2);
        Assert.All(Claims(ledger, first, first.Entries), c => Assert.Equal(Clashes.None, c));

        SignedEntry again = first.Sell(i => i with { Code = new(InvoiceKind.Vat, 26, first.Grant.Codes[0].Block, first.Grant.Codes[0].First) });
        Assert.Equal([Clashes.Code], Claims(ledger, first, [again]));
    }

    [Fact]
    public void A_number_and_a_record_are_granted_once_over_all_chains_of_a_seller()
    {
        using ILedger ledger = Open();
        SampleChain first = Chain().With(invoices: 3);
        Claims(ledger, first, first.Entries);
        SampleChain second = Chain();
        second.Open();
        second.NextSequence = 2;
        second.NextNumber = first.Grant.Numbers[0].First + 2;
        SignedEntry entry = second.Sell(i => i with { IsRecovered = true });

        Assert.Equal(
            [Clashes.None, Clashes.Record | Clashes.Number],
            Claims(ledger, second, second.Entries, grants: [first.Grant, second.Grant]));
        Assert.Equal(2, entry.Position);
    }

    [Fact]
    public void The_same_register_serial_at_another_seller_is_another_register()
    {
        using ILedger ledger = Open();
        SampleChain first = Chain().With(invoices: 2);
        SampleChain other = Chain(taxCode: "0200000012").With(invoices: 2);
        Claims(ledger, first, first.Entries);

        Assert.All(Claims(ledger, other, other.Entries), c => Assert.Equal(Clashes.None, c));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Values_in_any_order_are_granted_once_each(int seed)
    {
        // Leased codes and recovered records come late: heads and gaps must say of each value whether it is free, whatever the order.
        using ILedger ledger = Open();
        SampleChain chain = Chain();
        chain.Open();
        Claims(ledger, chain, chain.Entries);
#pragma warning disable CA5394 // A seeded order of test values, no secret.
        var random = new Random(seed);
        var used = new HashSet<long>();
        for (int i = 0; i < 400; i++)
        {
            long offset = random.Next(60);
#pragma warning restore CA5394
            chain.NextSequence = (ulong)offset + 1;
            chain.NextDigits = chain.Grant.Codes[0].First + offset;
            chain.NextNumber = chain.Grant.Numbers[0].First + (int)offset;
            Clashes expected = used.Add(offset) ? Clashes.None : Clashes.Record | Clashes.Code | Clashes.Number;
            Clashes found = Claims(ledger, chain, [chain.Sell()])[0];
            Assert.True(expected == found, $"seed {seed}, step {i}, value {offset}: expected {expected}, found {found}");
        }
    }

    [Fact]
    public void The_history_of_a_register_is_its_highest_sequence_and_that_records_hash()
    {
        using ILedger ledger = Open();
        SampleChain chain = Chain();
        chain.Open();
        chain.NextSequence = 41;
        chain.Sell();
        chain.Sell();
        chain.NextSequence = 7; // late
        chain.Sell();
        Claims(ledger, chain, chain.Entries);

        using ILedgerReader reader = ledger.OpenReader();
        string seller = chain.Grant.Seller.TaxCode.ToString();
        RegisterHistory history = reader.ReadRegister(seller, chain.Register.Value, chain.Epoch);
        Assert.Equal(new(IsKnown: true, IsEpochKnown: true, 42, Sha256Hash.Of(BitConverter.GetBytes(42UL))), history);
        Assert.Equal(new(IsKnown: true, IsEpochKnown: false, 0, null), reader.ReadRegister(seller, chain.Register.Value, chain.Epoch + 1));
        Assert.Equal(default, reader.ReadRegister(seller, "SIM-OTHER", chain.Epoch));
        Assert.Equal(default, reader.ReadRegister("0200000012", chain.Register.Value, chain.Epoch));
    }

    [Fact]
    public void Entries_run_on_over_segments_and_are_read_back_byte_for_byte()
    {
        using ILedger ledger = Open(segmentSize: 10);
        SampleChain chain = Chain().With(invoices: 34);
        foreach (SignedEntry[] part in chain.Entries.Chunk(7))
        {
            Commit(ledger, part, chain);
            while (ledger.Maintain(isIdle: true))
            {
            }
        }

        using ILedgerReader reader = ledger.OpenReader();
        IReadOnlyList<LedgerEntry> read = reader.ReadEntries(1, 100, int.MaxValue);
        Assert.Equal(Enumerable.Range(1, 35).Select(i => (long)i), read.Select(e => e.Index));
        Assert.All(read.Zip(chain.Entries), pair =>
        {
            Assert.True(pair.First.Body.Span.SequenceEqual(pair.Second.Body.Span));
            Assert.Equal(pair.Second.Signature, pair.First.Signature);
            Assert.Equal(pair.Second.Hash, pair.First.Hash);
            Assert.Equal((chain.Id, pair.Second.Position, "shop-1"), (pair.First.Chain, pair.First.Position, pair.First.Device));
        });
        Assert.Equal([28L, 29, 30, 31], reader.ReadEntries(28, 4, int.MaxValue).Select(e => e.Index));
        Assert.Single(reader.ReadEntries(1, 100, maxBytes: 1));
        Assert.Empty(reader.ReadEntries(36, 10, int.MaxValue));
    }

    [Fact]
    public void Verdicts_are_kept_by_number_and_read_from_a_cursor()
    {
        using ILedger ledger = Open();
        SampleChain chain = Chain().With(invoices: 3);
        Commit(ledger, chain.Entries, chain);
        ledger.Begin(++_time);
        chain.Sell();
        Append(ledger, chain, chain.Entries[^1..]);
        foreach (long number in (long[])[1, 2])
        {
            var verdict = new Verdict(
                chain.Id, number, number + 1, chain.Entries[(int)number].Hash, VerdictOutcomeKind.Rejected, "TEST", "text", null, _time);
            ledger.AddVerdict(chain.Id, new(number, number + 1, verdict.Sign(_signer)));
        }

        ledger.Commit(Sign(ledger, [chain]));
        using ILedgerReader reader = ledger.OpenReader();
        Assert.Equal([1L, 2], reader.ReadVerdicts(chain.Id, 0, 10).Select(v => v.Number));
        Assert.Equal([2L], reader.ReadVerdicts(chain.Id, 1, 10).Select(v => v.Number));
        Assert.Equal(2, ledger.Find(chain.Id)!.VerdictNumber);
    }

    [Fact]
    public void The_ledgers_time_never_falls()
    {
        using ILedger ledger = Open();
        SampleChain chain = Chain().With(invoices: 1);
        Commit(ledger, chain.Entries, chain);

        Assert.Throws<ArgumentOutOfRangeException>(() => ledger.Begin(ledger.Head.LedgerTime - 1));
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        _owned.ForEach(o => o.Dispose());
        _signer.Dispose();
    }

    private protected SampleChain Chain(string register = "SIM-0001", string taxCode = "0107001729")
    {
        int first = _codesGranted;
        _codesGranted += 1_000;
        var grant = EnrolmentGrant.Create(
            "shop-1", new(TaxCode.Parse(taxCode), "Một Ly", "Hà Nội"), InvoiceKind.Vat, Sha256Hash.Of(BitConverter.GetBytes(first)),
            [new("A1B2C", first, first + 999)], [new(InvoiceSeries.Parse("C26MAA"), first + 1, first + 1_000)], [_signer.PublicKey], 1);
        var chain = new SampleChain(grant, register);
        _owned.Add(chain);
        return chain;
    }

    private protected IReadOnlyList<SignedWatermark> Commit(ILedger ledger, IReadOnlyList<SignedEntry> entries, SampleChain chain)
    {
        ledger.Begin(++_time);
        Append(ledger, chain, entries);
        IReadOnlyList<SignedWatermark> signed = Sign(ledger, [chain]);
        ledger.Commit(signed);
        return signed;
    }

    private protected static List<Clashes> Append(
        ILedger ledger, SampleChain chain, IReadOnlyList<SignedEntry> entries, IReadOnlyList<EnrolmentGrant>? grants = null)
    {
        if (ledger.Find(chain.Id) is null)
        {
            ledger.AddChain(chain.Id, chain.Grant);
        }

        var judge = new EntryJudge(chain.Grant, () => grants ?? [chain.Grant], _ => []);
        var clashes = new List<Clashes>();
        foreach (SignedEntry entry in entries)
        {
            Assert.Null(EntryFields.Read(entry.Body.Span, out EntryFields fields));
            clashes.Add(ledger.Append(chain.Id, judge.Judge(new(entry, fields), [])).Clashes);
        }

        ledger.SetState(new(chain.Id, entries[^1].Position, entries[^1].Hash, chain.Signer.PublicKey));
        return clashes;
    }

    private protected IReadOnlyList<SignedWatermark> Sign(ILedger ledger, IReadOnlyList<SampleChain> chains)
    {
        WatermarkLeafValue[] leaves = [.. chains.Select(c =>
        {
            ChainState state = ledger.Find(c.Id)!.State;
            return new WatermarkLeafValue(c.Id, state.Position, state.Hash, 0);
        })];
        return WatermarkSigner.Sign(leaves, _time, ledger.Head.LastIndex, _signer);
    }

    private void CommitAll(ILedger ledger, List<SampleChain> chains)
    {
        ledger.Begin(++_time);
        foreach (SampleChain chain in chains)
        {
            Append(ledger, chain, chain.Entries);
        }

        ledger.Commit(Sign(ledger, chains));
    }

    private List<Clashes> Claims(
        ILedger ledger, SampleChain chain, IReadOnlyList<SignedEntry> entries, IReadOnlyList<EnrolmentGrant>? grants = null)
    {
        ledger.Begin(++_time);
        List<Clashes> clashes = Append(ledger, chain, entries, grants);
        ledger.Commit(Sign(ledger, [chain]));
        return clashes;
    }
}
