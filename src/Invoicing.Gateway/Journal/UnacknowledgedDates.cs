using Invoicing.Chain;

namespace Invoicing.Gateway.Journal;

/// <summary>Knows the dates of issue of the invoices that the authority has not acknowledged, for deadlines. Any number of threads.</summary>
/// <remarks>
/// Late sales make dates go back and forth along the chain, so the earliest date is not that of the first entry: kept is, for each date, the
/// last position that bears it. Each entry is read at most once, and none that was acknowledged before it was asked for: with a line to the
/// authority that is next to nothing. There are as many dates as days without a line.
/// </remarks>
internal sealed class UnacknowledgedDates(string path) : IDisposable
{
    /// <summary>Most entries read for one answer, some 15 ms: what is left of a long backlog is read for the next answers, the oldest first.</summary>
    public const int MostRead = 1_024;

    private readonly Lock _gate = new();
    private readonly JournalReader _reader = JournalReader.Open(path);
    private readonly SortedDictionary<DateOnly, long> _lastOf = [];
    private long _readThrough;
    private bool _isClosed;

    /// <summary>Earliest date of issue behind the checkpoint, in GMT+7; <see langword="null"/> if no invoice waits, or the journal is closed.</summary>
    public DateOnly? Earliest(long checkpoint)
    {
        lock (_gate)
        {
            _readThrough = Math.Max(_readThrough, checkpoint);
            if (!_isClosed)
            {
                foreach (SignedEntry entry in _reader.ReadPage(_readThrough, MostRead))
                {
                    _readThrough = entry.Position;
                    if (DateOf(entry) is { } date)
                    {
                        _lastOf[date] = entry.Position;
                    }
                }
            }

            foreach ((DateOnly date, _) in _lastOf.Where(last => last.Value <= checkpoint).ToArray())
            {
                _lastOf.Remove(date);
            }

            return _lastOf.Count > 0 ? _lastOf.First().Key : null;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _reader.Dispose();
        }
    }

    private static DateOnly? DateOf(SignedEntry entry)
    {
        if (entry.Kind is not (EntryKind.Invoice or EntryKind.Correction) || EntryFields.Read(entry.Body.Span, out EntryFields fields) is not null)
        {
            return null;
        }

        ReadOnlySpan<byte> content = fields.Content(entry.Body.Span);
        return entry.Kind == EntryKind.Invoice
            ? InvoiceContents.Read(content).IssuedOn
            : CorrectionContents.Read(content).Invoice?.IssuedOn;
    }
}
