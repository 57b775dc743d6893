using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.Versioning;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Ports;
using Invoicing.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.Lines;

/// <summary>Why a line does not open: in its trouble all the time, and in the log once for each cause.</summary>
[SupportedOSPlatform("linux")]
public sealed class OpeningTroubleTests : ILogger<SerialLine>
{
    private readonly ManualTime _time = new();
    private readonly List<(string Text, Exception? Exception)> _told = [];
    private int _looks;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_else_is_plugged_in_changes_and_the_same_cause_is_told_once()
    {
        PortWatch ports = new(Others, () => null, _time, NullLogger<PortWatch>.Instance);
        await using SerialLine line = new(new() { Path = "usb:dead:beef", LockFolder = null }, _time, this, ports);
        using CancellationTokenSource stop = new();
        Task connecting = line.ConnectAsync(stop.Token).AsTask();
        for (int tries = 0; tries < 20; tries++)
        {
            await Waiting.Until(() => _time.ArmedTimers == 1, "waiting for the next attempt");
            Assert.StartsWith("usb:dead:beef does not open: nothing that answers to usb:dead:beef is plugged in", line.Trouble, StringComparison.Ordinal);
            _time.Advance(ReopeningLine.LongestPause);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Soon());

        (string text, Exception? exception) = Assert.Single(_told);
        Assert.StartsWith("Line usb:dead:beef does not open: nothing that answers to usb:dead:beef is plugged in; plugged in are usb:", text, StringComparison.Ordinal);
        Assert.Null(exception);
        Assert.True(_looks >= 20, $"expected as many looks as attempts, found {_looks}");
        Assert.Null(line.Trouble); // nobody wants it any more
    }

    [Fact]
    public async Task Two_causes_that_take_turns_are_told_once_each_and_again_after_the_line_was_open()
    {
        using PseudoTerminal terminal = new();
        FakePorts ports = new(address => _looks++ switch
        {
            20 or 21 => terminal.Path, // before it is opened, and after
            int look => throw new LineUnavailableException(address, look % 2 == 0 ? "one" : "other"),
        });
        await using SerialLine line = new(new() { Path = "usb:dead:beef", LockFolder = null }, _time, this, ports);
        await using (ILineConnection connection = await OpenAsync(line))
        {
            Assert.Null(line.Trouble);
        }

        using CancellationTokenSource stop = new();
        Task again = line.ConnectAsync(stop.Token).AsTask();
        await Waiting.Until(
            () =>
            {
                _time.Advance(ReopeningLine.LongestPause);
                return _looks > 30;
            },
            "tried again");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => again.Soon());

        Assert.Equal(
            ["does not open: one", "does not open: other", "is open", "does not open: one", "does not open: other"],
            _told.Select(told => told.Text["Line usb:dead:beef ".Length..]));
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _told.Add((formatter(state, exception), exception));

    private async Task<ILineConnection> OpenAsync(SerialLine line)
    {
        Task<ILineConnection> connecting = line.ConnectAsync(Cancel).AsTask();
        await Waiting.Until(
            () =>
            {
                _time.Advance(ReopeningLine.LongestPause);
                return connecting.IsCompleted;
            },
            "open");
        return await connecting;
    }

    /// <summary>Another adapter at each look, never the one that is wanted.</summary>
    private ImmutableArray<ListedPort> Others()
    {
        int look = Interlocked.Increment(ref _looks);
        return
        [
            new()
            {
                Node = string.Create(CultureInfo.InvariantCulture, $"/dev/ttyUSB{look}"),
                Vendor = 0x0403,
                Product = 0x6001,
                Serial = string.Create(CultureInfo.InvariantCulture, $"A{look}"),
                BusPath = "1-1:1.0",
            },
        ];
    }
}
