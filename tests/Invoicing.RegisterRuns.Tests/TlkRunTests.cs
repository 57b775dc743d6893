using FirmwareSim.Baskets;
using FirmwareSim.Running;
using Invoicing.Registers.Tlk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>TLK/1 can rewind and is acknowledged: whatever the line does, every sale is in the journal once.</summary>
public sealed class TlkRunTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_thousand_sales_over_a_bad_line_are_a_thousand_invoices(int seed)
    {
        Random random = new(seed);
        long[] cuts = [.. Enumerable.Range(0, 60).Select(_ => random.NextInt64(1_500_000))];
        RunReport report = await RunAsync(
            $"tlk, seed {seed}", 1000, new Disturbance(Split: true, DropAckPercent: 5, DoublePercent: 5, FlipPercent: 2, Seed: seed), cuts);

        output.WriteLine(report.ToString());
        Assert.Equal(report with { Once = 1000, Named = 0, Missing = 0, Twice = 0 }, report);
    }

    [Fact]
    public async Task The_line_is_cut_after_every_byte_of_a_conversation_and_every_sale_is_there_once()
    {
        await using Shop shop = await Shop.OpenAsync();
        // HELLO, WELCOME, STATUS, REC, ACK: the shortest of some whole runs says how many bytes that is without repeats.
        long bytes = long.MaxValue;
        for (int i = 0; i < 8; i++)
        {
            bytes = Math.Min(bytes, (await RunAsync(shop, $"WHOLE-{i}", 1, new Disturbance(), [])).Bytes);
        }

        Assert.InRange(bytes, 300, 3_000);
        List<string> wrong = [];
        int cut = 0;
        for (long at = 0; at < bytes; at++)
        {
            (RunReport report, _, int cuts) = await RunAsync(shop, $"SIM-{at + 1}", 1, new Disturbance(), [at]);
            cut += cuts;
            if (report is not { Once: 1, Twice: 0 })
            {
                wrong.Add($"cut at {at}: {report}");
            }
        }

        output.WriteLine($"tlk: cut at each of {bytes} bytes of a conversation, {cut} cuts happened");
        Assert.Empty(wrong);
        Assert.InRange(cut, bytes * 9 / 10, bytes); // a run that needs fewer bytes ends before the last cuts
    }

    /// <summary>What a till rings up faster than 9,600 baud carry waits for the wire; on it, each record goes once.</summary>
    [Fact]
    public async Task A_wire_that_is_full_carries_each_record_once()
    {
        await using Shop shop = await Shop.OpenAsync();
        (RunReport free, long bytes, _) = await RunAsync(shop, "FREE", 100, new Disturbance(), []);
        (RunReport full, long paced, _) = await RunAsync(shop, "FULL", 100, new Disturbance(), [], speed: 9_600);
        output.WriteLine($"{free}: {bytes} bytes\n{full}: {paced} bytes");
        Assert.Equal((100, 100), (free.Once, full.Once));
        Assert.InRange(paced, bytes * 9 / 10, bytes * 11 / 10);
    }

    private static async Task<RunReport> RunAsync(string name, int sales, Disturbance disturbance, IEnumerable<long> cuts)
    {
        await using Shop shop = await Shop.OpenAsync();
        return (await RunAsync(shop, "SIM-0001", sales, disturbance, cuts)).Report with { Name = name };
    }

    private static Task<(RunReport Report, long Bytes, int Cuts)> RunAsync(
        Shop shop, string serial, int sales, Disturbance disturbance, IEnumerable<long> cuts, int? speed = null) =>
        Task.Run(() => RunOnPoolAsync(shop, serial, sales, disturbance, cuts, speed));

    private static async Task<(RunReport Report, long Bytes, int Cuts)> RunOnPoolAsync(
        Shop shop, string serial, int sales, Disturbance disturbance, IEnumerable<long> cuts, int? speed)
    {
        long before = shop.Gateway.Status.HeadPosition;
        Cable cable = new(cuts);
        List<Receipt> sold = [];
        SimulatedRegister register = new(new()
        {
            Serial = serial,
            JournalPath = shop.File(serial),
            Line = () => cable.RegisterLine,
            Sales = sales,
            Disturbance = disturbance,
            Ahead = 8,
            Speed = speed,
            Time = shop.Time,
        });
        await using (register)
        {
            TlkDriver driver = new(cable.GatewayLine, shop.Recorder, new(), shop.Time, NullLogger<TlkDriver>.Instance);
            await TlkSelling.RunAsync(driver, register);
            sold.AddRange(register.Records().Where(record => record.IsSale).Select(record => new Receipt(ReceiptOf(record.Seq), record.Total)));
        }

        var ledger = Ledger.Read(shop.Journal, serial, before);
        return (RunReport.Of(serial, sold, ledger, ledger.Holes.Count), cable.Bytes, cable.Cuts);
    }

    /// <summary>Baskets are a function of seed and sequence, and name their receipt.</summary>
    private static string ReceiptOf(ulong seq) => Receipt.Plain(new BasketMaker(1, default).Make(seq).Receipt);
}
