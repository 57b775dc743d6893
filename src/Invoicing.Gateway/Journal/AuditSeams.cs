using Invoicing.Chain;

namespace Invoicing.Gateway.Journal;

/// <summary>Takes checked runs in their order and holds them against each other and against what the journal keeps beside its entries.</summary>
internal sealed class AuditSeams : IDisposable
{
    private readonly JournalState _state;
    private readonly List<JournalFault> _faults;
    private readonly JournalReader _reader;
    private readonly RecordPages _records;
    private readonly RangeCheck _ranges;
    private readonly AuthorityKeys _keys;
    private readonly Dictionary<LineKey, ulong> _last = [];
    private long _position;
    private int _grants;

    /// <summary>Starts at the chain's beginning.</summary>
    /// <param name="path">The journal; records are looked up by a connection of their own.</param>
    /// <param name="state">What the journal says of itself.</param>
    /// <param name="faults">Where faults are added.</param>
    public AuditSeams(string path, JournalState state, List<JournalFault> faults)
    {
        _state = state;
        _faults = faults;
        _reader = JournalReader.Open(path);
        _records = new(_reader);
        _ranges = RangeCheck.FromTheStart(state.Enrolment);
        _keys = new(state.Enrolment);
    }

    public long Invoices { get; private set; }

    /// <summary>Takes the next run.</summary>
    /// <returns>Whether it makes sense to go on: after a break in the chain nothing behind it means anything.</returns>
    public bool Take(AuditedRun run)
    {
        _faults.AddRange(run.Faults);
        for (int i = 0; i < run.Entries.Count && _faults.Count < JournalAudit.MaxFaults; i++)
        {
            if (run.Entries[i].Kind == EntryKind.Lease)
            {
                TakeLease(run.Entries[i]);
            }
            else if (run.Entries[i].Kind == EntryKind.Range)
            {
                TakeGrant(run.Entries[i]);
            }
            else if (run.Contents[i] is { } content)
            {
                TakeContent(run.Entries[i], content);
            }
        }

        _position = run.Entries[^1].Position;
        return run.Faults.Count == 0 && _faults.Count < JournalAudit.MaxFaults;
    }

    /// <summary>After the last run.</summary>
    public void Close()
    {
        if (_faults.Count > 0)
        {
            return; // cursors and lines of a broken chain would only repeat it
        }

        if (_position != _state.Head.Position)
        {
            _faults.Add(new(_position + 1, "entry", $"entries up to {_state.Head.Position}", "none"));
        }

        if ((_ranges.FaultAgainst(_state.Ranges) ?? _ranges.FaultAgainst(_state.Leases.Values.SelectMany(leases => leases))) is { } cursor)
        {
            _faults.Add(cursor with { Position = _state.Head.Position });
        }

        foreach ((LineKey key, ulong last) in _last)
        {
            if (!_state.Lines.TryGetValue(key, out LineState? line) || line.LastSequence < last)
            {
                _faults.Add(new(_state.Head.Position, $"line {key}", $"last sequence {last} or later", line is null ? "no line" : $"{line.LastSequence}"));
            }
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _keys.Dispose();
    }

    private void TakeLease(SignedEntry entry)
    {
        JournalFault? fault = JournalCrossCheck.LeaseOf(entry) is (var lease, var isBurned)
            ? _ranges.Take(lease, isBurned)
            : new(0, "content", "a lease", "other values");
        if (fault is not null)
        {
            _faults.Add(fault with { Position = entry.Position });
        }
    }

    private void TakeGrant(SignedEntry entry)
    {
        string? fault = JournalCrossCheck.GrantOf(entry, _state.Enrolment, _keys.ById, out RangeGrant? grant);
        fault ??= grant!.Number == _grants + 1 ? null : $"expected grant {_grants + 1} of this enrolment, found {grant.Number}";
        if (fault is not null)
        {
            _faults.Add(new(entry.Position, "range grant", "one of the authority to this enrolment, in order", fault));
            return;
        }

        _grants = grant!.Number;
        _ranges.Take(grant);
    }

    private void TakeContent(SignedEntry entry, in ContentFields content)
    {
        Invoices += content.Code is null ? 0 : 1;
        if (_ranges.Take(content) is { } gap)
        {
            _faults.Add(gap with { Position = entry.Position });
        }

        // A conflict names a record a second time on purpose, and what closes a hole names the hole's.
        if (entry.Kind == EntryKind.Conflict || content.Resolves is not null || content.Record is not { } record)
        {
            return;
        }

        var key = LineKey.Of(record.Key);
        _last[key] = Math.Max(_last.GetValueOrDefault(key), record.Key.Sequence);
        if (_state.Lines.TryGetValue(key, out LineState? line))
        {
            CheckRecord(entry, record, line);
        }
        else
        {
            _faults.Add(new(entry.Position, $"line of {record.Key}", "a row", "none"));
        }
    }

    private void CheckRecord(SignedEntry entry, in RegisterRecordKey record, LineState line)
    {
        StoredRecord? stored = _records.Find(line.Id, record.Key.Sequence);
        if (stored?.Position != entry.Position || stored?.Hash != record.Hash)
        {
            _faults.Add(new(
                entry.Position, $"record {record.Key}", $"a row with hash {record.Hash} and position {entry.Position}",
                stored is { } row ? $"hash {row.Hash} and position {row.Position}" : "none"));
        }
    }
}
