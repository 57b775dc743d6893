#pragma warning disable CA2000 // A cable in memory holds nothing.
using System.Collections.Immutable;
using Invoicing.Amounts;
using Invoicing.Registers.Datecs;
using Invoicing.Registers.Datecs.Pull;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Tests.Drivers;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>A scripted register with an electronic journal, its cable, the driver and what it records.</summary>
public abstract class PullBench : IAsyncDisposable
{
    private protected static readonly DateTime Morning = new(2026, 7, 1, 9, 0, 0);

    private readonly ManualTime _pauses = new();
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private JournalDriver? _driver;

    /// <summary>The clock of the cables.</summary>
    private protected ManualTime CableTime { get; } = new();

    private protected LineRecorder Recorder { get; } = new();

    private protected JournalDriver Driver => _driver ?? throw new InvalidOperationException("expected a driver that runs, found none");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static IEnumerable<ulong> Numbers(ulong first, ulong last)
    {
        for (ulong number = first; number <= last; number++)
        {
            yield return number;
        }
    }

    private protected static void Ring(FakeDatecs register, ulong first, ulong last, DateTime? from = null)
    {
        foreach (ulong number in Numbers(first, last))
        {
            DateTime at = number == first && from is { } moment ? moment
                : register.Documents.Count == 0 ? Morning : register.Documents[^1].At.AddSeconds(30);
            register.Documents.Add(FakeDocument.Receipt(number, at));
        }
    }

    private protected void RequireAllOnce(FakeDatecs register, int lines)
    {
        Assert.Empty(Recorder.Gaps);
        Assert.Equal(register.Documents.Select(d => d.Number), Recorder.Records.Select(r => r.Key.Sequence));
        Assert.All(Recorder.Records, record => Assert.Equal((90000L, lines), (record.Sale!.Total.Dong, record.Sale.Lines.Length)));
    }

    private protected void Run(
        FakeDatecs register, bool fromBeginning = true, CableLine? line = null, DatecsVariant variant = DatecsVariant.Auto, int life = 1,
        ImmutableDictionary<string, TaxRate>? rates = null)
    {
        line ??= new(CableTime, register);
        DatecsPullProtocol protocol = new(new() { Variant = variant, Life = life, TaxRates = rates }, line.Name, Recorder, CableTime);
        _driver = new(line, protocol, Recorder, new() { FromBeginning = fromBeginning }, _pauses, NullLogger<JournalDriver>.Instance);
        _running = _driver.RunAsync(_stop.Token);
    }

    private protected async Task StopAsync()
    {
        await _stop.CancelAsync();
        if (_driver is not null)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running.Soon());
        }

        _stop.Dispose();
        _stop = new();
        _driver = null;
    }

    private protected Task UntilAsync(Func<bool> condition, string what, TimeSpan? limit = null) => Waiting.Until(
        () =>
        {
            _pauses.Advance(TimeSpan.FromSeconds(1));
            return _running.IsFaulted || condition() ? _running.IsFaulted ? throw _running.Exception! : true : false;
        },
        what,
        limit ?? TimeSpan.FromMinutes(1));
}
