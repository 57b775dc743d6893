using System.Text;
using Invoicing.Amounts;
using Invoicing.Hashing;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Tests.Tlk;
using Invoicing.Sales;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.LineText;

/// <summary>A text is the number of a sale.</summary>
public sealed class NumberGapTests
{
    private readonly MemoryCaptureBook _book = new(new("PRN-1"), 77);
    private readonly FakeRecorder _recorder = new();
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Receipts_that_never_came_take_a_record_that_says_so()
    {
        await ServeAsync(() => Recorded(4), "0007", "0010", "0011");

        Assert.Equal(["0007", "0010", "0011"], Sold());
        RegisterRecord gap = Assert.Single(_recorder.Records, record => record.Sale is null);
        Assert.StartsWith("print ", gap.Unreadable!, StringComparison.Ordinal);
        Assert.Contains("receipts 0008 to 0009 never came", gap.Unreadable!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gap_is_named_once_however_often_the_gateway_starts()
    {
        await ServeAsync(() => Recorded(3), "7", "10");
        await ServeAsync(() => Recorded(4), "11");
        await ServeAsync(() => Recorded(6), "13");

        Assert.Equal(["7", "10", "11", "13"], Sold());
        Assert.Equal(["receipts 8 to 9", "receipt 12"], _recorder.Records.Where(record => record.Sale is null).Select(Named));
    }

    [Fact]
    public async Task A_gap_that_the_power_failed_before_is_named_at_the_next_start()
    {
        int refused = 0;
        _book.BeforeKeep = () =>
        {
            if (_book.Pieces.Length == 2)
            {
                refused++;
                throw new InvoicingException("power failed", isTransient: true);
            }
        };
        await ServeAsync(() => Recorded(2) && refused > 1, "7", "10");
        Assert.Equal(2, _book.Pieces.Length);
        _book.BeforeKeep = static () => { };

        await ServeAsync(() => Recorded(4), "11");

        Assert.Equal(["receipts 8 to 9"], _recorder.Records.Where(record => record.Sale is null).Select(Named));
        Assert.Equal(["7", "10", "11"], Sold());
    }

    [Fact]
    public async Task A_gap_whose_judgement_failed_is_judged_again_and_not_lost()
    {
        int judged = 0;
        _book.BeforeJudge = () =>
        {
            if (++judged == 3)
            {
                throw new InvoicingException("power failed", isTransient: true);
            }
        };

        await ServeAsync(() => Recorded(3), "7", "10");

        Assert.Equal(["receipts 8 to 9"], _recorder.Records.Where(record => record.Sale is null).Select(Named));
        Assert.Equal(CaptureClass.Torn, _book.Pieces[^1].Class);
    }

    private static string Named(RegisterRecord record) => record.Unreadable!.Split(": ")[1].Split(" never")[0];

    private string[] Sold() => [.. _recorder.Records.Where(record => record.Sale is not null).Select(record => record.Sale!.ReceiptNumber!)];

    private bool Recorded(int count) => _recorder.Records.Count == count;

    private async Task ServeAsync(Func<bool> until, params string[] numbers)
    {
        CapturedRecords records = new(_book, Read, _recorder, _time, NullLogger.Instance, watchesNumbers: true);
        using CancellationTokenSource stop = new();
        Task running = records.RunAsync(stop.Token);
        foreach (string number in numbers)
        {
            await records.TakeAsync(_time.GetUtcNow(), true, Encoding.ASCII.GetBytes(number), TestContext.Current.CancellationToken).Soon();
        }

        await Waiting.Until(
            () =>
            {
                _time.Advance(CapturedRecords.BusyPause); // what waited for the disk is tried again
                return until();
            },
            "recorded");
        await stop.CancelAsync();
        await running.ContinueWith(static _ => { }, TaskScheduler.Default).Soon();
    }

    private static CaptureReading Read(KeptCapture piece)
    {
        string number = Encoding.ASCII.GetString(piece.Bytes.Span);
        return new(new(CaptureClass.Sale, "a receipt", number, TakesRecord: true), key => new()
        {
            Key = key,
            Kind = RecordKind.Sale,
            Hash = Sha256Hash.Of(piece.Bytes.Span),
            Bytes = piece.Bytes,
            Sale = new() { Key = key, ReceiptNumber = number, Total = new Money(1) },
        })
        {
            Number = new(number, string.Empty),
        };
    }
}
