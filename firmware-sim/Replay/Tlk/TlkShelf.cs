namespace FirmwareSim.Replay.Tlk;

/// <summary>The records that a recording has whole: all that its register can be asked for again.</summary>
internal sealed class TlkShelf
{
    private readonly Dictionary<ulong, SortedDictionary<ulong, RecordedRecord>> _epochs = [];

    public TlkShelf(IEnumerable<RecordedRecord> records)
    {
        foreach (RecordedRecord record in records)
        {
            if (!_epochs.TryGetValue(record.Epoch, out SortedDictionary<ulong, RecordedRecord>? held))
            {
                _epochs[record.Epoch] = held = [];
            }

            if (record.Recovered is not null || !held.ContainsKey(record.Seq))
            {
                held[record.Seq] = record;
            }
        }
    }

    public RecordedRecord? Find(ulong epoch, ulong seq) => _epochs.GetValueOrDefault(epoch)?.GetValueOrDefault(seq);

    /// <summary>The first sequence from here on that is held; null if there is none.</summary>
    public ulong? Next(ulong epoch, ulong from) =>
        _epochs.TryGetValue(epoch, out SortedDictionary<ulong, RecordedRecord>? held)
            ? held.Keys.Where(seq => seq >= from).Select(seq => (ulong?)seq).FirstOrDefault()
            : null;

    /// <summary>The first and the last sequence of an epoch; null if it has none.</summary>
    public (ulong First, ulong Last)? Range(ulong epoch) =>
        _epochs.TryGetValue(epoch, out SortedDictionary<ulong, RecordedRecord>? held) ? (held.Keys.First(), held.Keys.Last()) : null;
}
