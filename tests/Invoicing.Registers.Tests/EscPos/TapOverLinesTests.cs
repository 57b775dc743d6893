#pragma warning disable CA2000 // A connection owns the port that it is made of.
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.EscPos.Tap;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Tests.Lines;
using Invoicing.Registers.Tests.Tlk;
using Invoicing.Sales;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.EscPos;

/// <summary>The same taps over real pseudo-terminals and over TCP, in real time.</summary>
[SupportedOSPlatform("linux")]
public sealed class TapOverLinesTests
{
    private const int Jobs = 10;
    private readonly FakeRecorder _recorder = new();
    private readonly MemoryBook _book = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_gate_on_serial_cables_that_are_pulled_prints_every_receipt_with_its_code_and_invoices_it_once()
    {
        using TempFolder folder = new();
        (string tillNear, string tillFar, string printerNear, string printerFar) = (folder.File("a"), folder.File("b"), folder.File("c"), folder.File("d"));
        await using SerialLine till = Serial(tillNear);
        await using SerialLine printer = Serial(printerNear);
        TapDriver tap = Tap((till, printer), TapBench.Options(TapMode.Gate) with { ConfirmsPaper = true });
        using CancellationTokenSource stop = new();
        Task running = tap.RunAsync(stop.Token);
        Paper paper = new();
        int number = 0;
        for (int cable = 0; cable < 3; cable++)
        {
            using (await Socat.CableAsync(printerNear, printerFar))
            {
                await using SerialConnection printing = Open(printerFar);
                Task onPaper = paper.TakeAsync(printing);
                await Waiting.Until(() => tap.IsPrinterUp, "the printer's end open");
                using (await Socat.CableAsync(tillNear, tillFar))
                {
                    await using SerialConnection selling = Open(tillFar);
                    await Waiting.Until(() => tap.Status.Phase == DriverPhase.Open, "the till's end open");
                    for (int i = 0; i < Jobs; i++)
                    {
                        await selling.WriteAsync(Job(++number), Cancel).AsTask().Soon();
                    }

                    await Waiting.Until(() => paper.Receipts == number, "on paper");
                    long seen = tap.TillBytes;
                    await selling.WriteAsync(Job(number + 1).AsMemory(0, 60), Cancel).AsTask().Soon();
                    await Waiting.Until(() => tap.TillBytes == seen + 60, "heard");
                }

                await Waiting.Until(() => tap.Status.Phase != DriverPhase.Open, "the pulled cable seen");
                paper.IsDeaf = true; // what is written now stays in the printer's buffer
                await printing.DisposeAsync();
                await onPaper.Soon();
                paper.IsDeaf = false;
            }

            await Waiting.Until(() => !tap.IsPrinterUp, "the printer's pulled cable seen");
        }

        await EndAsync(stop, running);
        EachOnce(number);
        Assert.Equal(Enumerable.Range(1, number).Select(Text), paper.Numbers().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.All(_book.Kept.Where(kept => kept.Class != CaptureClass.Sale), kept => Assert.Equal(CaptureClass.Torn, kept.Class));
    }

    [Fact]
    public async Task A_virtual_printer_on_TCP_answers_and_invoices_what_each_call_prints()
    {
        await using TcpServerLine server = Listening();
        TapDriver tap = Tap((server, null), TapBench.Options(TapMode.Virtual));
        using CancellationTokenSource stop = new();
        Task running = tap.RunAsync(stop.Token);
        for (int number = 1; number <= Jobs; number++)
        {
            int before = _book.Kept.Count;
            bool isCut = number % 3 == 0;
            await CallAsync(server, isCut ? Job(number)[..80] : Job(number));
            await Waiting.Until(() => _book.Kept.Count == before + 1, "kept");
            if (isCut)
            {
                await CallAsync(server, Job(number));
                await Waiting.Until(() => _book.Kept.Count == before + 2, "kept again");
            }
        }

        await Waiting.Until(() => _recorder.Records.Count(record => record.Sale is not null) == Jobs, "recorded");
        await EndAsync(stop, running);
        EachOnce(Jobs);
        Assert.Equal(Jobs / 3, _book.Classes.Count(piece => piece == CaptureClass.Torn));
    }

    [Fact]
    public async Task A_proxy_on_TCP_passes_every_byte_both_ways_and_invoices_beside()
    {
        await using TcpServerLine tillSide = Listening();
        await using TcpServerLine printerEnd = Listening();
        await using TcpClientLine till = Calling(tillSide);
        await using TcpClientLine printerSide = Calling(printerEnd);
        TapDriver tap = Tap((tillSide, printerSide), TapBench.Options(TapMode.Observe));
        using CancellationTokenSource stop = new();
        Task running = tap.RunAsync(stop.Token);
        await using ILineConnection call = await till.ConnectAsync(Cancel).Soon();
        await using ILineConnection printer = await printerEnd.ConnectAsync(Cancel).Soon();
        List<byte> printed = [];
        List<byte> sent = [];
        for (int number = 1; number <= Jobs; number++)
        {
            byte[] job = Job(number);
            await call.WriteAsync(job, Cancel).AsTask().Soon();
            sent.AddRange(job);
            byte[] buffer = new byte[4096];
            while (printed.Count < sent.Count)
            {
                int count = await printer.ReadAsync(buffer, Cancel).AsTask().Soon();
                Assert.True(count > 0, "the printer's line ended");
                printed.AddRange(buffer.AsSpan(0, count));
            }

            await printer.WriteAsync(new[] { (byte)number }, Cancel).AsTask().Soon();
            Assert.Equal(1, await call.ReadAsync(buffer, Cancel).AsTask().Soon());
            Assert.Equal(number, buffer[0]);
        }

        await Waiting.Until(() => _recorder.Records.Count == Jobs, "recorded");
        await EndAsync(stop, running);
        Assert.Equal(sent, printed);
        EachOnce(Jobs);
    }

    /// <summary>A program that calls for each job, asks for the printer's state, prints, and hangs up.</summary>
    private static async Task CallAsync(TcpServerLine server, byte[] job)
    {
        using TcpClient call = new();
        await call.ConnectAsync(server.Endpoint!, Cancel).AsTask().Soon();
        NetworkStream stream = call.GetStream();
        await stream.WriteAsync(new byte[] { 0x10, 0x04, 0x01 }, Cancel).AsTask().Soon();
        byte[] answer = new byte[1];
        await stream.ReadExactlyAsync(answer, Cancel).AsTask().Soon();
        Assert.Equal(0x12, answer[0]);
        await stream.WriteAsync(job, Cancel).AsTask().Soon();
    }

    private static TcpServerLine Listening()
    {
        TcpServerLine line = new(new(IPAddress.Loopback, 0), null, TimeProvider.System, NullLogger<TcpServerLine>.Instance);
        line.Listen();
        return line;
    }

    private static TcpClientLine Calling(TcpServerLine line) =>
        new("127.0.0.1", line.Endpoint!.Port, TimeProvider.System, NullLogger<TcpClientLine>.Instance);

    private static SerialLine Serial(string path) => new(new() { Path = path, LockFolder = null }, TimeProvider.System, NullLogger<SerialLine>.Instance);

    private static SerialConnection Open(string path) => new(path, SerialPortHandle.Open(new() { Path = path, LockFolder = null }));

    private static string Text(int number) => number.ToString("0000", CultureInfo.InvariantCulture);

    private static byte[] Job(int number) => JobScript.Receipt(Text(number)).Cut().Bytes;

    private static async Task EndAsync(CancellationTokenSource stop, Task running)
    {
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Soon());
    }

