using System.Globalization;
using System.Text;
using FirmwareSim.Records;

namespace FirmwareSim.Journal;

/// <summary>What a journal file says, in memory: records by sequence, results, counts. Built by a scan, then kept by each write.</summary>
internal sealed class RecordIndex
{
    private readonly List<JournalRecord?> _records = [];
    private ulong _first = 1;

    public ulong Epoch { get; private set; }

    public uint Boot { get; private set; }

    public string? StopReason { get; private set; }

    /// <summary>The lease that was taken last; null if there was none.</summary>
    public Lease? Lease { get; private set; }

    public JournalCounts Dropped { get; private set; }

    public JournalCounts Counts { get; private set; }

    public ulong Oldest => Newest == 0 ? 0 : _first;

    public ulong Newest => _first + (ulong)_records.Count - 1;

    public ulong Acked { get; private set; }

    public int Count => _records.Count;

    /// <summary>Records, oldest first. Sequences whose record and result are both lost are left out.</summary>
    public IEnumerable<JournalRecord> Records => _records.OfType<JournalRecord>();

    /// <summary>Sequences of which neither a record nor a result can be read any more.</summary>
    public IEnumerable<ulong> Lost => Enumerable.Range(0, _records.Count).Where(i => _records[i] is null).Select(i => _first + (ulong)i);

    public JournalRecord? this[ulong seq] => seq >= _first && seq <= Newest ? _records[(int)(seq - _first)] : null;

    /// <summary>Builds the index of what a scan found.</summary>
    /// <exception cref="JournalException">There is no head: the file is not a journal.</exception>
    public static RecordIndex Of(FileScan scan, string path)
    {
        RecordIndex index = new();
        if (scan.Entries.Count == 0 || scan.Entries[0].Kind != EntryKind.Head)
        {
            throw new JournalException($"{path}: expected a register's journal, found a file without its head");
        }

        (index.Epoch, index._first, index.Dropped) = EntryBodies.ReadHead(scan.Entries[0].Body.Span);
        index.Acked = index._first - 1;
        index.Counts = index.Dropped;
        foreach (Entry entry in scan.Entries)
        {
            index.Add(entry);
        }

        return index;
    }

    public void Add(Entry entry)
    {
        switch (entry.Kind)
        {
            case EntryKind.Head:
                break;
            case EntryKind.Boot:
                Boot = BitConverter.ToUInt32(entry.Body.Span);
                break;
            case EntryKind.Record:
                // Without a lease no receipt bears one, and the record need not be read.
                Put(EntryBodies.ReadRecord(Epoch, entry) with { Leased = Lease is null ? null : EntryBodies.ReadLeased(entry) });
                break;
            case EntryKind.Result:
                (ulong seq, RecordResult result) = EntryBodies.ReadResult(entry.Body.Span);
                SetResult(seq, result);
                break;
            case EntryKind.Lease:
                Lease = EntryBodies.ReadLease(entry.Body.Span);
                break;
            case EntryKind.Stopped:
                StopReason = Encoding.UTF8.GetString(entry.Body.Span);
                break;
            case EntryKind.Released:
                StopReason = null;
                break;
            default:
                throw new JournalException(string.Create(
                    CultureInfo.InvariantCulture, $"entry of unknown kind {(byte)entry.Kind} at byte {entry.Offset}: written by a newer version"));
        }
    }

    private void Put(JournalRecord record)
    {
        Reach(record.Seq);
        int at = (int)(record.Seq - _first);
        _records[at] = record with { Result = _records[at]?.Result };
        Counts = Counts.With(record);
        Lease = record.Leased is { } leased && leased.Lease == Lease?.Id ? Lease.After(leased.Number) : Lease;
    }

    private void SetResult(ulong seq, RecordResult result)
    {
        if (seq < _first)
        {
            return;
        }

        Reach(seq);
        int at = (int)(seq - _first);
        // A result without its record: the record was damaged after the gateway had it.
        JournalRecord record = _records[at] ?? new JournalRecord(seq, [], RecordKind.Unreadable, default, 0, 0, 0);
        Counts = _records[at] is null ? Counts.With(record with { Result = result }) : Counts.Replacing(record.Result, result);
        _records[at] = record with { Result = result };
        while (Acked < Newest && this[Acked + 1]?.Result is not null)
        {
            Acked++;
        }
    }

    private void Reach(ulong seq)
    {
        while (Newest < seq)
        {
            _records.Add(null);
        }
    }
}
