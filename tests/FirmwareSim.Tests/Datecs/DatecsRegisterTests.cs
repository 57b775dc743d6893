using System.Globalization;
using FirmwareSim.Datecs;
using FirmwareSim.Failures;
using FirmwareSim.Tests.Tills;
using FirmwareSim.Tills;
using Invoicing.Testing;

namespace FirmwareSim.Tests.Datecs;

public sealed class DatecsRegisterTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(90);

    /// <summary>Longest until all is read, by the register's clock: forty receipts with every question asked again and again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    public static TheoryData<int> MoreSeeds => [.. Enumerable.Range(2, 10)];

    /// <summary>On a good day (0), and with every fault by seed.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task An_X_register_gives_every_sold_line_once_whatever_the_line_does(int seed) => await ReadAllAsync(seed);

    [Theory]
    [Trait("run", "long")]
    [MemberData(nameof(MoreSeeds))]
    public async Task An_X_register_gives_every_sold_line_once_by_more_seeds(int seed) => await ReadAllAsync(seed);

    [Theory]
    [InlineData(0)]
    [InlineData(90)]
    public async Task A_legacy_register_gives_its_whole_journal_as_text_in_windows_1251(int faultsEvery)
    {
        await using TillBench bench = new();
        FaultPlan faults = faultsEvery == 0
            ? FaultPlan.None(Protocol.DatecsIsl)
            : TillBench.Faults(Protocol.DatecsIsl, faultsEvery, Fault.DoubleFlip, Fault.Swap, Fault.Twin, Fault.Reboot, Fault.ClockJump, Fault.Full);
        await using TillRunner runner = new(bench.Options(till => new IslFront(new DatecsIslCommands(till), TimeSpan.Zero), faults, 20, Specials()) with { Linger = true });
        using CancellationTokenSource stop = new();
        Task running = runner.RunAsync(stop.Token);
        await Waiting.Until(() => runner.Summary.Sales == 20, "sold");
        bench.Running = running;
        IslMaster master = new(bench, IslDialect.Legacy);
        List<string> text = [];
        for (string row = await master.AskAsync(119, "RA,010100,311299"); row != "F"; row = await master.AskAsync(119, "N").Soon(Long))
        {
            text.Add(row);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        string expected = string.Join('\n', bench.Book().Select(receipt => string.Join('\n', DatecsJournalText.Of(receipt).Select(line => "P," + line))).Aggregate((a, b) => a + "\n*,\n" + b));
        Assert.Equal(expected, string.Join('\n', text));
        Assert.Contains("ОБЩА СУМА", expected, StringComparison.Ordinal);
        Assert.True(runner.Summary.IsAllGiven);
    }

    [Fact]
    public async Task A_frame_of_the_other_dialect_is_answered_by_busy_and_NAK()
    {
        await using TillBench bench = new();
        await using TillRunner runner = new(bench.Options(till => new IslFront(new DatecsXCommands(till), TimeSpan.Zero), FaultPlan.None(Protocol.DatecsX), 1));
        using CancellationTokenSource stop = new();
        Task running = runner.RunAsync(stop.Token);
        using Stream line = bench.Line.Plug();

        await line.WriteAsync(Convert.FromHexString("0125215A310530303D3603"), TestContext.Current.CancellationToken);

        byte[] signs = new byte[2];
        await line.ReadExactlyAsync(signs, TestContext.Current.CancellationToken).AsTask().Soon();
        Assert.Equal("1615", Convert.ToHexString(signs));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task The_same_SEQ_is_answered_by_the_same_reply_and_carried_out_once()
    {
        await using TillBench bench = new();
        await using TillRunner runner = new(bench.Options(till => new IslFront(new DatecsXCommands(till), TimeSpan.Zero), FaultPlan.None(Protocol.DatecsX), 3) with { Linger = true });
        using CancellationTokenSource stop = new();
        Task running = runner.RunAsync(stop.Token);
        await Waiting.Until(() => runner.Summary.Sales == 3, "sold");
        using Stream line = bench.Line.Plug();
        string[] replies = new string[4];
        byte[][] requests =
        [
            IslFrames.Request(IslDialect.X, 0x20, 125, "9\t1\t3\t"u8), IslFrames.Request(IslDialect.X, 0x21, 125, "8\t"u8),
            IslFrames.Request(IslDialect.X, 0x21, 125, "8\t"u8), IslFrames.Request(IslDialect.X, 0x22, 125, "8\t"u8),
        ];
        byte[] buffer = new byte[512];
        for (int i = 0; i < requests.Length; i++)
        {
            await line.WriteAsync(requests[i], TestContext.Current.CancellationToken);
            replies[i] = Convert.ToHexString(buffer[..await line.ReadAsync(buffer, TestContext.Current.CancellationToken).Soon()]);
        }

        Assert.Equal(replies[1], replies[2]);
        Assert.NotEqual(replies[2], replies[3]);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static async Task ReadAllAsync(int seed)
    {
        await using TillBench bench = new();
        FaultPlan faults = seed == 0 ? FaultPlan.None(Protocol.DatecsX) : BySeed(seed);
        await using TillRunner runner = new(bench.Options(till => new IslFront(new DatecsXCommands(till), TimeSpan.Zero), faults, 40, Specials()) with { Linger = true });
        using CancellationTokenSource stop = new();
        Task running = runner.RunAsync(stop.Token);
        bench.Running = running;
        IslMaster master = new(bench, IslDialect.X);
        Dictionary<long, List<string>> rows = [];
        string found = string.Empty;

        // It stays on the line until all was read: a register that ends by itself may end between the last line and the end sign.
        long start = bench.Time.GetTimestamp();
        while (runner.Summary.Sales < 40 || bench.Book().Any(receipt => receipt.IsSold && !rows.ContainsKey(receipt.Number)))
        {
            Assert.True(bench.Time.GetElapsedTime(start) < Patience, $"read up to {rows.Keys.DefaultIfEmpty().Max()}: {runner.Summary}, full {runner.Active.Till.IsFull}, wanted {string.Join(' ', bench.Book().Where(receipt => receipt.IsSold && !rows.ContainsKey(receipt.Number)).Select(receipt => receipt.Number))}, last found {found}, {string.Join(' ', runner.Summary.Faults)}");
            long next = rows.Keys.DefaultIfEmpty().Max() + 1;
            found = await master.AskAsync(124, "\t\t10\t").Soon(Long);
            if (found.StartsWith("0\t", StringComparison.Ordinal))
            {
                // One after the other: a register that restarts forgets what was selected, and never gives a long selection whole.
                for (long last = long.Parse(found.Split('\t')[4], CultureInfo.InvariantCulture); next <= last; next++)
                {
                    await ReadRowsAsync(master, next, rows);
                }
            }
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        RungReceipt[] sold = [.. bench.Book().Where(receipt => receipt.IsSold)];
        Assert.Equal(40, sold.Count(receipt => receipt.Class == ReceiptClass.Sale));
        Assert.Equal(sold.Select(receipt => receipt.Number), rows.Keys.Order());
        Assert.All(sold, receipt => Assert.Equal(receipt.Lines.Select(line => $"{line.Amount}.00"), rows[receipt.Number].Select(row => row.Split(';')[7])));
        Assert.All(sold, receipt => Assert.All(rows[receipt.Number], row => Assert.Equal($"{receipt.Total}.00", row.Split(';')[8])));
        if (seed > 0)
        {
            AssertStruck(runner, "split", "wait-storm", "nak", "lost-reply", "echo", "late-reply", "flip", "reboot", "unplug", "half-open", "power-loss", "clock-jump", "late-void", "full");
            Assert.True(master is { Repeated: > 0, Echoes: > 0, LateReplies: > 0 });
        }
    }

    /// <summary>
    /// Faults of the line by seed: a register that restarted at every 27th frame, say, could never give a receipt of thirty lines whole. Those that
    /// belong to a receipt in their turn, so that forty receipts see each.
    /// </summary>
    private static FaultPlan BySeed(int seed) => new(
        Protocol.DatecsX,
        new[] { Fault.PowerLoss, Fault.ClockJump, Fault.LateVoid, Fault.Full }.Select(fault => new FaultOrder(fault, 0, 17 + (int)fault, null)),
        seed,
        rate: 25,
        Fault.DoubleFlip, Fault.Swap, Fault.Twin, Fault.CounterWrap);

    private static TillOptions Specials() => new() { Serial = "DT000001", SpecialPercent = 20, DayCloseEvery = 13 };

    private static async Task ReadRowsAsync(IslMaster master, long number, Dictionary<long, List<string>> rows)
    {
        // Of a hundred readings of the longest receipt, 90 lines, ten come between two restarts.
        for (int readings = 0; readings < 200; readings++)
        {
            string selected = await master.AskAsync(125, $"9\t{number}\t{number}\t").Soon(Long);
            if (!selected.StartsWith("0\t", StringComparison.Ordinal))
            {
                return;
            }

            List<string> read = [];
            string row;
            while ((row = await master.AskAsync(125, "8\t").Soon(Long)).StartsWith("0\t", StringComparison.Ordinal))
            {
                read.Add(row.Split('\t')[1]);
            }

            // A register that restarted has forgotten the selection and says so: all is read again.
            if (row == "-100003\t")
            {
                foreach (IGrouping<long, string> receipt in read.GroupBy(item => long.Parse(item.Split(';')[2], CultureInfo.InvariantCulture)))
                {
                    rows.TryAdd(receipt.Key, [.. receipt]);
                }

                return;
            }
        }

        Assert.Fail($"receipt {number} was never read whole");
    }

    private static void AssertStruck(TillRunner runner, params ReadOnlySpan<string> names) =>
        Assert.Empty(names.ToArray().Except(runner.Summary.Faults.Keys));
}
