using System.Globalization;
using System.Text;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Lines;
using Invoicing.Registers.LineText;
using Invoicing.Registers.Receipts;
using Invoicing.Registers.Tests.Tlk;
using Invoicing.Sales;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.LineText;

public sealed class LineTextDriverTests : IAsyncDisposable
{
    private static readonly RegisterId Pos = new("POS-1");

    private static readonly ReceiptTemplate Template = new ReceiptTemplate { Items = [new(@"^(?<name>ca phe)\s+{amount}$")] }
        .With(TemplatePart.Start, "^hoa don").With(TemplatePart.Total, @"^tong\s+{amount}$").With(TemplatePart.Number, @"^hoa don\s+(?<number>\S+)$");

    private readonly MemoryLine _line = new() { IsTransparent = false };
    private readonly MemoryCaptures _captures = new();
    private readonly FakeRecorder _recorder = new();
    private readonly ManualTime _time = new();
    private CancellationTokenSource _stop = new();
    private LineTextDriver? _driver;
    private Task _running = Task.CompletedTask;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Receipts_become_sales_once_each_and_a_copy_none()
    {
        MemoryLine.End pos = Start();
        await Say(pos, Receipt(1, 20_000) + Receipt(2, 35_000) + Receipt(1, 20_000) + Receipt(3, 5_000));
        await Recorded(3);

        Assert.Equal([20_000L, 35_000L, 5_000L], _recorder.Records.Select(record => record.Sale!.Total.Dong));
        Assert.All(_recorder.Records, record => Assert.Equal(_captures.Book(Pos).Epoch, record.Key.Epoch));
        Assert.Equal(4, _captures.Book(Pos).Pieces.Length);
        Assert.Equal(1, _driver!.Status.Counters["reprints"]);
        Assert.Equal((DriverPhase.Open, 3UL, Pos), (_driver.Status.Phase, _driver.Status.Durable, _driver.Status.Register!.Value));
        Assert.True(_driver.Status.Capabilities.HasFlag(DriverCapabilities.PushOnly));
    }

    [Fact]
    public async Task The_line_cut_after_every_byte_leaves_each_receipt_recorded_or_named_and_never_twice()
    {
        byte[] first = Encoding.UTF8.GetBytes(Receipt(1, 20_000));
        byte[] stream = [.. first, .. Encoding.UTF8.GetBytes(Receipt(2, 35_000))];
        int end = first.Length - 1; // the last line ends with its CR
        for (int cut = 1; cut < stream.Length - 1; cut++)
        {
            await using LineTextDriverTests bench = new();
            await using CannedLine line = new();
            line.Plug(stream.AsMemory(..cut), isGone: true);
            line.Plug(Encoding.UTF8.GetBytes(Receipt(3, 5_000)), isGone: false);
            bench.Start(line);
            await bench.Until(() => bench._recorder.Records.Any(record => record.Sale?.Total.Dong == 5_000));

            // Half of a start line may be one; behind its end only the second half of CR LF is missing.
            int inReceipt = cut < end ? cut : cut - first.Length;
            bool isTorn = inReceipt > 0;
            Assert.Equal(isTorn ? 1 : 0, bench._recorder.Records.Count(record => record.Unreadable is not null));
            Assert.Equal(
                cut < end ? [5_000L] : [20_000L, 5_000L],
                bench._recorder.Records.Where(record => record.Sale is not null).Select(record => record.Sale!.Total.Dong));
        }
    }

    [Fact]
    public async Task A_receipt_that_stops_in_the_middle_is_kept_as_torn_and_named()
    {
        MemoryLine.End pos = Start();
        await Say(pos, "HOA DON 1\nCa phe 20000\n");
        await Until(() => _recorder.Records.Count == 1);

        RegisterRecord torn = Assert.Single(_recorder.Records);
        Assert.Equal("print 1, Torn: expected the receipt to go on to its end, found it cut off; have it written again", torn.Unreadable);
        Assert.Equal(CaptureClass.Torn, Assert.Single(_captures.Book(Pos).Pieces).Class);
        await Say(pos, Receipt(2, 35_000));
        await Recorded(2);
    }

    [Fact]
    public async Task What_was_begun_when_the_gateway_ends_is_kept_and_recorded_at_the_next_start()
    {
        await using CannedLine line = new();
        CannedLine.Connection pos = line.Plug(Encoding.UTF8.GetBytes(Receipt(1, 20_000) + "HOA DON 2\nCa phe 35000\n"), isGone: false);
        Start(line);
        await pos.Silent.Soon();
        await StopAsync();
        Assert.Equal([CaptureClass.Sale, CaptureClass.Torn], _captures.Book(Pos).Pieces.Select(piece => piece.Class));

        Start();
        await Recorded(2);
        Assert.NotNull(_recorder.Records[1].Unreadable);
    }

    [Fact]
    public async Task While_nothing_can_be_kept_nothing_is_read_and_nothing_is_lost()
    {
        int refused = 0;
        _captures.Book(Pos).BeforeKeep = () =>
        {
            if (++refused <= 3)
            {
                throw new InvoicingException("expected room, found none", isTransient: true);
            }
        };
        MemoryLine.End pos = Start();
        await Say(pos, Receipt(1, 20_000) + Receipt(2, 35_000));
        await Waiting.Until(() => _driver!.Status.Trouble is not null, "told");
        Assert.Equal("nothing can be kept, so nothing is read: expected room, found none", _driver!.Status.Trouble);

        await Recorded(2);
        Assert.Null(_driver.Status.Trouble);
    }

    [Fact]
    public void A_wrong_option_is_told_before_anything_is_opened() => Assert.Contains(
        "Register: expected a name, found none",
        Assert.Throws<ArgumentException>(() => new LineTextDriver(_line, new(), _recorder, _captures, _time, NullLogger<LineTextDriver>.Instance)).Message,
        StringComparison.Ordinal);

    private static string Receipt(int number, long amount) =>
        string.Create(CultureInfo.InvariantCulture, $"HOA DON {number}\r\nCa phe {amount}\r\nTONG {amount}\r\nCAM ON\r\n");

    private static Task Say(MemoryLine.End pos, string text) => pos.WriteAsync(Encoding.UTF8.GetBytes(text), Cancel).AsTask().Soon();

    private MemoryLine.End Start()
    {
        Start(_line);
        return _line.Plug();
    }

    private void Start(ILine line)
    {
        _stop = new();
        LineTextOptions options = new() { Register = Pos, Start = "^HOA DON", End = "^CAM ON", Template = Template };
        _driver = new(line, options, _recorder, _captures, _time, NullLogger<LineTextDriver>.Instance);
        _running = _driver.RunAsync(_stop.Token);
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        if (_driver is not null)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running.Soon());
            _driver = null;
        }
    }

    private Task Recorded(int count) => Until(() => _recorder.Records.Count == count);

    private Task Until(Func<bool> condition) => Waiting.Until(
        () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return condition();
        },
        "so");
}
