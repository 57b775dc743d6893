using System.Globalization;
using FirmwareSim.Baskets;
using FirmwareSim.Replay;
using FirmwareSim.Running;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Tlk;
using Invoicing.Sales;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>
/// What a gateway recorded of a TLK/1 register, its private parts masked, is played back to another gateway by <c>firmware-sim replay</c>: the
/// same sales come of it, but for masked words, with that gateway's codes; and a gateway that makes something else of them is found out.
/// </summary>
public sealed class TlkReplayRunTests(ITestOutputHelper output)
{
    private const int Sales = 12;
    private const string Serial = "SIM-0001";

    [Theory]
    [InlineData(0, false, 1)]
    [InlineData(0, true, 2)]
    [InlineData(6, true, 3)]
    [InlineData(12, true, 4)]
    public async Task A_recording_is_played_back(int cuts, bool isBad, int seed)
    {
        await using Shop shop = await Shop.OpenAsync();
        Random random = new(seed);
        Recorded recorded = await RecordAsync(shop, new()
        {
            Cuts = [.. Enumerable.Range(0, cuts).Select(_ => random.NextInt64(10_000))],
            Disturbance = !isBad ? new() : new(Split: true, DropAckPercent: 10, DoublePercent: 10, FlipPercent: 5, Seed: seed),
        });
        Assert.Equal(Sales, recorded.Sales.Count);
        foreach (bool isTimed in new[] { true, false })
        {
            Played played = await PlayAsync(recorded.File, isTimed: isTimed);

            output.WriteLine($"{recorded.Cuts} cuts, {recorded.Opened} connections: {played.Result}");
            Assert.Null(played.Result.Difference);
            Assert.Equal(played.Result.Steps, played.Result.Done);
            Assert.Equal(recorded.Sales, played.Sales);
            Assert.Equal(recorded.Ledger.Invoices, played.Ledger.Invoices);
            Assert.Equal((Sales, 0), (played.Ledger.Invoices.Count, played.Ledger.Named));
        }

        Assert.InRange(recorded.Opened, cuts == 0 ? 1 : 3, 2 * (cuts + 1)); // a cut may be noticed by one side after the other
    }

    /// <summary>What came before the recording is a gap of the other gateway; what came in it is all there.</summary>
    [Theory]
    [InlineData(1, new long[0])]
    [InlineData(3, new long[0])]
    [InlineData(1, new long[] { 7_000, 8_000 })]
    public async Task A_recording_that_begins_in_mid_life_is_played_back(int ahead, long[] cuts)
    {
        await using Shop shop = await Shop.OpenAsync();
        Recorded recorded = await RecordAsync(shop, new() { Ahead = ahead, RecordedAfter = 6, Cuts = cuts });
        Played played = await PlayAsync(recorded.File, serial: cuts.Length == 0 ? Serial : null);

        output.WriteLine($"{recorded.Cuts} cuts: {played.Result}");
        Assert.Null(played.Result.Difference);
        Assert.Equal(cuts.Length, recorded.Cuts);
        Assert.InRange(played.Sales.Count, ahead == 1 ? 6 : 1, 6);
        Assert.Equal(recorded.Sales.Skip(Sales - played.Sales.Count), played.Sales);
        Assert.Equal(recorded.Ledger.Invoices.Skip(Sales - played.Sales.Count), played.Ledger.Invoices);
        (ulong first, ulong last) = Assert.Single(played.Ledger.Gaps);
        Assert.Equal((1UL, (ulong)(Sales - played.Sales.Count)), (first, last));
    }

    /// <summary>An empty gateway asked an old register for what it lacked: so does the other one, and gets what was recorded of it.</summary>
    [Fact]
    public async Task A_recording_of_a_recovery_is_played_back()
    {
        await using Shop lost = await Shop.OpenAsync();
        await using Shop shop = await Shop.OpenAsync();
        string journal = lost.File("register");
        await RecordAsync(lost, new() { Sales = 6, Journal = journal });
        Recorded recorded = await RecordAsync(shop, new() { Journal = journal, Cuts = [4_000] });
        Played played = await PlayAsync(recorded.File);

        output.WriteLine($"{recorded.Cuts} cuts: {played.Result}");
        Assert.Null(played.Result.Difference);
        Assert.Equal((Sales, 1), (recorded.Sales.Count, recorded.Cuts));
        Assert.Equal(recorded.Sales, played.Sales);
        Assert.Equal(recorded.Ledger.Invoices, played.Ledger.Invoices);
        Assert.Equal(recorded.Ledger.Holes, played.Ledger.Holes);
        Assert.Empty(played.Ledger.Gaps);
    }

    [Fact]
    public async Task A_gateway_that_makes_something_else_of_it_is_found_out()
    {
        await using Shop shop = await Shop.OpenAsync();
        await ImportAsync(shop);
        Recorded recorded = await RecordAsync(shop, new() { Extras = BasketExtras.CodesOnly });

        Played same = await PlayAsync(recorded.File, prepare: ImportAsync);
        Played ignorant = await PlayAsync(recorded.File);
        Played stranger = await PlayAsync(recorded.File, prepare: ImportAsync, options: new() { Register = new RegisterId("OTHER") });

        output.WriteLine($"{same.Result}\n{ignorant.Result}\n{stranger.Result}");
        Assert.Null(same.Result.Difference);
        Assert.Equal(recorded.Sales, same.Sales);
        HashSet<ulong> held = [.. recorded.Ledger.Holes.Select(hole => hole.Key.Sequence)];
        int issued = Enumerable.Range(1, Sales).First(sequence => !held.Contains((ulong)sequence));
        Assert.Matches($"^step [0-9]+: record {issued}: expected issued, found held \\(reason 255: ", ignorant.Result.Difference);
        Assert.Empty(ignorant.Ledger.Invoices);
        Assert.Matches("^step [0-9]+: HELLO: expected WELCOME, found NAK 6 \\(not paired\\): serial SIM-0001 on the line of OTHER$", stranger.Result.Difference);
        Assert.Empty(stranger.Sales);
    }

