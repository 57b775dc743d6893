using System.Collections.Concurrent;
using System.Globalization;
using FirmwareSim.Datecs;
using FirmwareSim.Failures;
using Invoicing.Registers.Datecs;
using Invoicing.Sales;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>What is kept of a Datecs register's records says, read again, what it said when it came.</summary>
public sealed class DatecsKeptRecordRunTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(nameof(DatecsVariant.X))]
    [InlineData(nameof(DatecsVariant.Isl))]
    [InlineData(nameof(DatecsVariant.PushDp500))]
    [InlineData(nameof(DatecsVariant.PushWp500))]
    public async Task A_record_is_read_again_as_it_was(string variant)
    {
        DatecsOptions options = new() { Variant = Enum.Parse<DatecsVariant>(variant), FromBeginning = true };
        bool isPush = options.Variant is DatecsVariant.PushDp500 or DatecsVariant.PushWp500;
        ConcurrentQueue<RegisterRecord> records = [];
        TillRun run = new()
        {
            Name = $"kept {variant}",
            Protocol = isPush ? Protocol.DatecsPush : options.Variant == DatecsVariant.X ? Protocol.DatecsX : Protocol.DatecsIsl,
            Sales = 15,
            SpecialPercent = 20,
            WaitsToBeHeard = isPush,
            CalmSales = isPush ? 2 : 1,
            Recorded = isPush ? PushEvents.IdOf : serial => serial,
            Front = (till, faults) => options.Variant switch
            {
                DatecsVariant.X => new IslFront(new DatecsXCommands(till), TimeSpan.Zero),
                DatecsVariant.Isl => new IslFront(new DatecsIslCommands(till), TimeSpan.Zero),
                DatecsVariant.PushDp500 => new PushFront(till, faults, PushModel.Dp500, queryPercent: 20),
                _ => new PushFront(till, faults, PushModel.Wp500, queryPercent: 20),
            },
            Driver = (line, shop) => DatecsDrivers.Create(line, new Listener(shop.Recorder, records), options, shop.Time, NullLoggerFactory.Instance),
        };

        await run.RunAsync();

        output.WriteLine($"{records.Count} records, {records.Count(record => record.Sale is not null)} with goods");
        Assert.True(records.Count(record => record.Sale is not null) >= 15, $"expected fifteen sales, found {records.Count} records");
        Assert.All(records.Where(record => record.Sale is not null).Take(6), record => // making the layout ready takes a quarter of a second each time
        {
            RegisterRecord? again = DatecsKeptRecord.Read(record.Key, record.Bytes, options);
            Assert.Equal((record.Kind, record.Hash, record.Unreadable, Told(record.Sale)), (again?.Kind, again?.Hash ?? default, again?.Unreadable, Told(again?.Sale)));
        });
    }

    [Fact]
    public void What_is_no_record_of_such_a_register_or_of_another_one_is_none()
    {
        SaleKey key = new(new("DT000001"), 1, 7);
        DatecsOptions options = new();

        Assert.Null(DatecsKeptRecord.Read(key, default, options));
        Assert.Null(DatecsKeptRecord.Read(key, "0\t8\t0\t01-07-26 10:00:00\t1\t\n"u8.ToArray(), options)); // of document 8
        Assert.Null(DatecsKeptRecord.Read(key, new byte[] { 5, 1, 1, 0, 1, 0 }, options));
        Assert.Null(DatecsKeptRecord.Read(key, new byte[64 * 1024], options));
        Random random = new(1);
        for (int i = 0; i < 5; i++)
        {
            byte[] bytes = new byte[random.Next(1, 300)];
            random.NextBytes(bytes);
            Assert.Null(DatecsKeptRecord.Read(key, bytes, options)?.Sale);
        }
    }

    private static string Told(Sale? sale) => sale is null ? "none" : string.Create(
        CultureInfo.InvariantCulture,
        $"{sale.Key} {sale.RecordHash} {sale.ReceiptNumber} {sale.ClosedAt:O} {sale.Clock} {sale.Cashier} {sale.ReceiptDiscount} {sale.Total} {sale.Buyer?.TaxCode} "
        + $"[{string.Join("; ", sale.Lines.Select(Told))}] [{string.Join("; ", sale.Payments)}]");

    private static string Told(SaleLine line) => string.Create(
        CultureInfo.InvariantCulture, $"{line.Code} {line.Name} {line.Unit} {line.Department} {line.Quantity} x {line.UnitPrice} - {line.Discount} = {line.Amount} {line.Rate} {line.Nature}");

    private sealed class Listener(ISaleRecorder recorder, ConcurrentQueue<RegisterRecord> records) : ISaleRecorder
    {
        public ValueTask<RegisterStanding> WelcomeAsync(RegisterHello hello, CancellationToken cancellationToken) => recorder.WelcomeAsync(hello, cancellationToken);

        public Task<RecordOutcome> RecordAsync(RegisterRecord record, CancellationToken cancellationToken)
        {
            records.Enqueue(record);
            return recorder.RecordAsync(record, cancellationToken);
        }

        public Task<RecordOutcome> RecordGapAsync(SaleKey first, ulong lastSequence, string reason, CancellationToken cancellationToken) =>
            recorder.RecordGapAsync(first, lastSequence, reason, cancellationToken);

        public Task RecordRegisterBehindAsync(RegisterHello hello, ulong lastDurable, CancellationToken cancellationToken) =>
            recorder.RecordRegisterBehindAsync(hello, lastDurable, cancellationToken);
    }
}
