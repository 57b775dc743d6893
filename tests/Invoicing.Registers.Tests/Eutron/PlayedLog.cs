namespace Invoicing.Registers.Tests.Eutron;

/// <summary>What a played register holds: its log with the read pointer, and its table of articles. Outlives its cables.</summary>
internal sealed class PlayedLog
{
    private readonly Lock _gate = new();
    private readonly List<byte[]> _records = [];
    private readonly Dictionary<long, string> _plus = new() { [1] = "Ca phe sua da", [2] = "Banh mi" };

    internal byte Number { get; set; } = 7;

    /// <summary>Whether a sale is open: the TCP dialect refuses then.</summary>
    internal bool IsBusy { get; set; }

    /// <summary>Whether tables are told.</summary>
    internal bool TellsTables { get; set; } = true;

    /// <summary>Rows that were asked for, by their numbers.</summary>
    internal List<(int First, int Last)> RowsAsked { get; } = [];

    /// <summary>How often the table was told from its beginning.</summary>
    internal int TablesTold { get; private set; }

    /// <summary>How often the log was asked for when there was nothing in it to tell.</summary>
    internal int Looks { get; private set; }

    /// <summary>Records accepted so far.</summary>
    internal int Pointer { get; set; }

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _records.Count;
            }
        }
    }

    internal void Add(params IEnumerable<byte[]>[] records)
    {
        lock (_gate)
        {
            _records.AddRange(records.SelectMany(part => part));
        }
    }

    /// <summary>The ring runs over its oldest records, read or not.</summary>
    internal void Drop(int records)
    {
        lock (_gate)
        {
            _records.RemoveRange(0, records);
            Pointer = Math.Max(0, Pointer - records);
        }
    }

    internal byte[]? At(int index)
    {
        lock (_gate)
        {
            return index < _records.Count ? _records[index] : null;
        }
    }

    internal void Replace(int index, byte[] record)
    {
        lock (_gate)
        {
            _records[index] = record;
        }
    }

    internal void Name(long code, string name)
    {
        lock (_gate)
        {
            _plus[code] = name;
        }
    }

    /// <summary>The log is asked for.</summary>
    internal void Look()
    {
        lock (_gate)
        {
            Looks += Pointer == _records.Count ? 1 : 0;
        }
    }

    /// <summary>The whole table, behind fillers.</summary>
    internal List<byte[]> WholeTable()
    {
        lock (_gate)
        {
            TablesTold++;
            return [.. _plus.Select(plu => FlowBytes.Row(plu.Key, plu.Value))];
        }
    }

    /// <summary>Rows of the table behind their numbers, from 10,001 on.</summary>
    internal List<byte[]> Table(int first, int last)
    {
        lock (_gate)
        {
            TablesTold += first == 10_001 && last > first ? 1 : 0;
            RowsAsked.Add((first, last));
            return
            [
                .. _plus.Skip(first - 10_001).Take(last - first + 1)
                    .Select((plu, i) => (byte[])[(byte)((first + i) & 0xFF), (byte)((first + i) >> 8), .. FlowBytes.Row(plu.Key, plu.Value)[1..]]),
            ];
        }
    }

    /// <summary>Everything is another register's: the log and its pointer.</summary>
    internal List<byte[]> Swap(List<byte[]> records)
    {
        lock (_gate)
        {
            List<byte[]> before = [.. _records];
            _records.Clear();
            _records.AddRange(records);
            Pointer = Math.Min(Pointer, _records.Count);
            return before;
        }
    }
}
