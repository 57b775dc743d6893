using Invoicing.Chain;

namespace Invoicing.Gateway.Journal;

/// <summary>Answers when an entry was recorded, for status. Any number of threads; remembers the last answer, which is asked for again and again.</summary>
internal sealed class EntryTimes(string path) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly JournalReader _reader = JournalReader.Open(path);
    private long _position;
    private long _recordedAt;
    private bool _isClosed;

    /// <summary>Device time of an entry, UTC milliseconds; <see langword="null"/> if it is not there, or the journal is closed.</summary>
    public long? RecordedAt(long position)
    {
        lock (_gate)
        {
            if (_position == position)
            {
                return _recordedAt;
            }

            if (_isClosed || _reader.ReadPage(position - 1, 1) is not [{ } entry]
                || EntryFields.Read(entry.Body.Span, out EntryFields fields) is not null)
            {
                return null;
            }

            (_position, _recordedAt) = (position, fields.RecordedAt);
            return _recordedAt;
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
}
