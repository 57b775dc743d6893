using System.Globalization;
using Invoicing.Chain;
using Invoicing.Signing;

namespace Invoicing.Authority.Ledger;

/// <summary>One transaction as it is put together: entries, verdicts, one leaf per chain, and what each caller will be told.</summary>
internal sealed class GroupCommit(ILedger ledger, ISigner signer, long ledgerTime)
{
    private readonly Dictionary<ChainId, int> _leafOf = [];
    private readonly List<(Action<AppendOutcome> Answer, AppendOutcome? Outcome, ChainId Chain, IReadOnlyList<StoredVerdict> Verdicts)> _answers = [];
    private IReadOnlyList<SignedWatermark> _watermarks = [];

    /// <summary>What the commit says of each chain, in the order of their first entries.</summary>
    public List<WatermarkLeafValue> Leaves { get; } = [];

    /// <summary>All entries, in the order of their indexes.</summary>
    public List<LedgerEntry> Entries { get; } = [];

    public void Append(LedgerRequest.Append append)
    {
        PreparedRun run = append.Run;
        ChainId chain = run.Before.Chain;
        ChainStanding? standing = ledger.Find(chain);
        if (standing is null && ledger.ChainOn(run.Enrolment.Hash) is { } user)
        {
            _answers.Add((append.Answer, new AppendOutcome.EnrolmentUsed(user), chain, []));
            return;
        }

        (long position, Hashing.Sha256Hash hash) = standing is null ? (0, run.Enrolment.Hash) : (standing.State.Position, standing.State.Hash);
        if (position != run.Before.Position || hash != run.Before.Hash)
        {
            _answers.Add((append.Answer, new AppendOutcome.Stale(), chain, []));
            return;
        }

        if (standing is null)
        {
            ledger.AddChain(chain, run.Enrolment);
        }

        string seller = run.Enrolment.Seller.TaxCode.ToString();
        var verdicts = new List<StoredVerdict>();
        foreach (PreparedEntry entry in run.Entries)
        {
            (long index, Clashes clashes) = ledger.Append(chain, entry);
            SignedEntry signed = entry.Entry;
            Entries.Add(new(index, ledgerTime, chain, signed.Position, seller, run.Enrolment.Device, signed.Body, signed.Signature, signed.Hash));
            if ((entry.Fault ?? FaultOf(clashes, entry.Claims)) is { } fault)
            {
                verdicts.Add(Judge(chain, signed, fault));
            }
        }

        // A chain's first run, too: its key may be known from the enrolment, and is in force only now.
        if (run.Before.Position == 0 || !run.Before.PublicKey.Span.SequenceEqual(run.After.PublicKey.Span) || run.After.IsRetired)
        {
            ledger.SetState(run.After);
        }

        AddLeaf(new(chain, run.After.Position, run.After.Hash, SafePosition: 0));
        _answers.Add((append.Answer, null, chain, verdicts));
    }

    /// <summary>Signs and commits.</summary>
    public void Finish()
    {
        _watermarks = WatermarkSigner.Sign(
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(Leaves), ledgerTime, ledger.Head.LastIndex, signer);
        ledger.Commit(_watermarks);
    }

    /// <summary>Tells every caller.</summary>
    public void Answer()
    {
        foreach ((Action<AppendOutcome> answer, AppendOutcome? outcome, ChainId chain, IReadOnlyList<StoredVerdict> verdicts) in _answers)
        {
            if (outcome is not null)
            {
                answer(outcome);
                continue;
            }

            int leaf = _leafOf[chain];
            answer(new AppendOutcome.Stored(_watermarks[leaf], Leaves[leaf].Position, verdicts));
        }
    }

    private static EntryFault? FaultOf(Clashes clashes, in Claims claims)
    {
        if (clashes == Clashes.None)
        {
            return null;
        }

        var found = new List<string>(3);
        if (clashes.HasFlag(Clashes.Record) && claims.Record is { } r)
        {
            found.Add(string.Create(CultureInfo.InvariantCulture, $"record {r.Sequence} of register {r.Register}, epoch {r.Epoch:x16}"));
        }

        if (clashes.HasFlag(Clashes.Code) && claims.Code is { } c)
        {
            found.Add(string.Create(CultureInfo.InvariantCulture, $"digits {c.Digits:00000000000} of code block {c.Range.Block}"));
        }

        if (clashes.HasFlag(Clashes.Number) && claims.Number is { } n)
        {
            found.Add(string.Create(CultureInfo.InvariantCulture, $"number {n.Number} of series {n.Range.Series}"));
        }

        if (clashes.HasFlag(Clashes.Hole) && claims.Resolves is { } hole)
        {
            found.Add($"the closing of hole {hole}");
        }

        if (clashes.HasFlag(Clashes.Corrected) && claims.Corrects is { } corrects)
        {
            found.Add($"the correction of {corrects.Code} (an invoice is replaced once, and corrected in one way only)");
        }

        string rule = clashes.HasFlag(Clashes.Record) ? "AUTH-RECORD-USED"
            : clashes.HasFlag(Clashes.Code) ? "AUTH-CODE-USED"
            : clashes.HasFlag(Clashes.Number) ? "AUTH-NUMBER-USED"
            : clashes.HasFlag(Clashes.Hole) ? "AUTH-HOLE-CLOSED"
            : "AUTH-CORRECTED-BEFORE";
        return new(VerdictOutcomeKind.Rejected, rule,
            $"expected values that no earlier entry holds, found {string.Join(" and ", found)} in use: find the earlier entry and correct the later one");
    }

    private void AddLeaf(WatermarkLeafValue leaf)
    {
        if (_leafOf.TryGetValue(leaf.Chain, out int at))
        {
            Leaves[at] = leaf;
        }
        else
        {
            _leafOf.Add(leaf.Chain, Leaves.Count);
            Leaves.Add(leaf);
        }
    }

    private StoredVerdict Judge(ChainId chain, SignedEntry entry, EntryFault fault)
    {
        long number = ledger.Find(chain)!.VerdictNumber + 1;
        var verdict = new Verdict(chain, number, entry.Position, entry.Hash, fault.Outcome, fault.Rule, fault.Text, Supersedes: null, ledgerTime);
        var stored = new StoredVerdict(number, entry.Position, verdict.Sign(signer));
        ledger.AddVerdict(chain, stored);
        return stored;
    }
}
