using FirmwareSim.Failures;
using FirmwareSim.Tills;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Lines;
using Invoicing.Testing;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>One run of a simulated register, other than TLK/1, against its driver.</summary>
internal sealed record TillRun
{
    /// <summary>What the report calls it.</summary>
    public required string Name { get; init; }

    /// <summary>What the register speaks.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>The register's side.</summary>
    public required Func<Till, FaultPlan, IRegisterFront> Front { get; init; }

    /// <summary>The driver.</summary>
    public required Func<ILine, Shop, IRegisterDriver> Driver { get; init; }

    /// <summary>The driver of a register that says nothing of itself, by the name that it is given; null for one that does.</summary>
    public Func<string, Func<ILine, Shop, IRegisterDriver>>? DriverOf { get; init; }

    /// <summary>What runs beside register and driver until the run is over, such as a second line of the register.</summary>
    public Func<Shop, CancellationToken, Task> Beside { get; init; } = static (_, _) => Task.CompletedTask;

    public string Serial { get; init; } = "SIM0001";

    public int Sales { get; init; } = 1000;

    public int SpecialPercent { get; init; }

    public int DayCloseEvery { get; init; }

    public long LastNumber { get; init; } = 9_999_999;

    /// <summary>Rows of the register's table of articles; 0: those of the price list.</summary>
    public int PluRows { get; init; }

    /// <summary>Bits a second of the wire, register to gateway; null: no time.</summary>
    public int? Speed { get; init; }

    /// <summary>Faults by seed, so many of a thousand occasions; 0: none.</summary>
    public int Rate { get; init; }

    public int Seed { get; init; } = 1;

    public Fault[] Except { get; init; } = [];

    /// <summary>Faults at moments of their own.</summary>
    public IReadOnlyList<FaultOrder> Orders { get; init; } = [];

    /// <summary>Sales at the end at which no fault strikes any more: of a register that says nothing twice, what is lost shows by what comes behind it.</summary>
    public int CalmSales { get; init; } = 1;

    /// <summary>What the journal calls a register of a serial number.</summary>
    public Func<string, string> Recorded { get; init; } = serial => serial;

    /// <summary>Bytes of the cable at which it is cut.</summary>
    public IReadOnlyList<long> Cuts { get; init; } = [];

    /// <summary>Moments at which the edge is stopped and begins anew.</summary>
    public IReadOnlyList<EdgeStop> Stops { get; init; } = [];

    /// <summary>Whether the side that writes into a cut learns of it; if not, the register believes that it said what was lost.</summary>
    public bool NoticesCuts { get; init; } = true;

    /// <summary>Whether the register writes only once the driver has opened its end of the cable.</summary>
    public bool IsAnswered { get; init; }

    /// <summary>Between two sales, in virtual time.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Whether the register says things by itself, so that it sells only while somebody hears it.</summary>
    public bool WaitsToBeHeard { get; init; }

    /// <summary>
    /// The receipt number that a record's sequence stands for; null if records are pieces of print, which are looked into (<see cref="Pieces"/>).
    /// </summary>
    public Func<ulong, ulong>? NumberOf { get; init; } = sequence => sequence;

    /// <summary>
    /// Seconds of virtual time, in a row, in which nothing waits and nothing becomes durable before the run is over, for a register that cannot
    /// know that it was heard. 0: it is asked, and the run is over when every sale is an invoice, or nothing more comes.
    /// </summary>
    public int CalmSeconds { get; init; }

    /// <summary>Looks in a row, five virtual seconds apart, at which nothing new is recorded, before a run ends: longer than any pause of a driver.</summary>
    public int QuietLooks { get; init; } = 12;

    /// <summary>Runs it in a shop of its own.</summary>
    public async Task<TillOutcome> RunAsync()
    {
        await using Shop shop = await Shop.OpenAsync();
        await shop.ImportGoodsAsync();
        return await RunAsync(shop);
    }

    /// <summary>Runs it in a shop that others use, too, each under its own serial.</summary>
    /// <remarks>All of it runs on the pool, which the virtual clock watches; a test's own context would be work that it does not see.</remarks>
    public Task<TillOutcome> RunAsync(Shop shop) => Task.Run(() => RunOnPoolAsync(shop));

