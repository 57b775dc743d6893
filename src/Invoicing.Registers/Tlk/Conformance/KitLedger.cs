using System.Globalization;
using Invoicing.Registers.Tlk.Records;

namespace Invoicing.Registers.Tlk.Conformance;

/// <summary>What the kit, as a gateway, knows of one register: every record that ever came, once, and the result it was given.</summary>
/// <remarks>Watches what holds in every case: a sequence has one content for ever, and records come without a hole.</remarks>
internal sealed class KitLedger
{
    private readonly SortedDictionary<ulong, byte[]> _records = [];
    private readonly Dictionary<ulong, GivenResult> _results = [];
    private readonly HashSet<ulong> _told = [];
    private ulong _acked;

    /// <summary>The life of the register's journal that this speaks of.</summary>
    internal ulong Epoch { get; private set; }

    /// <summary>The highest sequence that has its record here, with all before it (or before the kit came).</summary>
    internal ulong Durable { get; private set; }

    /// <summary>The first rule that was broken outside of what a case looks at, and is not told yet.</summary>
    internal RuleBrokenException? Broken { get; private set; }

    /// <summary>A HELLO came.</summary>
    internal void Meet(HelloView hello)
    {
        if (hello.Epoch != Epoch)
        {
            if (Epoch != 0)
            {
                Break("the same epoch as before", $"{hello.Epoch:X16} after {Epoch:X16}", "§3.1");
            }

            Epoch = hello.Epoch;
            _records.Clear();
            _results.Clear();
            _told.Clear();
            Durable = hello.Acked;
            _acked = 0;
        }

        if (hello.Newest < Durable)
        {
            Break($"newest at least {Durable}, as that record came", $"{hello.Newest}", "§3.1, §6.1");
        }

        if (hello.Acked < _acked)
        {
            Break($"acked at least {_acked}, as it was told before", $"{hello.Acked}", "§3.1, §5");
        }

        _acked = Math.Max(_acked, hello.Acked);
    }

    /// <summary>A whole record came.</summary>
    internal void Take(ulong seq, byte[] record)
    {
        if (_records.TryGetValue(seq, out byte[]? known))
        {
            if (!known.AsSpan().SequenceEqual(record))
            {
                Break($"the same bytes for sequence {seq} each time", $"others: {Hash(seq, known)}, then {Hash(seq, record)}", "§3.3");
            }

            return;
        }

        _records[seq] = record;
        while (_records.ContainsKey(Durable + 1))
        {
            Durable++;
        }
    }

    /// <summary>The record's result: its first one, for ever. A leased code is confirmed as it was printed.</summary>
    internal GivenResult ResultOf(ulong seq)
    {
        if (!_results.TryGetValue(seq, out GivenResult? result))
        {
            var view = RecordView.Read(_records[seq]);
            result = view.Leased ?? (view.IsSale ? GivenResult.Issued(seq) : GivenResult.Recorded);
            _results[seq] = result;
        }

        return result;
    }

    /// <summary>Gives a record another first result than the usual one.</summary>
    internal void Decide(ulong seq, GivenResult result) => _results[seq] = result;

    internal GivenResult? KnownResult(ulong seq) => _results.GetValueOrDefault(seq);

    /// <summary>The record's result goes out. Whether it arrives, only a later HELLO says.</summary>
    internal void Tell(ulong seq) => _told.Add(seq);

    /// <summary>Whether the record's result went out, in whatever session.</summary>
    internal bool IsTold(ulong seq) => _told.Contains(seq);

    internal byte[]? Record(ulong seq) => _records.GetValueOrDefault(seq);

    internal void Break(string expected, string came, string rule) => Broken ??= new(expected, came, rule);

    internal RuleBrokenException? TakeBroken()
    {
        RuleBrokenException? broken = Broken;
        Broken = null;
        return broken;
    }

    private string Hash(ulong seq, byte[] record) =>
        string.Create(CultureInfo.InvariantCulture, $"{RecordHash.Of(Epoch, seq, record).ToString()[..16]} of {record.Length} bytes");
}