    private TapDriver Tap((ILine Till, ILine? Printer) lines, TapOptions options) =>
        new(lines, _recorder, _book, options, TimeProvider.System, NullLogger<TapDriver>.Instance);

    private void EachOnce(int count) => Assert.Equal(
        Enumerable.Range(1, count).Select(Text), _recorder.Records.Where(record => record.Sale is not null).Select(record => record.Sale!.ReceiptNumber));

    /// <summary>A printer: paper, and an answer to GS r behind what came before it.</summary>
    private sealed class Paper
    {
        private readonly Lock _gate = new();
        private readonly List<byte> _bytes = [];

        internal bool IsDeaf { get; set; }

        internal int Receipts => Numbers().Count;

        internal async Task TakeAsync(SerialConnection line)
        {
            byte[] buffer = new byte[4096];
            try
            {
                while (await line.ReadAsync(buffer, CancellationToken.None) is > 0 and var count && !IsDeaf)
                {
                    int asked;
                    lock (_gate)
                    {
                        int before = Asked();
                        _bytes.AddRange(buffer.AsSpan(0, count));
                        asked = Asked() - before;
                    }

                    if (asked > 0)
                    {
                        await line.WriteAsync(new byte[asked], CancellationToken.None);
                    }
                }
            }
            catch (Exception fault) when (fault is LineGoneException or ObjectDisposedException)
            {
                // Its cable was pulled.
            }
        }

        /// <summary>Numbers of the receipts that bear a code and were cut.</summary>
        internal List<string> Numbers()
        {
            lock (_gate)
            {
                string text = Encoding.UTF8.GetString([.. _bytes]);
                return [.. text.Split("\u001DVA").SkipLast(1).Where(job => job.Contains("Ma CQT", StringComparison.Ordinal))
                    .Select(job => job[(job.LastIndexOf("Số HĐ: ", StringComparison.Ordinal) + 7)..][..4])];
            }
        }

        private int Asked()
        {
            ReadOnlySpan<byte> question = [0x1D, (byte)'r', 1];
            return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes).Count(question);
        }
    }
}
