using Invoicing.Sqlite;

namespace Invoicing.Authority.Ledger;

/// <summary>One transaction.</summary>
internal sealed partial class LedgerWriter
{
    private void Write(List<LedgerRequest> group)
    {
        List<LedgerRequest.Append> appends = [.. group.OfType<LedgerRequest.Append>()];
        if (appends.Count > 0 && !TryCommit(appends))
        {
            // One run that the schema refuses must not take the others with it: each gets a transaction of its own.
            foreach (LedgerRequest.Append append in appends)
            {
                TryCommit([append]);
            }
        }

        // Behind the commit, so that what it says includes everything that was submitted before.
        foreach (LedgerRequest.Open open in group.OfType<LedgerRequest.Open>())
        {
            open.Answer(new(_ledger.Find(open.Chain), _ledger.Watermark(open.Chain), _ledger.ChainOn(open.Enrolment)));
        }
    }

    /// <summary>Appends, signs, commits, publishes, answers.</summary>
    /// <returns>False if the schema refused one of several runs; then nothing happened.</returns>
    private bool TryCommit(List<LedgerRequest.Append> appends)
    {
        _lastCommit = _time.GetTimestamp();
        long now = Math.Max(_time.GetUtcNow().ToUnixTimeMilliseconds(), _ledger.Head.LedgerTime);
        _ledger.Begin(now);
        var commit = new GroupCommit(_ledger, _signer, now);
        try
        {
            foreach (LedgerRequest.Append append in appends)
            {
                commit.Append(append);
            }
        }
        catch (SqliteException fault) when (fault.IsConstraint)
        {
            _ledger.Rollback();
            if (appends.Count == 1)
            {
                PreparedRun run = appends[0].Run;
                LogRefused(run.Before.Chain, run.Before.Position + 1, fault.Message);
                appends[0].Answer(new AppendOutcome.Refused(fault.Message));
            }

            return appends.Count == 1;
        }

        if (commit.Leaves.Count == 0)
        {
            _ledger.Rollback();
        }
        else
        {
            commit.Finish();
            _published(_ledger.Head, commit.Entries);
        }

        commit.Answer();
        return true;
    }
}
