using Invoicing.Authority.Ledger;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Authority.Audit;

/// <summary>Reads a whole ledger again and checks that it is what its writer promised.</summary>
/// <remarks>
/// Positions, links, hashes and signatures of every chain; heads against entries; claims against bodies and each claim once; verdict numbers
/// and signatures, and that whatever lost a claim has a verdict; commits without gaps, their leaves against the heads, their signed roots.
/// Memory does not grow with the number of entries: one commit, and a little for each chain and each line of claims.
/// </remarks>
internal sealed partial class LedgerAudit
{
    private const int PageRows = 1_000;
    private const int PageCommits = 64;

    private readonly ILedgerAuditReader _reader;
    private readonly SignatureDepth _depth;
    private readonly ChainVerifier _verifier = new(new KeyRing());
    private readonly Dictionary<Sha256Hash, VerifyingKey> _anchors;
    private readonly WatermarkVerifier _watermarks;
    private readonly Dictionary<ChainId, AuditedChain> _chains = [];
    private readonly Dictionary<long, (AuditLine Stored, LineUse Use)> _lines = [];
    private readonly AuditReport _report = new();

    private LedgerAudit(ILedgerAuditReader reader, IReadOnlyList<VerifyingKey> anchors, SignatureDepth depth)
    {
        _reader = reader;
        _depth = depth;
        _anchors = anchors.ToDictionary(a => a.KeyId);
        _watermarks = new(anchors);
    }

    /// <summary>Checks.</summary>
    /// <param name="reader">One state of the ledger.</param>
    /// <param name="anchors">Keys that signed its commits and verdicts.</param>
    /// <param name="depth">Whether each signature of an entry is checked, or the last of each chain in each commit, which carries the others.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static AuditReport Run(
        ILedgerAuditReader reader, IReadOnlyList<VerifyingKey> anchors, SignatureDepth depth, CancellationToken cancellationToken = default)
    {
        var audit = new LedgerAudit(reader, anchors, depth);
        audit.Run(cancellationToken);
        return audit._report;
    }

    private void Run(CancellationToken cancellationToken)
    {
        foreach (string fault in _reader.CheckFile())
        {
            _report.Add($"file: expected a sound database, found: {fault}");
        }

        foreach (AuditChain chain in _reader.ReadChains())
        {
            TakeChain(chain);
        }

        foreach (AuditLine line in _reader.ReadLines())
        {
            _lines.Add(line.Id, (line, new(line.First)));
        }

        long last = 0;
        long time = 0;
        IReadOnlyList<LedgerCommit> commits = _reader.ReadCommits(0, PageCommits);
        while (commits.Count > 0 && !_report.IsFull)
        {
            foreach (LedgerCommit commit in commits)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (commit.LedgerTime < time)
                {
                    _report.Add($"commit at index {commit.LastIndex}: expected a time not before {time}, found {commit.LedgerTime}");
                }

                CheckCommit(last, commit);
                (last, time) = (commit.LastIndex, commit.LedgerTime);
                _report.Commits++;
            }

            commits = _reader.ReadCommits(last, PageCommits);
        }

        if (!_report.IsFull)
        {
            CheckEnds(last);
        }
    }

    private void TakeChain(AuditChain stored)
    {
        try
        {
            var chain = new AuditedChain(stored, _reader);
            _chains.Add(stored.Chain, chain);
            _report.Chains++;
            if (chain.Grant.Seller.TaxCode.ToString() != stored.Seller || chain.Grant.Device != stored.Device)
            {
                _report.Add(
                    $"chain {stored.Chain}: expected seller {chain.Grant.Seller.TaxCode} and device '{chain.Grant.Device}' of its enrolment, found {stored.Seller} and '{stored.Device}'");
            }
        }
        catch (InvoicingException fault)
        {
            _report.Add($"chain {stored.Chain}: {fault.Message}");
        }
    }

    /// <summary>What is stored of each chain and line, against what its entries came to.</summary>
    private void CheckEnds(long lastIndex)
    {
        IReadOnlyList<AuditRow> behind = _reader.ReadRows(lastIndex + 1, 1);
        if (behind.Count > 0)
        {
            _report.Add($"index {behind[0].Entry.Index}: expected the ledger to end at {lastIndex} with its last commit, found an entry");
        }

        foreach (AuditedChain chain in _chains.Values)
        {
            AuditChain stored = chain.Stored;
            if (stored.Position != chain.State.Position || stored.LastIndex != chain.LastIndex)
            {
                _report.Add(
                    $"chain {stored.Chain}: expected its head at position {chain.State.Position}, index {chain.LastIndex}, found it at {stored.Position}, index {stored.LastIndex}");
            }

            if (!stored.PublicKey.Span.SequenceEqual(chain.State.PublicKey.Span) || stored.IsRetired != chain.State.IsRetired)
            {
                _report.Add($"chain {stored.Chain}: expected the key in force and the retirement that its entries state, found others");
            }

            if (chain.NextVerdict() is { } verdict)
            {
                _report.Add($"chain {stored.Chain}: expected no verdict behind its entries, found verdict {verdict.Number} on position {verdict.Position}");
            }
        }

        foreach ((AuditLine stored, LineUse use) in _lines.Values)
        {
            if (stored.Next != use.Next || !stored.Gaps.SequenceEqual(use.Gaps))
            {
                _report.Add(
                    $"line {stored.Id} ({stored.Name}): expected next value {use.Next} and gaps [{string.Join(", ", use.Gaps.Take(5))}], found {stored.Next} and [{string.Join(", ", stored.Gaps.Take(5))}]");
            }
        }
    }
}
