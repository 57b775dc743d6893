using System.Collections.Concurrent;
using FirmwareSim.Datecs;
using FirmwareSim.Failures;
using FirmwareSim.Tills;
using Invoicing.Hashing;
using Invoicing.Registers.Datecs;
using Invoicing.Sales;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>How long after it was rung up a sale is recorded, by the wire's clock: the speed of the line and the questions that it takes, and nothing of this machine.</summary>
public sealed class DatecsSpeedTests(ITestOutputHelper output)
{
    private const int Sales = 40;

    /// <summary>Half of the sales within so long; a receipt of ninety lines takes as long as its lines.</summary>
    /// <param name="protocol">What the register speaks.</param>
    /// <param name="speed">Bits a second.</param>
    /// <param name="most">Milliseconds at which half of the sales must be recorded.</param>
    [Theory]
    [InlineData(Protocol.DatecsX, 115_200, 1_000)]
    [InlineData(Protocol.DatecsX, 9_600, 8_000)]
    [InlineData(Protocol.DatecsIsl, 115_200, 800)]
    [InlineData(Protocol.DatecsIsl, 9_600, 5_000)]
    [InlineData(Protocol.DatecsPush, 9_600, 700)]
    internal async Task A_sale_is_recorded_as_soon_as_the_wire_allows(Protocol protocol, int speed, int most)
    {
        ConcurrentDictionary<string, DateTimeOffset> recorded = [];
        TillRun run = new()
        {
            Name = $"{ProtocolNames.Of(protocol)} at {speed}",
            Protocol = protocol,
            Sales = Sales,
            Speed = speed,
            Pace = TimeSpan.FromSeconds(31.7),
            WaitsToBeHeard = protocol == Protocol.DatecsPush,
            Recorded = protocol == Protocol.DatecsPush ? PushEvents.IdOf : serial => serial,
            Front = (till, faults) => protocol switch
            {
                Protocol.DatecsX => new IslFront(new DatecsXCommands(till), TimeSpan.Zero),
                Protocol.DatecsIsl => new IslFront(new DatecsIslCommands(till), TimeSpan.Zero),
                _ => new PushFront(till, faults, PushModel.Dp500, queryPercent: 0),
            },
            Driver = (line, shop) => DatecsDrivers.Create(line, new TimedRecorder(shop.Recorder, shop.Time, recorded), new() { Variant = Variant(protocol), FromBeginning = true }, shop.Time, NullLoggerFactory.Instance),
        };
        TillOutcome outcome = await run.RunAsync();
        double[] waits =
        [
            .. outcome.Rung.Where(receipt => receipt.Class == ReceiptClass.Sale)
                .Select(receipt => (recorded[Receipt.Plain(receipt.Number)] - new DateTimeOffset(receipt.Time, TimeSpan.FromHours(7))).TotalMilliseconds).Order(),
        ];
        output.WriteLine(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{run.Name}: recorded after {waits[0]:0} ms at least, {waits[Sales / 2]:0} ms half of them, {waits[^1]:0} ms all; {outcome.Bytes / Sales} bytes a sale"));
        Assert.Equal(outcome.Report with { Once = Sales, Named = 0, Missing = 0, Twice = 0 }, outcome.Report);
        Assert.InRange(waits[Sales / 2], 0, most);
    }

    private static DatecsVariant Variant(Protocol protocol) => protocol switch
    {
        Protocol.DatecsX => DatecsVariant.X,
        Protocol.DatecsIsl => DatecsVariant.Isl,
        _ => DatecsVariant.PushDp500,
    };

    /// <summary>A recorder that notes when each receipt was recorded.</summary>
    private sealed class TimedRecorder(ISaleRecorder recorder, TimeProvider time, ConcurrentDictionary<string, DateTimeOffset> recorded) : ISaleRecorder
    {
        public ValueTask<RegisterStanding> WelcomeAsync(RegisterHello hello, CancellationToken cancellationToken) => recorder.WelcomeAsync(hello, cancellationToken);

        public async Task<RecordOutcome> RecordAsync(RegisterRecord record, CancellationToken cancellationToken)
        {
            RecordOutcome outcome = await recorder.RecordAsync(record, cancellationToken);
            if (record.Sale is { } sale)
            {
                recorded.TryAdd(Receipt.Plain(sale.ReceiptNumber), time.GetUtcNow());
            }

            return outcome;
        }

        public Task<RecordOutcome> RecordGapAsync(SaleKey first, ulong lastSequence, string reason, CancellationToken cancellationToken) =>
            recorder.RecordGapAsync(first, lastSequence, reason, cancellationToken);

        public Task RecordRegisterBehindAsync(RegisterHello hello, ulong lastDurable, CancellationToken cancellationToken) =>
            recorder.RecordRegisterBehindAsync(hello, lastDurable, cancellationToken);

        public ValueTask<(ulong Sequence, Sha256Hash Hash)?> FindRecordAsync(SaleKey atMost, CancellationToken cancellationToken) => recorder.FindRecordAsync(atMost, cancellationToken);
    }
}