    private async Task<TillOutcome> RunOnPoolAsync(Shop shop)
    {
        long before = shop.Head;
        Cable cable = new(Cuts, NoticesCuts) { IsAnswered = IsAnswered };
        FaultPlan faults = new(Protocol, Orders, Seed, Rate, Except);
        int sold = 0;
        TillRunner runner = new(Options(shop, cable, faults))
        {
            WhenClosed = receipt =>
            {
                if (receipt.Class == ReceiptClass.Sale && Interlocked.Increment(ref sold) > Sales - CalmSales)
                {
                    faults.End();
                }
            },
        };
        await using (runner)
        {
            RestartingEdge edge = new(this, cable, shop);
            await ServeAsync(edge, runner, shop, before);
            return await CompareAsync(shop, before, runner, cable, edge);
        }
    }

    private TillRunOptions Options(Shop shop, Cable cable, FaultPlan faults) => new()
    {
        Line = () => cable.RegisterLine,
        Till = new()
        {
            Serial = Serial,
            Seed = Seed,
            SpecialPercent = SpecialPercent,
            DayCloseEvery = DayCloseEvery,
            LastNumber = LastNumber,
            PluRows = PluRows,
            Time = shop.Time,
        },
        BookPath = shop.File($"{Serial}.book"),
        Front = till => Front(till, faults),
        Sales = Sales,
        Faults = faults,
        Pace = Pace,
        Speed = Speed,
        WaitsToBeHeard = WaitsToBeHeard,
        Linger = CalmSeconds == 0,
        Time = shop.Time,
    };

    private async Task<TillOutcome> CompareAsync(Shop shop, long before, TillRunner runner, Cable cable, RestartingEdge edge)
    {
        RungReceipt[] all = [.. SalesBook.Read(shop.File($"{Serial}.book"))];
        Ledger together = new([], [], []);
        int named = 0;
        foreach (string serial in new[] { Serial, Serial + "B" })
        {
            var ledger = Ledger.Read(shop.Journal, Recorded(serial), before);
            together = together.With(ledger);
            named += NumberOf is null ? await Pieces.NamedAsync(shop.Gateway.Captures, Recorded(serial), [.. all.Where(r => r.Register == serial)], ledger)
                : ledger.NamedOf(Sold(all.Where(r => r.Register == serial)), NumberOf);
        }

        return new(RunReport.Of(Name, Sold(all), together, named), together, all, runner.Summary.Faults, cable.Bytes, cable.Cuts, edge.Driver.Status) { Stops = edge.Stopped };
    }

    private static Receipt[] Sold(IEnumerable<RungReceipt> receipts) =>
        [.. receipts.Where(r => r.Class == ReceiptClass.Sale).Select(r => new Receipt(Receipt.Plain(r.Number), r.Total))];

    /// <summary>Whether every sale in the register's book is an invoice.</summary>
    private bool IsAllRecorded(Shop shop, long before) =>
        Compare(SalesBook.Read(shop.File($"{Serial}.book")), shop, before) >= Sales;

    private int Compare(IEnumerable<RungReceipt> book, Shop shop, long before)
    {
        Ledger ledger = Ledger.Read(shop.Journal, Recorded(Serial), before).With(Ledger.Read(shop.Journal, Recorded(Serial + "B"), before));
        return RunReport.Of(Name, Sold(book), ledger, 0).Once;
    }

