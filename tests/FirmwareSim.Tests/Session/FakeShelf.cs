using FirmwareSim.Journal;
using FirmwareSim.Records;

namespace FirmwareSim.Tests.Session;

/// <summary>A journal in memory.</summary>
internal sealed class FakeShelf : IRecordShelf
{
    private readonly Dictionary<ulong, RecordResult> _results = [];

    public ulong Epoch { get; init; } = 0x1122334455667788;

    public uint Boot { get; init; } = 3;

    public ulong Oldest { get; set; } = 1;

    public ulong Newest { get; set; } = 7;

    public HashSet<ulong> Lost { get; } = [];

    public byte UsedPercent { get; set; }

    public bool IsFull { get; set; }

    public uint Unacknowledged => (uint)(Newest - Acked);

    public ulong Acked
    {
        get
        {
            ulong acked = Oldest - 1;
            while (_results.ContainsKey(acked + 1))
            {
                acked++;
            }

            return acked;
        }
    }

    public RecordResult? this[ulong seq]
    {
        get => _results.GetValueOrDefault(seq);
        set => _results[seq] = value!;
    }

    public Lease? Lease { get; set; }

    public Dictionary<ulong, LeasedCode> Leased { get; } = [];

    public LeasedCode? LeasedOf(ulong seq) => Leased.GetValueOrDefault(seq);

    public bool Holds(ulong seq) => seq >= Oldest && seq <= Newest && !Lost.Contains(seq);

    public RecordResult? ResultOf(ulong seq) => _results.GetValueOrDefault(seq);
}
