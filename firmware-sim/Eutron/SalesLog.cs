namespace FirmwareSim.Eutron;

/// <summary>The log's ring: records, the read pointer, and what is lost when it runs over unread. Safe for any number of threads.</summary>
/// <remarks>Places count from 0 and never come again, so that a pointer set late cannot skip what was not read.</remarks>
/// <param name="capacity">Bytes of records that it holds.</param>
internal sealed class SalesLog(int capacity)
{
    /// <summary>The memory of a small register: some 1,000 receipts.</summary>
    public const int DefaultCapacity = 256 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _records = new();
    private readonly List<byte[]> _unread = [];
    private long _head;
    private long _read;
    private long _bytes;

    /// <summary>Records that ran over before they were read.</summary>
    public long Lost { get; private set; }

    /// <summary>Adds a record; the oldest go, read or not, if there is no room.</summary>
    public void Add(byte[] record)
    {
        lock (_gate)
        {
            _records.Enqueue(record);
            _unread.Add(record);
            _bytes += record.Length;
            while (_bytes > capacity)
            {
                DropOldest();
            }
        }
    }

    /// <summary>The record at the read pointer and the place behind it, without moving the pointer; null at the end.</summary>
    public (byte[] Bytes, long Next)? Peek()
    {
        lock (_gate)
        {
            return _unread.Count > 0 ? (_unread[0], _read + 1) : null;
        }
    }

    /// <summary>Whole records from the read pointer on, so many bytes at most, and the place behind them, without moving the pointer.</summary>
    public (byte[] Bytes, long Next) PeekMany(int most)
    {
        lock (_gate)
        {
            List<byte> bytes = [];
            int count = 0;
            while (count < _unread.Count && bytes.Count + _unread[count].Length <= most)
            {
                bytes.AddRange(_unread[count]);
                count++;
            }

            return ([.. bytes], _read + count);
        }
    }

    /// <summary>Moves the read pointer to a place: what is before it is safely at the other side.</summary>
    public void AdvanceTo(long place)
    {
        lock (_gate)
        {
            int count = (int)Math.Max(0, place - _read);
            _unread.RemoveRange(0, count);
            _read += count;
        }
    }

    /// <summary>The read pointer goes back to the oldest record that is still there.</summary>
    public void Rewind()
    {
        lock (_gate)
        {
            _unread.Clear();
            _unread.AddRange(_records);
            _read = _head;
        }
    }

    /// <summary>The ring runs over now: the older half of what was not read is lost.</summary>
    public void LoseUnread()
    {
        lock (_gate)
        {
            long last = _read + ((_unread.Count + 1) / 2);
            while (_head < last)
            {
                DropOldest();
            }
        }
    }

    private void DropOldest()
    {
        _bytes -= _records.Dequeue().Length;
        _head++;
        if (_read < _head)
        {
            _unread.RemoveAt(0);
            _read++;
            Lost++;
        }
    }
}