    /// <summary>
    /// Runs it again and again, cut at one byte more each time; the bytes are those of a run without cuts, counted over both directions.
    /// </summary>
    /// <param name="isWanted">Which bytes: number and how many there are.</param>
    /// <param name="isRight">What each run must come to.</param>
    /// <param name="output">Where the summary goes.</param>
    public async Task CutEverywhereAsync(Func<long, long, bool> isWanted, Func<RunReport, bool> isRight, ITestOutputHelper output)
    {
        await using Shop shop = await Shop.OpenAsync();
        await shop.ImportGoodsAsync();

        // Polls differ with the moment: the shortest of some whole runs is what is needed.
        long bytes = long.MaxValue;
        for (int i = 0; i < 4; i++)
        {
            TillOutcome whole = await Called($"C{9_900 + i}").RunAsync(shop);
            Assert.Equal(whole.Report with { Once = Sales, Named = 0, Missing = 0, Twice = 0 }, whole.Report);
            bytes = Math.Min(bytes, whole.Bytes);
        }

        List<string> wrong = [];
        (int runs, int cut, int once, int named, int missing, int twice) = (0, 0, 0, 0, 0, 0);
        for (long at = 0; at < bytes; at++)
        {
            if (!isWanted(at, bytes))
            {
                continue;
            }

            TillOutcome outcome = await (Called($"C{++runs:0000}") with { Cuts = [at] }).RunAsync(shop);
            RunReport report = outcome.Report;
            (cut, once, named, missing, twice) = (cut + outcome.Cuts, once + report.Once, named + report.Named, missing + report.Missing, twice + report.Twice);
            if (!isRight(report))
            {
                wrong.Add($"cut at {at}: {outcome}");
            }
        }

        output.WriteLine(
            $"{Name}: {Sales} sales, cut at each of {runs} of {bytes} bytes, {cut} cuts happened: once {once}, named {named}, missing {missing}, twice {twice}");
        Assert.True(wrong.Count == 0, $"{wrong.Count} are wrong\n{string.Join('\n', wrong.Take(5))}");
        Assert.InRange(cut, runs * 9 / 10, runs); // a run that needs fewer bytes ends before the last cuts
    }

    private TillRun Called(string serial) => this with { Serial = serial, Driver = DriverOf?.Invoke(serial) ?? Driver };

    private async Task ServeAsync(RestartingEdge edge, TillRunner runner, Shop shop, long before)
    {
        using CancellationTokenSource stop = new();
        Task serving = edge.RunAsync(stop.Token);
        Task selling = runner.RunAsync(stop.Token);
        Task beside = Beside(shop, stop.Token);
        try
        {
            Task watching = CalmSeconds == 0 ? WatchAsync(runner, shop, before, stop.Token) : WatchCalmAsync(edge, selling, shop.Time, stop.Token);
            await Task.WhenAny(serving, CalmSeconds == 0 ? selling : watching, watching).Soon(TimeSpan.FromMinutes(4));
        }
        catch (TimeoutException fault)
        {
            throw new TimeoutException($"{fault.Message}: {runner.Summary}; {edge.Driver.Status}; {string.Join(", ", edge.Driver.Status.Counters)}; {string.Join(", ", runner.Summary.Faults)}", fault);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(serving, selling, beside).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Assert.False(selling.IsFaulted || serving.IsFaulted || beside.IsFaulted, $"{serving.Exception} {selling.Exception} {beside.Exception}");
        Assert.True(CalmSeconds == 0 || selling.IsCompletedSuccessfully, "expected the register to end by itself");
    }

    /// <summary>
    /// Waits until every sale is an invoice, or nothing more comes of either register. That the register has told all is not enough: what it told
    /// may not be recorded yet.
    /// </summary>
    private async Task WatchAsync(TillRunner runner, Shop shop, long before, CancellationToken cancellationToken)
    {
        while (!runner.IsAllSold)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), shop.Time, cancellationToken);
        }

        for (int plugged = 0; plugged < 2; plugged++)
        {
            long head = -1;
            for (int quiet = 0; quiet < QuietLooks;)
            {
                if (IsAllRecorded(shop, before))
                {
                    return;
                }

                quiet = head == shop.Head ? quiet + 1 : 0;
                head = shop.Head;
                await Task.Delay(TimeSpan.FromSeconds(5), shop.Time, cancellationToken);
            }

            runner.Swap();
        }
    }

    /// <summary>Waits until the register has said all and nothing of it is under way any more.</summary>
    private async Task WatchCalmAsync(RestartingEdge edge, Task selling, TimeProvider time, CancellationToken cancellationToken)
    {
        await selling;
        for (int calm = 0; calm < CalmSeconds;)
        {
            ulong durable = edge.Driver.Status.Durable;
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
            calm = edge.Driver.Status is { Waiting: 0 } status && status.Durable == durable ? calm + 1 : 0;
        }
    }
}
