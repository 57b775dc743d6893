using FirmwareSim.Eutron;
using FirmwareSim.Failures;
using Invoicing.Registers.Eutron;
using Invoicing.Sales;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>Eutron registers, on a serial line and over TCP, against the simulated ones.</summary>
public sealed class EutronRunTests(ITestOutputHelper output)
{
    private static TillRun Serial => new()
    {
        Name = "eutron",
        Protocol = Protocol.Eutron,
        LastNumber = LogRecords.LastReceipt,
        NumberOf = sequence => ((sequence - 1) % (ulong)LogRecords.LastReceipt) + 1,
        Recorded = serial => $"EUTRON-{LogRecords.NumberOf(serial)}",
        Front = (till, faults) => new EutronFront(new FirmwareSim.Eutron.EutronMemory(till, faults, SalesLog.DefaultCapacity)),
        Driver = (line, shop) => EutronDrivers.Create(line, Options, shop.Recorder, shop.Captures, shop.Time, NullLoggerFactory.Instance),
    };

    private static TillRun Tcp => Serial with
    {
        Name = "eutron-tcp",
        Protocol = Protocol.EutronTcp,
        Front = (till, faults) => new EutronTcpFront(new FirmwareSim.Eutron.EutronMemory(till, faults, SalesLog.DefaultCapacity)),
        Driver = (line, shop) => EutronDrivers.Create(line, TcpOptions, shop.Recorder, shop.Captures, shop.Time, NullLoggerFactory.Instance),
    };

    private static Fault[] Framed =>
        [Fault.Split, Fault.LostAck, Fault.Flip, Fault.DoubleFlip, Fault.Reboot, Fault.HalfOpen, Fault.Unplug];

    private static EutronOptions Options => new() { FromBeginning = true, Tenders = [PaymentMeans.Cash, PaymentMeans.Card] };

    private static EutronOptions TcpOptions => new() { FromBeginning = true, IsTcp = true, Tenders = [PaymentMeans.Cash, PaymentMeans.Card] };

    [Fact]
    public async Task Serial_on_a_good_day() => await EachOnceAsync(Serial with { Sales = 100 });

    [Fact]
    public async Task Tcp_on_a_good_day() => await EachOnceAsync(Tcp with { Sales = 100 });

    [Fact]
    [Trait("run", "open")]
    public async Task Serial_is_cut_after_every_byte_and_every_sale_is_there_once() =>
        await (Serial with { Sales = 2 }).CutEverywhereAsync(IsWanted, report => report is { Once: 2, Twice: 0 }, output);

    [Fact]
    [Trait("run", "open")]
    public async Task Tcp_is_cut_after_every_byte_and_every_sale_is_there_once() =>
        await (Tcp with { Sales = 2 }).CutEverywhereAsync(IsWanted, report => report is { Once: 2, Twice: 0 }, output);

    [Theory]
    [Trait("run", "open")]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Serial_with_every_fault_for_a_thousand_sales(int seed) => await EachOnceAsync(Bad(Serial, seed));

    [Theory]
    [Trait("run", "open")]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Tcp_with_every_fault_for_a_thousand_sales(int seed) => await EachOnceAsync(Bad(Tcp, seed));

    /// <summary>In the table of articles, hundreds of equal rows, every 97th byte.</summary>
    private static bool IsWanted(long at, long bytes) => at < 500 || at >= bytes - 900 || at % 97 == 0;

    private static TillRun Bad(TillRun run, int seed)
    {
        Random random = new(seed);

        // With each connection the whole log is read, so faults of the frames strike once in some readings, and those of the receipts by seed.
        return run with
        {
            Name = $"{run.Name}, all faults, seed {seed}",
            Sales = 1000,
            Seed = seed,
            Rate = 2,
            SpecialPercent = 5,
            DayCloseEvery = 100,
            Except = [Fault.Twin, Fault.LogOverflow, .. Framed],
            Orders = [.. Framed.Select(fault => new FaultOrder(fault, 0, random.Next(4_000, 12_000), null))],
            Cuts = [.. Enumerable.Range(0, 20).Select(_ => random.NextInt64(1_500_000))],
        };
    }

    private async Task EachOnceAsync(TillRun run)
    {
        TillOutcome outcome = await run.RunAsync();
        output.WriteLine(outcome.ToString());
        Assert.Equal(outcome.Report with { Once = run.Sales, Named = 0, Missing = 0, Twice = 0 }, outcome.Report);
    }
}
