using FirmwareSim.Failures;
using FirmwareSim.Tills;
using Invoicing.Testing;

namespace FirmwareSim.Tests.Tills;

/// <summary>One simulated register on a line in memory, and its book afterwards.</summary>
internal sealed class TillBench : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RunningTime _clock = new();

    /// <summary>The register's run, so that a host hears of its end.</summary>
    public Task? Running { get; set; }

    public MemoryLine Line { get; } = new();

    public TimeProvider Time => _clock.Time;

    public string BookPath => _folder.File("book");

    public string File(string name) => _folder.File(name);

    public TillRunOptions Options(Func<Till, IRegisterFront> front, FaultPlan faults, long sales, TillOptions? till = null) => new()
    {
        Line = () => Line,
        BookPath = BookPath,
        Till = (till ?? new TillOptions { Serial = "DT000001" }) with { Time = Time },
        Front = front,
        Sales = sales,
        Faults = faults,
        Time = Time,
    };

    /// <summary>Every fault that fits, each so often, but for some.</summary>
    public static FaultPlan Faults(Protocol protocol, int every, params ReadOnlySpan<Fault> without)
    {
        Fault[] left = without.ToArray();
        return new FaultPlan(
            protocol,
            FaultTable.Rows.Where(row => row.Fits.HasFlag(protocol) && !left.Contains(row.Fault))
                .Select(row => new FaultOrder(row.Fault, 0, every + (int)row.Fault, null)),
            seed: 7,
            rate: 0);
    }

    public IReadOnlyList<RungReceipt> Book() => SalesBook.Read(BookPath);

    public async ValueTask DisposeAsync()
    {
        await _clock.DisposeAsync();
        _folder.Dispose();
    }
}
