namespace FirmwareSim.Journal;

/// <summary>Reads a journal file: its committed entries, places that no longer read, and a torn tail.</summary>
/// <remarks>
/// Only the last write can be torn, since each one is on the disk before the next begins. So what does not read with nothing committed
/// behind it is a torn tail and never was an entry; what does not read with committed entries behind it is damage.
/// </remarks>
internal sealed class FileScan
{
    private FileScan(List<Entry> entries, int committedLength, bool hasDamage, bool recordTorn)
    {
        Entries = entries;
        CommittedLength = committedLength;
        HasDamage = hasDamage;
        RecordTorn = recordTorn;
    }

    public List<Entry> Entries { get; }

    /// <summary>Bytes up to the end of the last committed entry.</summary>
    public int CommittedLength { get; }

    public bool HasDamage { get; }

    /// <summary>The torn tail is a record: a receipt was open when the power went.</summary>
    public bool RecordTorn { get; }

    public static FileScan Of(ReadOnlyMemory<byte> file)
    {
        List<Entry> entries = [];
        int at = 0;
        int end = 0;
        bool damage = false;
        while (at < file.Length)
        {
            if (EntryFormat.TryRead(file, at, out Entry entry))
            {
                damage |= at != end;
                entries.Add(entry);
                at = entry.Offset + entry.Body.Length + EntryFormat.Tail;
                end = at;
            }
            else
            {
                at++;
            }
        }

        return new FileScan(entries, end, damage, EntryFormat.Begins(file.Span[end..], EntryKind.Record));
    }
}
