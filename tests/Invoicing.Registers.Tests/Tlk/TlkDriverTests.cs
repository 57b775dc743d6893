#pragma warning disable CA2000 // Ends of cables in memory hold nothing.
using Invoicing.Registers.Tests.Tlk.Session;
using Invoicing.Registers.Tlk;
using Invoicing.Registers.Tlk.Framing;
using Invoicing.Registers.Tlk.Messages;
using Invoicing.Sales;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.Tlk;

/// <summary>The pump, over a line in memory and a clock that the test moves.</summary>
public sealed class TlkDriverTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly FakeRecorder _recorder = new();
    private readonly MemoryLine _line = new();
    private readonly List<byte[]> _journal = [];
    private readonly Dictionary<ulong, int> _results = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TlkDriver _driver;
    private readonly Task _running;

    public TlkDriverTests()
    {
        _driver = new(_line, _recorder, new(), _time, NullLogger<TlkDriver>.Instance);
        _running = _driver.RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => _running.Soon());
        _stop.Dispose();
    }

    [Fact]
    public async Task A_sale_is_recorded_and_its_code_comes_back()
    {
        ScriptedRegister register = Plug(out _);
        await register.GreetAsync();
        ulong seq = register.RingUp(Vectors.Record(0));
        await register.SendRecordAsync(seq);
        await register.ResultAsync(seq);

        RegisterRecord record = Assert.Single(_recorder.Records);
        Assert.Equal("000006", record.Sale!.ReceiptNumber);
        Assert.Equal(1, _results[1]);
        Assert.Equal((TlkPhase.Open, new RegisterId("SIM-0001"), 1ul), (_driver.Status.Phase, _driver.Status.Register!.Value, _driver.Status.Durable));
    }

    [Fact]
    public async Task The_ACK_waits_for_the_recorder_and_BUSY_says_so_by_the_clock()
    {
        TaskCompletionSource commit = new();
        _recorder.BeforeRecord = _ => commit.Task;
        MemoryLine.End end = _line.Plug();
        ScriptedRegister register = new(end, _journal, _results);
        await register.GreetAsync();
        ulong seq = register.RingUp(Vectors.Record(0));
        await register.SendRecordAsync(seq);
        await Waiting.Until(() => _driver.Status.Waiting == 1, "handed to the recorder");

        _time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal("BUSY seq 1 2000", await WordsAsync(end));
        _time.Advance(TimeSpan.FromMilliseconds(1000));
        Assert.Equal("BUSY seq 1 2000", await WordsAsync(end));

        commit.SetResult();
        Assert.Equal("ACK 1: 1 ISSUED 1", await WordsAsync(end));
    }

    [Fact]
    public async Task A_cable_that_is_pulled_in_the_middle_of_a_frame_loses_and_doubles_nothing()
    {
        byte[][] records = [Vectors.Record(0), Vectors.Record(1), Vectors.Record(4)];
        for (int round = 0; round < 60; round++)
        {
            ScriptedRegister register = Plug(out MemoryLine.End end);
            await register.GreetAsync();
            for (ulong again = register.Acked + 1; again <= (ulong)_journal.Count; again++)
            {
                await register.SendRecordAsync(again);
                await register.ResultAsync(again);
            }

            ulong seq = register.RingUp(records[round % records.Length]);
            byte[] wire = SessionBench.Rec(seq, _journal[^1]).ToWire();
            await register.SendAsync(wire[..(round * 13 % wire.Length)]);
            if (round % 3 == 0)
            {
                await register.SendAsync(wire);
            }

            await end.PullAsync();
            await Waiting.Until(() => _driver.Status.Phase == TlkPhase.Down, "down");
        }

        ScriptedRegister last = Plug(out _);
        await last.GreetAsync();
        await last.SendRecordAsync(60);
        await last.ResultAsync(60);

        Assert.Equal(Enumerable.Range(1, 60).Select(i => (ulong)i), _recorder.Records.Select(r => r.Key.Sequence));
        Assert.Equal(60, _results.Count);
        Assert.Equal(40, _results.Values.Where(n => n > 0).Distinct().Count());
    }

    [Fact]
    public async Task Time_report_and_lease_run_beside_the_records()
    {
        _recorder.Lease = UpkeepTests.Offer;
        MemoryLine.End end = _line.Plug();
        ScriptedRegister register = new(end, _journal, _results);
        await register.SendAsync(SessionBench.Hello(oldest: 0, newest: 0, acked: 0, caps: 3));
        Assert.Equal("WELCOME durable 0 txn 1", SessionBench.Words(await register.NextAsync()));
        TlkFrame[] asked = [await register.NextAsync(), await register.NextAsync()];
        TlkFrame time = Assert.Single(asked, frame => frame.Type == TlkType.Time);
        TlkFrame lease = Assert.Single(asked, frame => frame.Type == TlkType.Lease);
        Assert.Equal($"TIME {_time.GetLocalNow():HH:mm:ss} txn {time.Txn}", SessionBench.Words(time));
        await register.SendAsync(new TlkFrame(
            TlkType.Timed, TlkFlags.None, time.Txn, new TlvWriter().Time(Tag.Clock, _time.GetLocalNow()).Time(Tag.TimeBefore, _time.GetLocalNow()).ToArray()));
        await register.SendAsync(new TlkFrame(
            TlkType.Leased, TlkFlags.None, lease.Txn, new TlvWriter().U64(Tag.Lease, 1).U8(Tag.Present, 1).U64(Tag.Newest, 0).ToArray()));
        await Waiting.Until(() => _recorder.LeaseAnswers.Count == 1, "noted");

        Assert.Equal((1ul, 0ul), _recorder.LeaseAnswers[0]);
        Assert.Null(_driver.Status.Report);
        Assert.True(_driver.Ask());
        TlkFrame ask = await register.NextAsync();
        await register.SendAsync(new TlkFrame(
            TlkType.Status, TlkFlags.None, ask.Txn, new TlvWriter().U8(Tag.JournalUsed, 12).U32(Tag.Unacknowledged, 3).U8(Tag.Paper, 3)
                .U32(Tag.Faults, 2).Time(Tag.Clock, _time.GetLocalNow()).U8(Tag.Confidence, 1).ToArray()));
        await Waiting.Until(() => _driver.Status.Report is not null, "reported");
        Assert.Equal(
            new TlkReport(12, 3, TlkPaper.Out, TlkFaults.Cover, _driver.Status.Report!.Clock, 1, _time.GetLocalNow()), _driver.Status.Report);
        Assert.Equal((1ul, false), (_driver.Status.Lease, _driver.Status.IsSealed));
    }

    [Fact]
    public async Task A_lost_ACK_brings_the_first_result_again()
    {
        ScriptedRegister register = Plug(out _);
        await register.GreetAsync();
        ulong seq = register.RingUp(Vectors.Record(0));
        await register.SendRecordAsync(seq);
        Assert.Equal("ACK 1: 1 ISSUED 1", SessionBench.Words(await register.NextAsync()));

        await register.SendRecordAsync(seq);
        Assert.Equal("ACK 1: 1 ISSUED 1", SessionBench.Words(await register.NextAsync()));
        Assert.Single(_recorder.Records);
    }

    [Fact]
    public async Task A_recorder_in_transient_trouble_makes_BUSY_and_the_record_comes_again()
    {
        int failures = 2;
        _recorder.BeforeRecord = _ => failures-- > 0 ? throw new InvoicingException("disk asleep", isTransient: true) : Task.CompletedTask;
        MemoryLine.End end = _line.Plug();
        ScriptedRegister register = new(end, _journal, _results);
        await register.GreetAsync();
        ulong seq = register.RingUp(Vectors.Record(0));
        for (int i = 0; i < 2; i++)
        {
            await register.SendRecordAsync(seq);
            Assert.Equal("BUSY seq 1 2000", await WordsAsync(end));
        }

        await register.SendRecordAsync(seq);
        await register.ResultAsync(seq);
        Assert.Single(_recorder.Records);
    }

    [Fact]
    public async Task A_recorder_that_stopped_ends_the_driver_and_nothing_is_acknowledged()
    {
        _recorder.BeforeRecord = _ => throw new InvoicingException("fsync failed");
        MemoryLine.End end = _line.Plug();
        ScriptedRegister register = new(end, _journal, _results);
        await register.GreetAsync();
        ulong seq = register.RingUp(Vectors.Record(0));
        await register.SendRecordAsync(seq);

        InvoicingException fault = await Assert.ThrowsAsync<InvoicingException>(() => _running.Soon());
        Assert.Equal("fsync failed", fault.Message);
        Assert.Equal(0, await end.ReadAsync(new byte[100], CancellationToken.None).Soon());
    }

    [Fact]
    public async Task A_defect_in_the_recorder_is_not_swallowed()
    {
        _recorder.BeforeRecord = _ => throw new NotSupportedException("a defect");
        ScriptedRegister register = Plug(out _);
        await register.GreetAsync();
        ulong seq = register.RingUp(Vectors.Record(0));
        await register.SendRecordAsync(seq);

        await Assert.ThrowsAsync<NotSupportedException>(() => _running.Soon());
    }

    [Fact]
    public async Task A_silent_register_is_hung_up_on_and_welcome_again()
    {
        ScriptedRegister register = Plug(out MemoryLine.End end);
        await register.GreetAsync();
        await Waiting.Until(() => _driver.Status.Phase == TlkPhase.Open, "open");
        for (int i = 1; i <= 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal($"PING {i} txn {i}", await WordsAsync(end));
        }

        _time.Advance(TimeSpan.FromSeconds(5));
        await Waiting.Until(() => end.Gone.IsCancellationRequested, "hung up");

        ScriptedRegister again = Plug(out _);
        await again.GreetAsync();
    }

    [Fact]
    public async Task A_register_that_does_not_read_is_hung_up_on_after_20_s()
    {
        MemoryLine.End end = _line.Plug(isRead: false);
        await end.WriteAsync(SessionBench.Hello(newest: 0, oldest: 0, acked: 0).ToWire(), CancellationToken.None).AsTask().Soon();
        await Waiting.Until(() => _driver.Status.Phase == TlkPhase.Open, "open");
        await Waiting.Until(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return end.Gone.IsCancellationRequested;
            },
            "hung up");
    }

    /// <summary>The write is given up only after its line has been let go: hanging up what is gone already must not end the driver.</summary>
    [Fact]
    public async Task A_line_that_ends_while_a_write_waits_for_it_is_followed_by_the_next()
    {
        MemoryLine.End end = _line.Plug(isRead: false);
        await end.WriteAsync(SessionBench.Hello(newest: 0, oldest: 0, acked: 0).ToWire(), CancellationToken.None).AsTask().Soon();
        await Waiting.Until(() => _driver.Status.Phase == TlkPhase.Open, "open");
        _time.Advance(TimeSpan.FromSeconds(6)); // a PING behind what nobody reads
        await end.PullAsync();
        ScriptedRegister next = Plug(out _);
        await Waiting.Until(() => _line.Untaken == 0, "the line is let go");

        Task greeting = next.GreetAsync();
        await Waiting.Until(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return greeting.IsCompleted || _running.IsCompleted;
            },
            "the next is welcome");
        await greeting.Soon();
        Assert.False(_running.IsCompleted);
    }

    [Fact]
    public async Task Stopping_waits_for_the_record_in_hand()
    {
        TaskCompletionSource commit = new();
        _recorder.BeforeRecord = _ => commit.Task;
        (Gate feeding, Gate serving) = (new(), new());
        MemoryLine line = new() { Disposal = feeding };
        TlkDriver driver = new(line, _recorder, new(), new GatedTime(_time, serving), NullLogger<TlkDriver>.Instance);
        using CancellationTokenSource stop = new();
        Task running = driver.RunAsync(stop.Token);
        ScriptedRegister register = new(line.Plug(), _journal, _results);
        await register.GreetAsync();
        await register.SendRecordAsync(register.RingUp(Vectors.Record(0)));
        await Waiting.Until(() => driver.Status.Waiting == 1, "handed to the recorder");

        // The driver's two loops are each let go from their last wait. Only the recorder is left to wait for then: an end that did not
        // wait for it would have come inside the second opening.
        await stop.CancelAsync();
        await feeding.OpenAsync();
        await serving.OpenAsync();
        Assert.False(running.IsCompleted);
        commit.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Soon());
        Assert.Single(_recorder.Records);
    }

    [Fact]
    public async Task What_was_thrown_away_is_counted()
    {
        ScriptedRegister register = Plug(out _);
        await register.GreetAsync();
        byte[] damaged = Vectors.Wire("STATUS");
        damaged[^4] ^= 4;
        await register.SendAsync(damaged);
        await register.SendAsync(Vectors.Wire("ACK with ISSUED"));
        await Waiting.Until(() => _driver.Status.Counters.Count == 2, "counted");

        Assert.Equal((1, 1), (_driver.Status.Counters[TlkCounter.Crc], _driver.Status.Counters[TlkCounter.Direction]));
    }

    [Fact]
    public async Task One_register_in_trouble_delays_no_other()
    {
        TaskCompletionSource never = new();
        _recorder.BeforeRecord = record => record.Key.Register.Value == "SLOW" ? never.Task : Task.CompletedTask;
        MemoryLine slowLine = new();
        using CancellationTokenSource stop = new();
        Task slow = new TlkDriver(slowLine, _recorder, new(), _time, NullLogger<TlkDriver>.Instance).RunAsync(stop.Token);
        MemoryLine.End slowEnd = slowLine.Plug();
        await slowEnd.WriteAsync(SessionBench.Hello(newest: 1, acked: 0, serial: "SLOW").ToWire(), CancellationToken.None).AsTask().Soon();
        await slowEnd.WriteAsync(SessionBench.Rec(1).ToWire(), CancellationToken.None).AsTask().Soon();

        ScriptedRegister register = Plug(out _);
        await register.GreetAsync();
        for (int i = 0; i < 50; i++)
        {
            ulong seq = register.RingUp(Vectors.Record(i % 2));
            await register.SendRecordAsync(seq);
            await register.ResultAsync(seq);
        }

        Assert.Equal(50, _results.Count);
        await stop.CancelAsync();
        never.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow.Soon());
    }

    [Fact]
    public void A_line_that_does_not_pass_every_byte_is_refused()
    {
        MemoryLine line = new() { IsTransparent = false };

        ArgumentException fault = Assert.Throws<ArgumentException>(
            () => new TlkDriver(line, _recorder, new(), _time, NullLogger<TlkDriver>.Instance));
        Assert.Contains("needs 8 data bits and no XON/XOFF", fault.Message, StringComparison.Ordinal);
        Assert.Equal("Window: expected 1..16, found 17", new TlkOptions { Window = 17 }.Fault());
        Assert.Equal("MaxBody: expected 512..4096, found 100", new TlkOptions { MaxBody = 100 }.Fault());
        Assert.StartsWith("Gateway: expected", new TlkOptions { Gateway = "two words" }.Fault(), StringComparison.Ordinal);
        Assert.Null(new TlkOptions().Fault());
    }

    private static async Task<string> WordsAsync(MemoryLine.End end)
    {
        byte[] buffer = new byte[4096];
        int count = await end.ReadAsync(buffer, TestContext.Current.CancellationToken).Soon();
        return SessionBench.Words(Vectors.Frame(buffer[..count]));
    }

    private ScriptedRegister Plug(out MemoryLine.End end)
    {
        end = _line.Plug();
        return new(end, _journal, _results);
    }
}
