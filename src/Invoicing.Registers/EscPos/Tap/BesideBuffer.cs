using System.Buffers;

namespace Invoicing.Registers.EscPos.Tap;

/// <summary>What passed by a tap that observes and was not looked at yet; bounded, and never waited for. Safe for one writer and one reader.</summary>
/// <param name="capacity">Most bytes held.</param>
internal sealed class BesideBuffer(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<byte[]?> _ended = []; // bytes up to where the till went, then null for that
    private ArrayBufferWriter<byte> _open = new();
    private int _count;
    private bool _missed;

    /// <summary>Adds bytes.</summary>
    /// <returns>Whether they fitted; if not, they are lost, and the reader is told.</returns>
    internal bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (bytes.Length > capacity - _count)
            {
                _missed = true;
                return false;
            }

            _open.Write(bytes);
            _count += bytes.Length;
            return true;
        }
    }

    /// <summary>Notes that the till went; at most as often as bytes can be told apart by it.</summary>
    internal void End()
    {
        lock (_gate)
        {
            if (_open.WrittenCount > 0 || _ended.Count == 0)
            {
                Close();
                _ended.Enqueue(null);
            }
        }
    }

    /// <summary>Takes what came next.</summary>
    /// <param name="bytes">Bytes; <see langword="null"/>: the till went.</param>
    /// <param name="missed">Whether some were lost since the last call.</param>
    /// <returns>Whether there was anything.</returns>
    internal bool TryTake(out byte[]? bytes, out bool missed)
    {
        lock (_gate)
        {
            (missed, _missed) = (_missed, false);
            if (_ended.Count == 0)
            {
                Close();
            }

            bool isThere = _ended.TryDequeue(out bytes);
            _count -= bytes?.Length ?? 0;
            return isThere || missed;
        }
    }

    private void Close()
    {
        if (_open.WrittenCount > 0)
        {
            _ended.Enqueue(_open.WrittenSpan.ToArray());
            _open = new();
        }
    }
}
