using System.Globalization;
using FirmwareSim.Datecs;
using FirmwareSim.Eutron;
using FirmwareSim.Failures;
using FirmwareSim.Replay;
using FirmwareSim.Tills;
using Invoicing.Registers.Datecs;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Eutron;
using Invoicing.Registers.Lines;
using Invoicing.Sales;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Memory = FirmwareSim.Eutron.EutronMemory;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>
/// What a gateway recorded of a register, its private parts masked, is played back to another gateway by <c>firmware-sim replay</c>: the same
/// questions are asked, and the same sales come of the answers, but for masked words.
/// </summary>
public sealed class ReplayRunTests(ITestOutputHelper output)
{
    private const int Sales = 12;

    private static readonly Dictionary<string, Kind> Kinds = new(StringComparer.Ordinal)
    {
        ["datecs-x"] = Datecs(Protocol.DatecsX, DatecsVariant.X, till => new IslFront(new DatecsXCommands(till), TimeSpan.Zero)),
        ["datecs-isl"] = Datecs(Protocol.DatecsIsl, DatecsVariant.Isl, till => new IslFront(new DatecsIslCommands(till), TimeSpan.Zero)),
        ["datecs-auto"] = Datecs(Protocol.DatecsX, DatecsVariant.Auto, till => new IslFront(new DatecsXCommands(till), TimeSpan.Zero)),
        ["eutron"] = Eutron(Protocol.Eutron, isTcp: false, (till, faults) => new EutronFront(new Memory(till, faults, SalesLog.DefaultCapacity))),
        ["eutron-tcp"] = Eutron(Protocol.EutronTcp, isTcp: true, (till, faults) => new EutronTcpFront(new Memory(till, faults, SalesLog.DefaultCapacity))),
    };

    [Theory]
    [InlineData("datecs-x", "datecs-isl")]
    [InlineData("datecs-isl", "datecs-x")]
    [InlineData("datecs-auto", "datecs-isl")]
    [InlineData("eutron", "eutron-tcp")]
    [InlineData("eutron-tcp", "eutron")]
    public async Task A_recording_is_played_back_and_another_gateway_is_found_out(string name, string other)
    {
        Kind kind = Kinds[name];
        await using Shop shop = await Shop.OpenAsync();
        await shop.ImportGoodsAsync();
        string file = shop.File("recording");
        IReadOnlyList<string> sold = await RecordAsync(kind, shop, file);

        (ReplayResult result, IReadOnlyList<string> again) = await PlayAsync(kind, file);
        (ReplayResult otherwise, IReadOnlyList<string> none) = await PlayAsync(Kinds[other] with { IsLenient = kind.IsLenient }, file);

        output.WriteLine($"{name}: {result.Done} of {result.Steps} steps, {result.Sent} bytes sent, {result.Taken} taken; {otherwise.Difference}");
        Assert.Null(result.Difference);
        Assert.Equal(result.Steps, result.Done);
        Assert.Equal(Sales, sold.Count);
        Assert.Equal(sold, again);
        Assert.NotNull(otherwise.Difference);
        Assert.Empty(none);
    }

    /// <summary>Lets a register sell to a gateway whose line is recorded from its first byte on.</summary>
    private static async Task<IReadOnlyList<string>> RecordAsync(Kind kind, Shop shop, string file)
    {
        List<string> rows = [];
        using CancellationTokenSource recorded = new();
        Task recording = Task.CompletedTask;
        SaleListener listener = new(shop.Recorder);
        TillRun run = kind.Run with
        {
            Sales = Sales,
            Driver = (line, _) =>
            {
                ObservedLine observed = new(line);
                RecordingOptions options = new(kind.Protocol, kind.Mask) { Duration = TimeSpan.FromDays(1) };
                recording = WriteAsync(observed.RecordAsync(options, shop.Time, recorded.Token), rows);
                return kind.Driver(observed, listener, shop);
            },
        };
        TillOutcome outcome = await run.RunAsync(shop);
        Assert.Equal(outcome.Report with { Once = Sales, Named = 0, Missing = 0, Twice = 0 }, outcome.Report);
        await recorded.CancelAsync();
        await recording.Soon();
        Assert.EndsWith("\"rows_lost\":0}", rows[^1], StringComparison.Ordinal);
        await File.WriteAllLinesAsync(file, rows);
        return [.. listener.Sales.Select(Told)];
    }

