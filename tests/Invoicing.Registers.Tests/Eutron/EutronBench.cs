using Invoicing.Registers.Drivers;
using Invoicing.Registers.Eutron;
using Invoicing.Registers.Tests.LineText;
using Invoicing.Registers.Tests.Tlk;
using Invoicing.Sales;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.Eutron;

/// <summary>A driver on a played line, with a recorder and books that outlive it.</summary>
internal sealed class EutronBench : IAsyncDisposable
{
    internal static readonly DateTime Noon = new(2026, 7, 1, 12, 0, 0, DateTimeKind.Unspecified);

    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    internal PlayedLog Log { get; } = new();

    internal EutronBench() => Behind = new(Recorder);

    internal ManualTime Time { get; } = new();

    internal FakeRecorder Recorder { get; } = new();

    /// <summary>What the driver is given: <see cref="Recorder"/>, with lines that stop.</summary>
    internal BehindRecorder Behind { get; }

    internal MemoryCaptures Captures { get; set; } = new();

    internal PlayedLine Line { get; private set; } = null!;

    internal IRegisterDriver Driver { get; private set; } = null!;

    internal EutronOptions Options { get; set; } = new() { FromBeginning = true };

    internal IEnumerable<RegisterRecord> Sold => Recorder.Records.Where(record => record.Sale is not null);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    /// <summary>Starts a driver; what was learnt before is in its books.</summary>
    internal EutronBench Start()
    {
        _stop = new();
        Line = new(Time);
        Driver = EutronDrivers.Create(Line, Options, Behind, Captures, Time, NullLoggerFactory.Instance);
        _running = Driver.RunAsync(_stop.Token);
        return this;
    }

    internal async Task StopAsync()
    {
        await _stop.CancelAsync();
        if (_running.IsCompletedSuccessfully || _running.IsFaulted)
        {
            return;
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running.Soon());
        _running = Task.CompletedTask;
    }

    /// <summary>Lays a cable to a register; its faults are there before the first byte, since a driver that runs asks at once.</summary>
    internal void Plug(int cutAfter = int.MaxValue, int chunk = int.MaxValue) => Plug(new PlayedSerial(Log), cutAfter, chunk);

    internal void Plug(PlayedSerial register, int cutAfter = int.MaxValue, int chunk = int.MaxValue) => Line.Plug(register, cutAfter, chunk);

    /// <summary>Starts a driver and lays a cable that can be pulled.</summary>
    internal PlayedLine.Cable StartPlugged()
    {
        Start();
        return Line.Plug(new PlayedSerial(Log));
    }

    /// <summary>What a recorder says that has never heard of a register.</summary>
    internal RegisterStanding.Open? FirstContact(RegisterHello hello) =>
        Recorder.Records.Count == 0 && Recorder.Gaps.Count == 0 && hello.Epoch != 0 ? new RegisterStanding.Open(0) { IsFirstContact = true } : null;

    /// <summary>Lets time pass until it is so.</summary>
    internal Task Until(Func<bool> condition, string what = "so") => Waiting.Until(
        () =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(500));
            return condition() || (_running.IsFaulted ? throw new InvalidOperationException("the driver ended", _running.Exception) : false);
        },
        $"{what}: {Driver.Status.Trouble} {string.Join(", ", Driver.Status.Counters)}",
        TimeSpan.FromSeconds(30));

    internal Task Recorded(int count) => Until(() => Recorder.Records.Count >= count, $"{count} recorded");

    /// <summary>Waits until the driver has found nothing new so many times: whatever it does at a quiet moment is done then.</summary>
    internal async Task Quiet(int looks = 10)
    {
        await Until(() => Driver.Status.Phase == DriverPhase.Open && Log.Pointer == Log.Count, "all read");
        int looked = Log.Looks;
        await Until(() => Log.Looks >= looked + looks, "quiet");
    }

    internal long[] Numbers() => [.. Recorder.Records.Select(record => (long)record.Key.Sequence)];
}