    /// <summary>Says the goods that a register has which knows only their codes.</summary>
    private static Task ImportAsync(Shop shop) => shop.ImportGoodsAsync();

    /// <summary>Lets a register sell to a gateway whose line is recorded.</summary>
    private static Task<Recorded> RecordAsync(Shop shop, Selling selling) => Task.Run(async () =>
    {
        Cable cable = new(selling.Cuts);
        ObservedLine observed = new(cable.GatewayLine);
        List<string> rows = [];
        using CancellationTokenSource ended = new();
        Task recording = Task.CompletedTask;
        void Record() => recording = WriteAsync(
            observed.RecordAsync(new("tlk", key => new TlkRecordingMask(key)) { Duration = TimeSpan.FromDays(1) }, shop.Time, ended.Token), rows);

        SimulatedRegister register = new(new()
        {
            Serial = Serial,
            JournalPath = selling.Journal ?? shop.File("register"),
            Line = () => cable.RegisterLine,
            Sales = selling.Sales,
            Extras = selling.Extras,
            Disturbance = selling.Disturbance,
            Ahead = selling.Ahead,
            Time = shop.Time,
        });
        SaleListener listener = new(shop.Recorder);
        await using (register)
        {
            if (selling.RecordedAfter == 0)
            {
                Record();
            }

            register.WhenAnswered = answered =>
            {
                if (answered.Sequence == selling.RecordedAfter)
                {
                    Record();
                }
            };
            TlkDriver driver = new(observed, listener, new(), shop.Time, NullLogger<TlkDriver>.Instance);
            await TlkSelling.RunAsync(driver, register);
        }

        await ended.CancelAsync();
        await recording.Soon();
        Assert.EndsWith("\"rows_lost\":0}", rows[^1], StringComparison.Ordinal);
        string file = shop.File("recording");
        await File.WriteAllLinesAsync(file, rows);
        int opened = rows.Count(row => row.Contains("\"event\":\"open\"", StringComparison.Ordinal));
        return new Recorded(file, Told(listener), Ledger.Read(shop.Journal, Serial), cable.Cuts, opened);
    });

    private static async Task<Played> PlayAsync(
        string file, string? serial = null, bool isTimed = true, Func<Shop, Task>? prepare = null, TlkOptions? options = null)
    {
        await using Shop shop = await Shop.OpenAsync();
        await (prepare?.Invoke(shop) ?? Task.CompletedTask);
        return await Task.Run(async () =>
        {
            SaleListener listener = new(shop.Recorder);
            Cable cable = new([]);
            using CancellationTokenSource stop = new();
            TlkDriver driver = new(cable.GatewayLine, listener, options ?? new(), shop.Time, NullLogger<TlkDriver>.Instance);
            Task serving = driver.RunAsync(stop.Token);
            await using FirmwareSim.Lines.ILine line = cable.RegisterLine;
            IRecordingPlayer player = RecordingPlayers.For(
                RecordedLine.Read(file), new(IsLenient: true, isTimed, ReplayOptions.DefaultPatience) { Serial = serial });
            ReplayResult result = await player.PlayAsync(line, shop.Time, default).Soon(TimeSpan.FromMinutes(2));
            await Task.Delay(TimeSpan.FromSeconds(5), shop.Time); // virtual: what came last is recorded by then
            await stop.CancelAsync();
            await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new Played(result, Told(listener), Ledger.Read(shop.Journal, Serial));
        });
    }

    private static async Task WriteAsync(IAsyncEnumerable<string> recording, List<string> rows)
    {
        await foreach (string row in recording)
        {
            rows.Add(row);
        }
    }

    /// <summary>What of the sales no mask touches; a record that came again is recorded once, and heard each time.</summary>
    private static IReadOnlyList<string> Told(SaleListener listener) =>
        [.. listener.Sales.DistinctBy(sale => sale.Key.Sequence).OrderBy(sale => sale.Key.Sequence).Select(sale => string.Create(
            CultureInfo.InvariantCulture,
            $"{sale.Key.Sequence} {sale.ReceiptNumber} {sale.ClosedAt:O} {sale.Total} [{string.Join("; ", sale.Lines.Select(line => $"{line.Quantity} x {line.UnitPrice} = {line.Amount} {line.Rate}"))}]"))];

    /// <summary>How the register sells, and from when on its line is recorded.</summary>
    private sealed record Selling
    {
        /// <summary>Sales in the register's journal in the end.</summary>
        public int Sales { get; init; } = TlkReplayRunTests.Sales;

        /// <summary>The register's journal; null: a new one.</summary>
        public string? Journal { get; init; }

        public long[] Cuts { get; init; } = [];

        public Disturbance Disturbance { get; init; } = new();

        public BasketExtras Extras { get; init; }

        public int Ahead { get; init; } = 8;

        /// <summary>The record whose answer the recording begins behind; 0: from the first byte.</summary>
        public ulong RecordedAfter { get; init; }
    }

    private sealed record Recorded(string File, IReadOnlyList<string> Sales, Ledger Ledger, int Cuts, int Opened);

    private sealed record Played(ReplayResult Result, IReadOnlyList<string> Sales, Ledger Ledger);
}
