using FirmwareSim.Records;

namespace FirmwareSim.Journal;

// What is asked of the journal, and how it makes room.
internal sealed partial class RegisterJournal
{
    public ulong Epoch => _index.Epoch;

    public uint Boot => Ask(index => index.Boot);

    public ulong Oldest => Ask(index => index.Oldest);

    public ulong Newest => Ask(index => index.Newest);

    public ulong Acked => Ask(index => index.Acked);

    public JournalCounts Counts => Ask(index => index.Counts);

    /// <summary>Why the gateway stopped this register; null if it did not.</summary>
    public string? StopReason => Ask(index => index.StopReason);

    public uint Unacknowledged => Ask(index => (uint)(index.Counts.Records - index.Counts.Acknowledged));

    public byte UsedPercent => (byte)Math.Min(100, Unacknowledged * 100L / Math.Max(1, _limits.Capacity - _limits.Retention));

    public bool IsFull => Ask(index => index.Count >= _limits.Capacity && Droppable(index) < _limits.DropStep);

    public Lease? Lease => Ask(index => index.Lease);

    public LeasedCode? LeasedOf(ulong seq) => Ask(index => index[seq]?.Leased);

    public bool Holds(ulong seq) => Ask(index => index[seq] is { IsReadable: true });

    public RecordResult? ResultOf(ulong seq) => Ask(index => index[seq]?.Result);

    /// <summary>A copy of all records, oldest first.</summary>
    public IReadOnlyList<JournalRecord> Records() => Ask(index => index.Records.ToArray());

    private T Ask<T>(Func<RecordIndex, T> question)
    {
        lock (_gate)
        {
            return question(_index);
        }
    }

    /// <summary>Acknowledged records beyond those that are always kept.</summary>
    private int Droppable(RecordIndex index) =>
        index.Count == 0 ? 0 : Math.Max(0, (int)(index.Acked + 1 - index.Oldest) - _limits.Retention);

    /// <summary>Reuses the room of acknowledged records: the file is written anew without the oldest of them.</summary>
    private bool MakeRoom()
    {
        if (_index.Count < _limits.Capacity)
        {
            return true;
        }

        int drop = Droppable(_index);
        if (drop < _limits.DropStep)
        {
            return false;
        }

        ulong first = _index.Oldest + (ulong)drop;
        JournalCounts dropped = _index.Dropped;
        foreach (JournalRecord record in _index.Records.TakeWhile(record => record.Seq < first))
        {
            dropped = dropped.With(record);
        }

        _broken = true;
        WriteWhole(_path, Entries(first, dropped));
        _file.Dispose();
        _file = File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var scan = FileScan.Of(File.ReadAllBytes(_path));
        _index = RecordIndex.Of(scan, _path);
        _length = scan.CommittedLength;
        _broken = false;
        return true;
    }

    private IEnumerable<byte[]> Entries(ulong first, JournalCounts dropped)
    {
        yield return EntryFormat.Write(EntryKind.Head, EntryBodies.Head(Epoch, first, dropped));
        yield return EntryFormat.Write(EntryKind.Boot, EntryBodies.Boot(_index.Boot));
        if (_index.Lease is { } lease)
        {
            yield return EntryFormat.Write(EntryKind.Lease, EntryBodies.Lease(lease));
        }

        foreach (JournalRecord record in _index.Records.SkipWhile(record => record.Seq < first))
        {
            if (record.IsReadable)
            {
                byte[] bytes = ReadRecord(record.Seq);
                yield return EntryFormat.Write(
                    EntryKind.Record, EntryBodies.Record(record.Seq, record.Closed, record.Total, record.Kind, bytes));
            }

            if (record.Result is not null)
            {
                yield return EntryFormat.Write(EntryKind.Result, EntryBodies.Result(record.Seq, record.Result));
            }
        }

        if (_index.StopReason is not null)
        {
            yield return EntryFormat.Write(EntryKind.Stopped, EntryBodies.Text(_index.StopReason));
        }
    }
}
