using Invoicing.Authority.Ledger;
using Invoicing.Chain;
using Invoicing.Hashing;
using Invoicing.Signing;

namespace Invoicing.Authority.Audit;

/// <summary>One chain while the ledger is read: all that is kept of it.</summary>
internal sealed class AuditedChain
{
    private readonly ILedgerReader _reader;
    private IReadOnlyList<StoredVerdict> _page = [];
    private readonly List<RangeGrant> _further = [];
    private int _at;
    private long _lastNumber;

    public AuditedChain(AuditChain stored, ILedgerReader reader)
    {
        Stored = stored;
        _reader = reader;
        Grant = EnrolmentGrant.Read(stored.Enrolment);
        State = ChainState.Start(stored.Chain, Grant);
    }

    /// <summary>Heads and state as stored.</summary>
    public AuditChain Stored { get; }

    /// <summary>The grant that it rests on.</summary>
    public EnrolmentGrant Grant { get; }

    /// <summary>As verified so far.</summary>
    public ChainState State { get; set; }

    /// <summary>Index of its last entry so far.</summary>
    public long LastIndex { get; set; }

    /// <summary>Ranges that the chain has taken note of so far, if the enrolment is its own.</summary>
    public IReadOnlyList<RangeGrant> FurtherOf(ChainId enrolment) => enrolment == Grant.Id ? _further : [];

    /// <summary>Notes the grant in an entry, if it is one and holds.</summary>
    public void Note(VerifiedEntry entry, IReadOnlyDictionary<Sha256Hash, VerifyingKey> anchors)
    {
        if (entry.Fields.Kind == EntryKind.Range
            && RangeGrant.ReadContent(entry.Fields.Content(entry.Entry.Body.Span), anchors, out RangeGrant? noted) is null && noted!.Enrolment == Grant.Id)
        {
            _further.Add(noted);
        }
    }

    /// <summary>The next verdict in the order of numbers, which is that of positions; <see langword="null"/> behind the last.</summary>
    public StoredVerdict? NextVerdict()
    {
        if (_at == _page.Count)
        {
            // One chain in thousands has a verdict: a small page keeps memory small.
            _page = _reader.ReadVerdicts(Stored.Chain, _lastNumber, 16);
            _at = 0;
        }

        return _at < _page.Count ? _page[_at] : null;
    }

    /// <summary>Goes on to the verdict behind the next one.</summary>
    public void TakeVerdict()
    {
        _lastNumber = _page[_at].Number;
        _at++;
    }
}
