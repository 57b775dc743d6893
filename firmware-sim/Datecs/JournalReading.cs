using FirmwareSim.Tills;

namespace FirmwareSim.Datecs;

/// <summary>What of a register's documents a host has selected, how far it is, and up to where everything was ever read.</summary>
/// <param name="rows">What one document gives.</param>
internal sealed class JournalReading(Func<RungReceipt, IReadOnlyList<string>> rows)
{
    private readonly Queue<RungReceipt> _documents = new();
    private readonly Queue<string> _rows = new();
    private RungReceipt? _current;
    private long _given;

    /// <summary>Position of the newest document up to which all rows were read.</summary>
    public long Given => Volatile.Read(ref _given);

    /// <summary>Whether something was selected since the register was switched on; its end does not change that.</summary>
    public bool IsSelected { get; private set; }

    /// <summary>Selects documents; what was selected before is forgotten.</summary>
    public void Select(IEnumerable<RungReceipt> documents)
    {
        Clear();
        IsSelected = true;
        foreach (RungReceipt document in documents)
        {
            _documents.Enqueue(document);
        }
    }

    public void Clear()
    {
        _documents.Clear();
        _rows.Clear();
        _current = null;
        IsSelected = false;
    }

    /// <summary>The next row.</summary>
    /// <returns>The row and its document; null when there is none left.</returns>
    public (string Row, RungReceipt Document)? Next()
    {
        while (_rows.Count == 0)
        {
            Finish();
            if (!_documents.TryDequeue(out _current))
            {
                return null;
            }

            foreach (string row in rows(_current))
            {
                _rows.Enqueue(row);
            }
        }

        return (_rows.Dequeue(), _current!);
    }

    private void Finish()
    {
        if (_current is null)
        {
            return;
        }

        Volatile.Write(ref _given, Math.Max(_given, _current.Position));
    }
}
