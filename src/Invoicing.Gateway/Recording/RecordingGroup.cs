using System.Collections.Immutable;
using Invoicing.Chain;
using Invoicing.Gateway.Journal;
using Invoicing.Hashing;
using Invoicing.Invoices;
using Invoicing.Signing;

namespace Invoicing.Gateway.Recording;

/// <summary>A commit group under way: takes work in order, numbers and hashes, and knows what has to be written.</summary>
/// <remarks>
/// Works on copies: the journal's state moves only when the transaction is committed, so a group that is given up leaves no trace. For one
/// thread.
/// </remarks>
internal sealed partial class RecordingGroup
{
    private readonly Func<JournalFile> _stored;
    private readonly RecordPreparation _preparation;
    private readonly JournalState _before;
    private readonly Sha256Hash _keyId;
    private readonly Anchor? _anchor;
    private readonly long _recordedAt;
    private readonly List<PendingEntry> _entries = [];
    private readonly List<(long Line, ulong Sequence, StoredRecord Record)> _records = [];
    private readonly List<Action<JournalFile>> _others = [];
    private readonly List<Func<JournalState, JournalState>> _changes = [];
    private readonly Dictionary<(long Line, ulong Sequence), RecordResult> _results = [];
    private readonly ImmutableDictionary<LineKey, LineState>.Builder _lines;
    private readonly HashSet<LineKey> _changedLines = [];
    private ChainHead _head;
    private RangeAllocation _ranges;
    private EntryKind _lastKind;

    /// <summary>Begins a group.</summary>
    /// <param name="stored">For looking up what is stored; waits until all that went before is.</param>
    /// <param name="preparation">For drafting again when the day has changed.</param>
    /// <param name="state">Where the journal stands.</param>
    /// <param name="signer">Key that will sign.</param>
    /// <param name="anchor">Newest verified watermark.</param>
    /// <param name="clock">Time of the group's entries, or why there can be none.</param>
    public RecordingGroup(
        Func<JournalFile> stored, RecordPreparation preparation, JournalState state, ISigner signer, Anchor? anchor, ClockReading clock)
    {
        _stored = stored;
        _preparation = preparation;
        _before = state;
        _keyId = signer.KeyId;
        Signer = signer;
        Keys = state.Keys;
        _anchor = anchor;
        _recordedAt = clock.RecordedAt;
        Refusal = clock.Fault ?? state.Uplink.Stopped;
        _head = state.Head;
        _ranges = state.Ranges;
        _grants = state.Grants;
        _lines = state.Lines.ToBuilder();
        _leases = state.Leases.ToBuilder();
        _lastLease = state.LastLease;
    }

    /// <summary>Why nothing can be recorded now; else <see langword="null"/>.</summary>
    public string? Refusal { get; }

    /// <summary>What ran out, if a sale was refused for it.</summary>
    public string? Exhausted { get; private set; }

    public IReadOnlyList<PendingEntry> Entries => _entries;

    /// <summary>Whether the last entry, of this group or before it, is a seal.</summary>
    public bool IsSealed => _entries.Count == 0 ? _before.IsSealed : _lastKind == EntryKind.Seal;

    /// <summary>Whether anything has to be written.</summary>
    public bool HasWrites => _entries.Count > 0 || _changedLines.Count > 0 || _others.Count > 0;

    /// <summary>Why recording stops for good with this group; else <see langword="null"/>.</summary>
    public string? StopReason { get; set; }

    public LineState? FindLine(in LineKey key) => _lines.GetValueOrDefault(key);

    /// <summary>Adds an entry.</summary>
    /// <returns>The entry; its position is known, its signature comes later.</returns>
    public PendingEntry Append(EntryContent content, EntryAttachment? attachment = null, EntryAttachment? second = null)
    {
        UnsignedEntry entry = ChainAppend.Next(ref _head, content, _recordedAt, _keyId, _anchor);
        var pending = new PendingEntry(
            entry,
            attachment is null && second is null ? []
                : [.. new[] { attachment, second }.OfType<EntryAttachment>().Select(beside => beside.Stored)]);
        _entries.Add(pending);
        _lastKind = content.Kind;
        return pending;
    }

    /// <summary>Notes something to be written besides entries, records, lines and ranges.</summary>
    public void Write(Action<JournalFile> write) => _others.Add(write);

    /// <summary>Notes a change of the state besides head, lines and ranges; it counts from the commit on.</summary>
    public void ChangeAtCommit(Func<JournalState, JournalState> change) => _changes.Add(change);

    public void Change(LineState line)
    {
        _lines[line.Key] = line;
        _changedLines.Add(line.Key);
    }

    /// <summary>Writes everything; between begin and commit of the caller.</summary>
    /// <exception cref="Signing.SignerUnavailableException">The key cannot be used now: roll back.</exception>
    /// <param name="file">The journal.</param>
    /// <param name="signatures">The entries' signatures, which are still being made.</param>
    /// <param name="retainUntil">Until when attachments are to be kept, UTC milliseconds.</param>
    public void WriteTo(JournalFile file, SigningRound signatures, long retainUntil)
    {
        for (int i = 0; i < _entries.Count; i++)
        {
            file.Insert(signatures.Await(i));
            for (int a = 0; a < _entries[i].Attachments.Count; a++)
            {
                file.Insert(_entries[i].Unsigned.Position, a, _entries[i].Attachments[a], retainUntil);
            }
        }

        foreach (LineKey key in _changedLines)
        {
            LineState line = _lines[key];
            if (!_before.Lines.TryGetValue(key, out LineState? before) || before with { LastSequence = line.LastSequence } != line)
            {
                file.Save(line);
            }
        }

        foreach ((long line, ulong sequence, StoredRecord record) in _records)
        {
            file.Insert(line, sequence, record);
        }

        WriteRanges(file);
        foreach (Action<JournalFile> write in _others)
        {
            write(file);
        }
    }

    /// <summary>The state after the commit.</summary>
    public JournalState Committed() => _changes.Aggregate(_before, (state, change) => change(state)) with
    {
        Head = _head,
        IsSealed = IsSealed,
        Ranges = _ranges,
        Grants = _grants,
        Lines = _lines.ToImmutable(),
        Leases = _leases.ToImmutable(),
        LastLease = _lastLease,
        Held = _before.Held + _records.Count(row => row.Record.Outcome is StoredOutcome.Held or StoredOutcome.CodeConflict) - _resolved,
    };

    private void WriteRanges(JournalFile file)
    {
        if (ReferenceEquals(_ranges, _before.Ranges))
        {
            return;
        }

        for (int i = _before.Ranges.Codes.Length; i < _ranges.Codes.Length; i++)
        {
            file.InsertRange(i, _ranges.Codes[i]);
        }

        for (int i = _before.Ranges.Numbers.Length; i < _ranges.Numbers.Length; i++)
        {
            file.InsertRange(i, _ranges.Numbers[i]);
        }

        for (int i = 0; i < _before.Ranges.Codes.Length; i++)
        {
            if (_ranges.Codes[i].Next != _before.Ranges.Codes[i].Next)
            {
                file.MoveRange(i, isCodes: true, _before.Ranges.Codes[i].Next, _ranges.Codes[i].Next);
            }
        }

        for (int i = 0; i < _before.Ranges.Numbers.Length; i++)
        {
            if (_ranges.Numbers[i].Next != _before.Ranges.Numbers[i].Next)
            {
                file.MoveRange(i, isCodes: false, _before.Ranges.Numbers[i].Next, _ranges.Numbers[i].Next);
            }
        }
    }
}