    private static async Task<(ReplayResult Result, IReadOnlyList<string> Sales)> PlayAsync(Kind kind, string file)
    {
        await using Shop shop = await Shop.OpenAsync();
        await shop.ImportGoodsAsync();
        return await Task.Run(async () =>
        {
            SaleListener listener = new(shop.Recorder);
            Cable cable = new([]);
            using CancellationTokenSource stop = new();
            Task serving = kind.Driver(cable.GatewayLine, listener, shop).RunAsync(stop.Token);
            await using FirmwareSim.Lines.ILine line = cable.RegisterLine;
            RecordingPlayer player = new(RecordedLine.Read(file), new(kind.IsLenient, IsTimed: true, ReplayOptions.DefaultPatience));
            ReplayResult result = await player.PlayAsync(line, shop.Time, default).Soon(TimeSpan.FromMinutes(2));
            await Task.Delay(TimeSpan.FromSeconds(5), shop.Time); // virtual: what came last is recorded by then
            await stop.CancelAsync();
            await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return (result, (IReadOnlyList<string>)[.. listener.Sales.Select(Told)]);
        });
    }

    private static async Task WriteAsync(IAsyncEnumerable<string> recording, List<string> rows)
    {
        await foreach (string row in recording)
        {
            rows.Add(row);
        }
    }

    /// <summary>What of a sale no mask touches.</summary>
    private static string Told(Sale sale) => string.Create(
        CultureInfo.InvariantCulture,
        $"{sale.Key.Sequence} {sale.ReceiptNumber} {sale.ClosedAt:O} {sale.Total} [{string.Join("; ", sale.Lines.Select(line => $"{line.Quantity} x {line.UnitPrice} = {line.Amount} {line.Rate}"))}]");

    private static Kind Datecs(Protocol protocol, DatecsVariant variant, Func<Till, IRegisterFront> front) => new(
        new()
        {
            Name = $"datecs {variant}",
            Protocol = protocol,
            Front = (till, _) => front(till),
            Driver = (_, _) => throw new InvalidOperationException("a recorded run has a driver of its own"),
        },
        "datecs",
        (line, recorder, shop) => DatecsDrivers.Create(line, recorder, new() { Variant = variant, FromBeginning = true }, shop.Time, NullLoggerFactory.Instance),
        key => new DatecsRecordingMask(key),
        IsLenient: true);

    private static Kind Eutron(Protocol protocol, bool isTcp, Func<Till, FaultPlan, IRegisterFront> front) => new(
        new()
        {
            Name = isTcp ? "eutron-tcp" : "eutron",
            Protocol = protocol,
            LastNumber = LogRecords.LastReceipt,
            NumberOf = sequence => ((sequence - 1) % (ulong)LogRecords.LastReceipt) + 1,
            Recorded = serial => $"EUTRON-{LogRecords.NumberOf(serial)}",
            Front = front,
            Driver = (_, _) => throw new InvalidOperationException("a recorded run has a driver of its own"),
        },
        "eutron",
        (line, recorder, shop) => EutronDrivers.Create(
            line, new() { FromBeginning = true, IsTcp = isTcp, Tenders = [PaymentMeans.Cash, PaymentMeans.Card] }, recorder, shop.Captures, shop.Time, NullLoggerFactory.Instance),
        key => new EutronRecordingMask(key, isTcp),
        IsLenient: false);

    /// <summary>A register and its gateway.</summary>
    /// <param name="Run">The register.</param>
    /// <param name="Protocol">As the recording names it.</param>
    /// <param name="Driver">The driver, which hands over to a recorder.</param>
    /// <param name="Mask">What the recording is masked by.</param>
    /// <param name="IsLenient">Whether frames have a SEQ that may differ.</param>
    private sealed record Kind(
        TillRun Run, string Protocol, Func<ILine, ISaleRecorder, Shop, IRegisterDriver> Driver, Func<ReadOnlyMemory<byte>, RecordingMask> Mask, bool IsLenient);
}
