using System.Text;
using Invoicing.Registers.EscPos.Tap;
using Invoicing.Registers.Receipts;
using Invoicing.Registers.Tests.Tlk;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.EscPos;

/// <summary>A tap between a till and a printer in memory, with a clock that stands still.</summary>
internal sealed class TapBench : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly MemoryLine _tillLine = new();
    private readonly MemoryLine _printerLine = new();
    private readonly List<byte> _printed = [];
    private readonly List<byte> _heard = [];
    private readonly Lock _gate = new();
    private readonly Task _running;
    private readonly List<Task> _ends = [];
    private bool _isAbandoned;

    internal TapBench(TapOptions options, MemoryBook? book = null, FakeRecorder? recorder = null)
    {
        Book = book ?? new();
        Recorder = recorder ?? new();
        bool isVirtual = options.Mode == TapMode.Virtual;
        Tap = new((_tillLine, isVirtual ? null : _printerLine), Recorder, Book, options, Time, NullLogger<TapDriver>.Instance);
        PlugTill();
        if (!isVirtual)
        {
            PlugPrinter();
        }

        _running = Tap.RunAsync(_stop.Token);
    }

    internal static ReceiptTemplate Template { get; } = new ReceiptTemplate { Items = [new(@"^(?<name>.*[a-z].*)\s+{amount}$")] }
        .With(TemplatePart.Start, "^-{8,}$").With(TemplatePart.Total, @"^tổng cộng\W*{amount}$").With(TemplatePart.Number, @"^số hđ\W*(?<number>\S+)$");

    internal ManualTime Time { get; } = new();

    internal MemoryBook Book { get; }

    internal FakeRecorder Recorder { get; }

    internal TapDriver Tap { get; }

    internal MemoryLine.End Till { get; private set; } = null!;

    internal MemoryLine.End Printer { get; private set; } = null!;

    internal byte[] Printed
    {
        get
        {
            lock (_gate)
            {
                return [.. _printed];
            }
        }
    }

    internal byte[] Heard
    {
        get
        {
            lock (_gate)
            {
                return [.. _heard];
            }
        }
    }

    /// <summary>What is on paper, as text.</summary>
    internal string Paper => Encoding.UTF8.GetString(Printed);

    internal static TapOptions Options(TapMode mode) => new() { Register = new("TAP-1"), Mode = mode, Template = Template };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ContinueWith(static _ => { }, TaskScheduler.Default).Soon();
        await Till.PullAsync();
        await (Printer?.PullAsync() ?? default);
        await Task.WhenAll(_ends).Soon();
        Assert.True(_running.IsCanceled || _isAbandoned, _running.Exception?.ToString());
        _stop.Dispose();
    }

    internal void PlugTill()
    {
        Till = _tillLine.Plug();
        _ends.Add(CollectAsync(Till, _heard));
    }

    internal void PlugPrinter(bool isRead = true)
    {
        Printer = _printerLine.Plug(isRead);
        if (isRead)
        {
            _ends.Add(CollectAsync(Printer, _printed));
        }
    }

    internal ValueTask SendAsync(byte[] bytes) => Till.WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>The tap is meant to end with a fault.</summary>
    internal void Abandon() => _isAbandoned = true;

    internal long Counted(string counter) => Tap.Status.Counters.GetValueOrDefault(counter);

    private async Task CollectAsync(MemoryLine.End end, List<byte> to)
    {
        byte[] buffer = new byte[8192];
        while (await end.ReadAsync(buffer, CancellationToken.None) is > 0 and var count)
        {
            lock (_gate)
            {
                to.AddRange(buffer.AsSpan(0, count));
            }
        }
    }
}
