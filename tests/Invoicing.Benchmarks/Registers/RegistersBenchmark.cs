using System.Diagnostics;
using System.Globalization;
using System.Text;
using FirmwareSim.Tills;
using Invoicing.Benchmarks.Issue;
using Invoicing.Benchmarks.Method;
using Invoicing.Catalogues;
using Invoicing.Gateway;
using Invoicing.Vietnam;

namespace Invoicing.Benchmarks.Registers;

/// <summary>
/// <c>registers</c>: from frame to acknowledgement, for a register alone and for sixteen of mixed kinds on one gateway, each a process behind a
/// pseudo-terminal at 9,600 baud; and the same with four more lines whose registers hang. <c>--only NAME</c>: of the sixteen those of a kind;
/// <c>--together</c>: without the lone ones.
/// </summary>
internal static class RegistersBenchmark
{
    /// <summary>Most that the sixteen may take of what one takes alone. Source: the goal of this benchmark.</summary>
    private const double Goal = 2;

    /// <summary>Registers that hang, in the third part.</summary>
    private const int Hung = 4;

    /// <summary>Between two sales: what the slowest kind needs for its lines at this speed is about as long.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>Longest until each register has been read from for the first time: the longest table of articles at this speed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>A register whose slowest record took longer is told of by itself: no load of sixteen explains it.</summary>
    private static readonly TimeSpan Doubtful = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(string[] args)
    {
        var duration = TimeSpan.FromSeconds(Report.Number(args, "--seconds", 60));
        Dictionary<string, double[]> alone = [];
        int only = Array.IndexOf(args, "--only");
        IReadOnlyList<BenchKind> kinds = only < 0 ? BenchKind.All : [.. BenchKind.All.Where(kind => kind.Name.Contains(args[only + 1], StringComparison.Ordinal))];
        bool isShort = args.Contains("--together"); // without the lone ones, whose figures are then missing
        foreach (BenchKind kind in isShort ? [] : kinds)
        {
            alone[kind.Name] = (await MeasureAsync([kind with { Count = 1 }], 0, duration))[0].Times;
        }

        List<(BenchKind Kind, string Serial, double[] Times)> together = await MeasureAsync(kinds, 0, duration);
        List<(BenchKind Kind, string Serial, double[] Times)> beside = await MeasureAsync(kinds, Hung, duration);
        foreach (BenchKind kind in kinds)
        {
            Tell(kind, alone.GetValueOrDefault(kind.Name, []), Worst(together, kind), Worst(beside, kind));
        }

        return 0;
    }

    private static double[] Worst(List<(BenchKind Kind, string Serial, double[] Times)> measured, BenchKind kind) =>
        measured.Where(one => one.Kind.Name == kind.Name).Select(one => one.Times).MaxBy(times => Figures.Quantile(times, 0.99))!;

    private static async Task<List<(BenchKind Kind, string Serial, double[] Times)>> MeasureAsync(IReadOnlyList<BenchKind> kinds, int hung, TimeSpan duration)
    {
        using BenchShop shop = new();
        await using InvoicingGateway gateway = await InvoicingGateway.OpenAsync(shop.Options);
        CatalogueReading goods = CatalogueCsv.Read(Encoding.UTF8.GetBytes(ShopGoods.ToCsv()), CatalogueDrafting.Compose);
        await gateway.ImportCatalogueAsync(goods.Catalogue!, "goods.csv");
        List<BenchRegister> registers = [];
        List<BenchRegister> silent = [];
        try
        {
            foreach (BenchKind kind in kinds)
            {
                for (int i = 0; i < kind.Count; i++)
                {
                    // From 1: number 0 is a Eutron register's default by the maker, which every twin bears, too, and is refused.
                    int number = registers.Count + 1;
                    registers.Add(await BenchRegister.StartAsync(kind, $"BN{number:000000}", shop.Folder, Pace, number, gateway));
                }
            }

            for (int i = 0; i < hung; i++)
            {
                silent.Add(await StartHungAsync(kinds[i % kinds.Count], i, shop.Folder, gateway));
            }

            await UntilAllAreReadAsync(registers);
            registers.ForEach(register => register.Times.Clear());
            await Task.Delay(duration);
            foreach (BenchRegister slow in registers.Where(register => register.Times.Slowest.Total > Doubtful.TotalMilliseconds))
            {
                await Console.Error.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"{slow.Standing}: the slowest took {slow.Times.Slowest.Total:0} ms, of which the recorder {slow.Times.Slowest.Recorded:0} ms"));
            }

            return [.. registers.Select(register => (register.Kind, register.Serial, register.Times.Times.Order().ToArray()))];
        }
        finally
        {
            foreach (BenchRegister register in registers.Concat(silent))
            {
                await register.DisposeAsync();
            }
        }
    }

    /// <summary>A pseudo-terminal whose far end a process holds open and never reads.</summary>
    private static async Task<BenchRegister> StartHungAsync(BenchKind kind, int number, string folder, InvoicingGateway gateway)
    {
        string link = Path.Combine(folder, $"hung-{number}");
        Process holder = Process.Start(new ProcessStartInfo("socat", [$"pty,raw,echo=0,link={link}", "system:sleep 100000"]))
            ?? throw new InvalidOperationException("expected socat, found none");
        for (int i = 0; !File.Exists(link); i++)
        {
            await Task.Delay(100);
            if (i > 100)
            {
                throw new InvalidOperationException($"expected {link}, found none: socat did not start");
            }
        }

        return BenchRegister.StartHung(kind, $"HUNG{number:0000}", link, holder, gateway);
    }

    private static async Task UntilAllAreReadAsync(List<BenchRegister> registers)
    {
        long start = Stopwatch.GetTimestamp();
        while (registers.Find(register => register.Times.Times.Count < 3) is { } late)
        {
            await Task.Delay(200);
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new InvalidOperationException($"expected three sales of each register within {Patience}, found {late.Times.Times.Count}: {late.Standing}");
            }
        }
    }

    private static void Tell(BenchKind kind, double[] alone, double[] together, double[] beside)
    {
        double? one = alone.Length == 0 ? null : Figures.Quantile(alone, 0.99);
        double hung = Figures.Quantile(beside, 0.99) / Figures.Quantile(together, 0.99);
        Report.Tell(writer =>
        {
            writer.WriteString("benchmark", "registers");
            writer.WriteString("kind", kind.Name);
            writer.WriteNumber("samples_alone", alone.Length);
            writer.WriteNumber("samples", together.Length);
            if (one is { } lone)
            {
                double ratio = Figures.Quantile(together, 0.99) / lone;
                Report.Number(writer, "alone_p50_ms", Figures.Quantile(alone, 0.5));
                Report.Number(writer, "alone_p99_ms", lone);
                Report.Number(writer, "ratio", ratio);
                writer.WriteBoolean("reached", ratio <= Goal);
            }

            Report.Number(writer, "sixteen_p50_ms", Figures.Quantile(together, 0.5));
            Report.Number(writer, "sixteen_p99_ms", Figures.Quantile(together, 0.99));
            Report.Number(writer, "beside_hung_p99_ms", Figures.Quantile(beside, 0.99));
            Report.Number(writer, "hung_ratio", hung);
        });
    }
}
