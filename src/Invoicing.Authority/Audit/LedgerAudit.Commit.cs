using Invoicing.Authority.Ledger;
using Invoicing.Chain;

namespace Invoicing.Authority.Audit;

/// <summary>One commit: its rows, its runs, its root.</summary>
internal sealed partial class LedgerAudit
{
    private void CheckCommit(long before, LedgerCommit commit)
    {
        List<AuditRow> rows = ReadRows(before, commit);
        var runs = new Dictionary<ChainId, List<AuditRow>>();
        var order = new List<ChainId>();
        foreach (AuditRow row in rows)
        {
            if (!runs.TryGetValue(row.Entry.Chain, out List<AuditRow>? run))
            {
                runs.Add(row.Entry.Chain, run = []);
                order.Add(row.Entry.Chain);
            }

            run.Add(row);
        }

        List<(List<AuditRow> Rows, AuditedChain Chain)> known =
            [.. order.Where(_chains.ContainsKey).Select(c => (runs[c], _chains[c]))];
        var verified = new VerifiedRun[known.Count];
        Parallel.For(0, known.Count, i => verified[i] = _verifier.Verify(
            known[i].Chain.State, [.. known[i].Rows.Select(r => new ReceivedEntry(r.Entry.Body, r.Entry.Signature))], _depth));
        for (int i = 0; i < verified.Length; i++)
        {
            CheckRun(known[i].Rows, known[i].Chain, verified[i]);
        }

        _report.Entries += rows.Count;
        CheckRoot(commit, known);
    }

    private List<AuditRow> ReadRows(long before, LedgerCommit commit)
    {
        var rows = new List<AuditRow>();
        long next = before + 1;
        while (next <= commit.LastIndex)
        {
            IReadOnlyList<AuditRow> page = _reader.ReadRows(next, (int)Math.Min(PageRows, commit.LastIndex - next + 1));
            if (page.Count == 0)
            {
                _report.Add($"index {next}: expected an entry of the commit that ends at {commit.LastIndex}, found none");
                return rows;
            }

            foreach (AuditRow row in page)
            {
                if (row.Entry.Index != next || row.Entry.LedgerTime != commit.LedgerTime)
                {
                    _report.Add(
                        $"index {next}: expected this index and time {commit.LedgerTime}, found index {row.Entry.Index} and time {row.Entry.LedgerTime}");
                }

                next = row.Entry.Index + 1;
                rows.Add(row);
            }
        }

        return rows;
    }

    private void CheckRun(List<AuditRow> rows, AuditedChain chain, VerifiedRun run)
    {
        if (run.Fault is { } fault)
        {
            AuditRow faulty = rows[Math.Min(run.Entries.Count, rows.Count - 1)];
            _report.Add($"index {faulty.Entry.Index}, chain {chain.Stored.Chain}: {fault}");
        }

        for (int i = 0; i < run.Entries.Count; i++)
        {
            (AuditRow row, VerifiedEntry verified) = (rows[i], run.Entries[i]);
            string where = $"index {row.Entry.Index}, chain {chain.Stored.Chain}, position {verified.Fields.Position}";
            if (row.Entry.Hash != verified.Entry.Hash)
            {
                _report.Add($"{where}: expected hash {verified.Entry.Hash}, found {row.Entry.Hash}");
            }

            if (row.Entry.Position != verified.Fields.Position || row.Kind != (int)verified.Fields.Kind)
            {
                _report.Add(
                    $"{where}: expected position {verified.Fields.Position} and kind {(int)verified.Fields.Kind} as in the body, found {row.Entry.Position} and {row.Kind}");
            }

            CheckClaims(where, row, verified, chain, HasRejection(where, chain, verified));
        }

        chain.State = run.State;
        chain.LastIndex = rows[^1].Entry.Index;
    }

    private void CheckRoot(LedgerCommit commit, List<(List<AuditRow> Rows, AuditedChain Chain)> runs)
    {
        string where = $"commit at index {commit.LastIndex}";
        if (commit.Leaves.Count != runs.Count)
        {
            _report.Add($"{where}: expected {runs.Count} leaves, one per chain, found {commit.Leaves.Count}");
            return;
        }

        for (int i = 0; i < runs.Count; i++)
        {
            ChainState state = runs[i].Chain.State;
            if (!commit.Leaves[i].Span.SequenceEqual(WatermarkSigner.ToBytes(new(state.Chain, state.Position, state.Hash, 0))))
            {
                _report.Add($"{where}: expected leaf {i} to say chain {state.Chain}, position {state.Position}, hash {state.Hash}, found another");
            }
        }

        // The path of leaf 0 is made of all other leaves: if it verifies, they are those that were signed.
        SignedWatermark first = WatermarkSigner.Restore(commit.Root, commit.Signature, commit.Leaves, 0);
        if (_watermarks.Verify(first, out Watermark? watermark) is { } fault)
        {
            _report.Add($"{where}: {fault}");
        }
        else if (watermark!.Anchor.LedgerTime != commit.LedgerTime)
        {
            _report.Add($"{where}: expected time {commit.LedgerTime} in the signed root, found {watermark.Anchor.LedgerTime}");
        }
    }
}
