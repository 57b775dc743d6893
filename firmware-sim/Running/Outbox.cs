using FirmwareSim.Bytes;
using FirmwareSim.Session;

namespace FirmwareSim.Running;

/// <summary>What a session wants sent and the wire has not taken yet: short frames first, then records in the order they were wanted.</summary>
internal sealed class Outbox
{
    /// <summary>A whole window of records and an answer to each request of a gateway that repeats itself; beyond it nothing is read.</summary>
    private const int Most = 64;

    private readonly Queue<SessionEffect.Send> _short = new();
    private readonly List<SessionEffect.SendRecord> _records = [];

    public bool IsFull => _short.Count + _records.Count >= Most;

    public void Clear()
    {
        _short.Clear();
        _records.Clear();
    }

    /// <summary>Puts in a frame. HELLO begins anew: what was wanted before it belongs to no session.</summary>
    public void Put(SessionEffect.Send frame)
    {
        if (frame.Type == FrameType.Hello)
        {
            Clear();
        }

        _short.Enqueue(frame);
    }

    /// <summary>Puts in a record; if it still waits from before, it goes once.</summary>
    public void Put(SessionEffect.SendRecord record)
    {
        _records.RemoveAll(waiting => waiting.Seq == record.Seq);
        _records.Add(record);
    }

    /// <summary>The next for the wire; null: none. A record that was answered while it waited is left out.</summary>
    public SessionEffect? Take(SessionState state)
    {
        if (_short.TryDequeue(out SessionEffect.Send? frame))
        {
            return frame;
        }

        while (_records.Count > 0)
        {
            SessionEffect.SendRecord record = _records[0];
            _records.RemoveAt(0);
            if (state.UnderWay.Any(known => known.Seq == record.Seq && known.HandedAt is null))
            {
                return record;
            }
        }

        return null;
    }
}
