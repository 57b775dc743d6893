using Invoicing.Registers.Tlk.Messages;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>Puts fragments together and notes what is wrong with them. TLK/1 §3.3.</summary>
internal sealed class RecordAssembly
{
    private readonly List<byte> _bytes = [];
    private ulong _seq;
    private int _next;
    private int _length;
    private bool _isCut;

    /// <summary>The line was cut: what is left of a record on its way means nothing until another begins.</summary>
    internal void Clear()
    {
        _next = 0;
        _isCut = true;
    }

    /// <summary>Takes one REC.</summary>
    /// <returns>The whole record if this was its last frame.</returns>
    internal byte[]? Take(RecMessage rec, Action<string, string> broken)
    {
        if (rec.Fragment == 0)
        {
            if (_next > 0 && rec.Seq != _seq)
            {
                broken($"the rest of record {_seq} before another", $"record {rec.Seq} after fragment {_next - 1}");
            }

            _bytes.Clear();
            _isCut = false;
            _seq = rec.Seq;
            _next = 0;
            _length = rec.RecordLength ?? 0;
        }
        else if (_isCut)
        {
            return null;
        }
        else if (rec.Seq != _seq || rec.Fragment != _next)
        {
            broken($"fragment {_next} of record {_seq}", $"fragment {rec.Fragment} of record {rec.Seq}");
            return null;
        }

        _bytes.AddRange(rec.Part.Span);
        _next = rec.Fragment + 1;
        if (rec.More)
        {
            return null;
        }

        bool isWhole = rec.Fragment == 0 || _bytes.Count == _length;
        if (!isWhole)
        {
            broken($"{_length} bytes in all fragments of record {_seq}", $"{_bytes.Count}");
        }

        _next = 0;
        return isWhole ? [.. _bytes] : null;
    }
}
