using FirmwareSim.Failures;
using FirmwareSim.Tills;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Lines;
using Invoicing.Testing;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>One run of a simulated register, other than TLK/1, against its driver.</summary>
internal sealed record TapRun
{
    /// <summary>What the report calls it.</summary>
    public required string Name { get; init; }

    /// <summary>What the register speaks.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>The register's side.</summary>
    public required Func<Till, FaultPlan, IRegisterFront> Front { get; init; }

    /// <summary>The driver.</summary>
    public required Func<ILine, Shop, IRegisterDriver> Driver { get; init; }

    public string Serial { get; init; } = "SIM0001";

    public int Sales { get; init; } = 1000;

    public int SpecialPercent { get; init; }

    public int DayCloseEvery { get; init; }

    public long LastNumber { get; init; } = 9_999_999;

    /// <summary>Faults by seed, so many of a thousand occasions; 0: none.</summary>
    public int Rate { get; init; }

    public int Seed { get; init; } = 1;

    public Fault[] Except { get; init; } = [];

    /// <summary>Bytes of the cable at which it is cut.</summary>
    public IReadOnlyList<long> Cuts { get; init; } = [];

    /// <summary>Between two sales, in virtual time.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Whether the register says things by itself, so that it sells only while somebody hears it.</summary>
    public bool WaitsToBeHeard { get; init; }

    /// <summary>
    /// Seconds of virtual time, in a row, in which nothing waits and nothing becomes durable before the run is over: for drivers whose register
    /// cannot know that it was heard. 0: the register knows.
    /// </summary>
    public int CalmSeconds { get; init; }

    /// <summary>Runs it in a shop of its own.</summary>
    public async Task<TillOutcome> RunAsync()
    {
        await using Shop shop = await Shop.OpenAsync();
        await shop.ImportGoodsAsync();
        return await RunAsync(shop);
    }

    /// <summary>Runs it in a shop that others use, too, each under its own serial.</summary>
    public async Task<TillOutcome> RunAsync(Shop shop)
    {
        long before = shop.Gateway.Status.HeadPosition;
        Cable cable = new(Cuts);
        FaultPlan faults = new(Protocol, [], Seed, Rate, Except);
        int sold = 0;
        TillRunner runner = new(new()
        {
            Line = () => cable.RegisterLine,
            Till = new()
            {
                Serial = Serial,
                Seed = Seed,
                SpecialPercent = SpecialPercent,
                DayCloseEvery = DayCloseEvery,
                LastNumber = LastNumber,
                Time = shop.Time,
            },
            BookPath = shop.File($"{Serial}.book"),
            Front = till => Front(till, faults),
            Sales = Sales,
            Faults = faults,
            Pace = Pace,
            WaitsToBeHeard = WaitsToBeHeard,
            Time = shop.Time,
        })
        {
            WhenClosed = receipt =>
            {
                if (receipt.Class == ReceiptClass.Sale && Interlocked.Increment(ref sold) >= Sales)
                {
                    faults.End();
                }
            },
        };
        await using (runner)
        {
            IRegisterDriver driver = Driver(cable.GatewayLine, shop);
            await ServeAsync(driver, runner, shop.Time);
            RungReceipt[] all = [.. SalesBook.Read(shop.File($"{Serial}.book"))];
            Receipt[] sales = [.. all.Where(r => r.Class == ReceiptClass.Sale).Select(r => new Receipt(Receipt.Plain(r.Number), r.Total))];
            var ledger = Ledger.Read(shop.Journal, Serial, before);
            var twin = Ledger.Read(shop.Journal, Serial + "B", before);
            return new(
                RunReport.Of(Name, sales, ledger.With(twin), ledger.Named + twin.Named), ledger, all, runner.Summary.Faults, cable.Bytes, cable.Cuts, driver.Status);
        }
    }

    private async Task ServeAsync(IRegisterDriver driver, TillRunner runner, TimeProvider time)
    {
        using CancellationTokenSource stop = new();
        Task serving = driver.RunAsync(stop.Token);
        Task selling = runner.RunAsync(stop.Token);
        try
        {
            await Task.WhenAny(serving, selling).Soon(TimeSpan.FromMinutes(4));
            for (int calm = 0; calm < CalmSeconds && selling.IsCompletedSuccessfully && !serving.IsCompleted;)
            {
                ulong durable = driver.Status.Durable;
                await Task.Delay(TimeSpan.FromSeconds(1), time).Soon(TimeSpan.FromMinutes(4));
                calm = driver.Status is { Waiting: 0 } status && status.Durable == durable ? calm + 1 : 0;
            }
        }
        catch (TimeoutException fault)
        {
            throw new TimeoutException($"{fault.Message}: {runner.Summary}; {driver.Status}; {string.Join(", ", driver.Status.Counters)}; {string.Join(", ", runner.Summary.Faults)}", fault);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(serving, selling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Assert.True(selling.IsCompletedSuccessfully, $"{serving.Exception} {selling.Exception}");
    }
}
