#pragma warning disable CA2000 // A connection in memory holds nothing.
using System.Collections.Immutable;
using Invoicing.Hashing;
using Invoicing.Registers.Drivers;
using Invoicing.Registers.Lines;
using Invoicing.Registers.Tests.Tlk;
using Invoicing.Sales;
using Invoicing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Invoicing.Registers.Tests.Drivers;

/// <summary>The driver of registers that are asked, with a protocol that does what a test says.</summary>
public sealed class JournalDriverTests : IAsyncDisposable
{
    private static readonly RegisterId Till = new("T-1");

    private readonly ManualTime _time = new();
    private readonly LineRecorder _recorder = new();
    private readonly MemoryLine _line = new();
    private readonly FakeProtocol _protocol = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private JournalDriver? _driver;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_driver is not null)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running.Soon());
        }

        _stop.Dispose();
    }

    [Fact]
    public async Task Records_are_taken_in_order_and_committed_after_they_are_durable()
    {
        _protocol.Newest = 3;
        Run(fromBeginning: true);
        await UntilAsync(() => _recorder.Records.Count == 3, "recorded");
        await UntilAsync(() => _protocol.Committed is [1, 2, 3], "committed");
        Assert.Equal((DriverPhase.Open, Till, 3ul), (_driver!.Status.Phase, _driver.Status.Register!.Value, _driver.Status.Durable));
        Assert.Equal(42, _driver.Status.JournalUsed);
        Assert.Equal(["a note"], _driver.Status.Notes);
        _protocol.Newest = 5;
        await UntilAsync(() => _recorder.Records.Count == 5, "recorded later");
    }

    [Fact]
    public async Task A_register_met_for_the_first_time_has_its_history_entered_as_one_gap()
    {
        _protocol.Newest = 7;
        Run();
        await UntilAsync(() => _recorder.Gaps.Count == 1, "one gap");
        Assert.Equal((1ul, 7ul), (_recorder.Gaps[0].First.Sequence, _recorder.Gaps[0].Last));
        _protocol.Newest = 8;
        await UntilAsync(() => _recorder.Records.Count == 1, "the next");
        Assert.Equal(8ul, _recorder.Records[0].Key.Sequence);
    }

    [Fact]
    public async Task A_register_waits_for_as_long_as_the_recorder_does_not_know_it()
    {
        bool isKnown = false;
        _recorder.Standing = _ => isKnown ? null : new RegisterStanding.Waiting("the authority has not answered");
        _protocol.Newest = 1;
        Run(fromBeginning: true);
        await UntilAsync(() => _driver!.Status.Trouble?.Contains("the authority has not answered", StringComparison.Ordinal) == true, "waiting");
        Assert.Empty(_recorder.Records);
        isKnown = true;
        await UntilAsync(() => _recorder.Records.Count == 1, "recorded");
        await UntilAsync(() => _driver!.Status.Trouble is null, "no trouble");
    }

    [Fact]
    public async Task A_stopped_line_looks_whether_a_person_decided()
    {
        bool isStopped = true;
        _recorder.Standing = _ => isStopped ? new RegisterStanding.Stopped("conflict at 3") : null;
        Run(fromBeginning: true);
        await UntilAsync(() => _driver!.Status is { Phase: DriverPhase.Stopped, Trouble: { } trouble } && trouble.Contains("release", StringComparison.Ordinal), "stopped");
        isStopped = false;
        await UntilAsync(() => _driver!.Status.Phase == DriverPhase.Open, "open");
    }

    [Fact]
    public async Task A_record_that_cannot_be_taken_now_is_offered_again_and_not_fetched_again()
    {
        int refusals = 3;
        _recorder.Outcome = _ => refusals-- > 0 ? new RecordOutcome.NotNow("the disk is full") : null;
        _protocol.Newest = 1;
        Run(fromBeginning: true);
        await UntilAsync(() => _driver!.Status.Trouble?.Contains("the disk is full", StringComparison.Ordinal) == true, "told");
        await UntilAsync(() => _recorder.Records.Count == 1, "recorded");
        Assert.Equal(1, _protocol.Fetches(1));
    }

    [Fact]
    public async Task A_journal_that_begins_a_new_life_goes_on_in_a_new_epoch()
    {
        _protocol.Newest = 2;
        Run(fromBeginning: true);
        await UntilAsync(() => _recorder.Records.Count == 2, "recorded");
        _protocol.Enqueue(new Fetched.Reset(new(Till, 2, 1, "model"), "it counts from the beginning"));
        _protocol.Newest = 1;
        await UntilAsync(() => _recorder.Records.Count == 3, "recorded in the new life");
        Assert.Equal((2ul, 1ul), (_recorder.Records[2].Key.Epoch, _recorder.Records[2].Key.Sequence));
        Assert.Empty(_recorder.Gaps);
    }

    [Fact]
    public async Task A_life_that_is_over_is_left_for_the_current_one_if_the_driver_counts_lives()
    {
        _recorder.HasHistory = true;
        await _recorder.WelcomeAsync(new(Till, 1, 0, 0, 0), TestContext.Current.CancellationToken);
        await _recorder.WelcomeAsync(new(Till, 2, 0, 0, 0), TestContext.Current.CancellationToken);
        _protocol.Newest = 1;
        Run();
        await UntilAsync(() => _recorder.Records.Count == 1, "recorded");
        Assert.Equal(2ul, _recorder.Records[0].Key.Epoch);
    }

    [Fact]
    public async Task A_life_that_is_over_stops_the_line_if_it_is_nobodys()
    {
        await _recorder.WelcomeAsync(new(Till, 1, 0, 0, 0), TestContext.Current.CancellationToken);
        await _recorder.WelcomeAsync(new(Till, 99, 0, 0, 0), TestContext.Current.CancellationToken);
        _protocol.Newest = 1;
        Run();
        await UntilAsync(() => _driver!.Status is { Phase: DriverPhase.Stopped, Trouble: { } t } && t.Contains("older life", StringComparison.Ordinal), "stopped");
        Assert.Empty(_recorder.Records);
    }

    [Fact]
    public async Task A_register_that_fell_behind_is_noted_and_stopped_until_a_person_decides()
    {
        _protocol.Enqueue(new Fetched.Behind(3));
        Run(fromBeginning: true);
        await UntilAsync(() => _driver!.Status.Phase == DriverPhase.Stopped && _recorder.Stopped is not null, "stopped");
        _protocol.Newest = 1;
        _recorder.Release();
        await UntilAsync(() => _recorder.Records.Count == 1, "recorded after the release");
    }

    [Fact]
    public async Task Another_register_than_the_configured_one_is_never_recorded()
    {
        _protocol.Newest = 1;
        Run(fromBeginning: true, register: new("T-2"));
        await UntilAsync(() => _driver!.Status.Trouble?.Contains("expected register T-2, found T-1", StringComparison.Ordinal) == true, "told");
        Assert.Empty(_recorder.Records);
        Assert.Equal(0, _recorder.Hellos);
    }

    [Fact]
    public async Task A_conflict_stops_the_line_and_does_not_spin()
    {
        _protocol.Newest = 1;
        Run(fromBeginning: true);
        await UntilAsync(() => _recorder.Records.Count == 1, "recorded");
        _protocol.Enqueue(new Fetched.Record(FakeProtocol.Of(new(Till, 1, 1), "other words")));
        await UntilAsync(() => _driver!.Status is { Phase: DriverPhase.Stopped, Trouble: { } t } && t.Contains("conflict", StringComparison.Ordinal), "stopped");
        Assert.Single(_recorder.Records);
    }

    [Fact]
    public async Task A_record_out_of_order_makes_the_driver_ask_from_where_the_journal_ends()
    {
        _protocol.Enqueue(new Fetched.Record(FakeProtocol.Of(new(Till, 1, 5), "early")));
        _protocol.Newest = 2;
        Run(fromBeginning: true);
        await UntilAsync(() => _recorder.Records.Count == 2, "recorded");
        Assert.True(_protocol.Reconciled >= 2);
    }

    [Fact]
    public async Task Lost_records_are_named_and_the_next_is_recorded()
    {
        _protocol.Enqueue(new Fetched.Lost(1, 4, "the journal was changed"));
        _protocol.Newest = 5;
        Run(fromBeginning: true);
        await UntilAsync(() => _recorder.Records.Count == 1, "recorded");
        Assert.Equal((1ul, 4ul, "the journal was changed"), (_recorder.Gaps[0].First.Sequence, _recorder.Gaps[0].Last, _recorder.Gaps[0].Reason));
        Assert.Equal(5ul, _recorder.Records[0].Key.Sequence);
    }

    [Fact]
    public async Task A_line_that_goes_is_opened_again_and_its_conversation_is_disposed_of()
    {
        _protocol.Newest = 1;
        Run(fromBeginning: true);
        await UntilAsync(() => _recorder.Records.Count == 1, "recorded");
        _protocol.Throw(new LineGoneException("memory", "pulled"));
        await UntilAsync(() => _driver!.Status.Phase == DriverPhase.Down, "down");
        await UntilAsync(() => _protocol.Disposed == 1, "disposed of");
        _protocol.Newest = 2;
        _line.Plug();
        await UntilAsync(() => _recorder.Records.Count == 2, "recorded again");
    }

    [Fact]
    public async Task Trouble_is_told_and_the_line_is_tried_again_after_a_pause()
    {
        _protocol.Throw(new RegisterTroubleException("expected a register, found a toaster"));
        _protocol.Newest = 1;
        _line.Plug();
        Run(fromBeginning: true);
        await UntilAsync(() => _recorder.Records.Count == 1, "recorded after the trouble");
        Assert.Equal(2, _protocol.Begun);
    }

    [Fact]
    public void A_line_that_does_not_pass_every_byte_is_refused() => Assert.Throws<ArgumentException>(() => new JournalDriver(
        new MemoryLine { IsTransparent = false }, _protocol, _recorder, new(), _time, NullLogger<JournalDriver>.Instance));

    private void Run(bool fromBeginning = false, RegisterId? register = null)
    {
        _driver = new(_line, _protocol, _recorder, new() { FromBeginning = fromBeginning, Register = register }, _time, NullLogger<JournalDriver>.Instance);
        _line.Plug();
        _running = _driver.RunAsync(_stop.Token);
    }

    private Task UntilAsync(Func<bool> condition, string what) => Waiting.Until(
        () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return condition();
        },
        what,
        TimeSpan.FromMinutes(1));

    private sealed class FakeProtocol : IRegisterProtocol
    {
        private readonly Lock _gate = new();
        private readonly Queue<object> _queue = new();
        private readonly Dictionary<ulong, int> _fetches = [];
        private readonly List<ulong> _committed = [];

        public string Name => "fake";

        public DriverCapabilities Capabilities => DriverCapabilities.CanRewind;

        public bool NeedsTransparentLine => true;

        public TimeSpan PollPause => TimeSpan.FromSeconds(1);

        public DriverCounters Counters { get; } = new();

        public int? JournalUsed => 42;

        public ImmutableArray<string> Notes => ["a note"];

        internal ulong Newest { get; set; }

        internal int Reconciled { get; private set; }

        internal int Disposed { get; private set; }

        internal int Begun { get; private set; }

        internal IReadOnlyList<ulong> Committed
        {
            get
            {
                lock (_gate)
                {
                    return [.. _committed];
                }
            }
        }

        public IRegisterConversation Begin(ILineConnection connection)
        {
            Begun++;
            return new Conversation(this);
        }

        internal static RegisterRecord Of(SaleKey key, string words)
        {
            byte[] bytes = System.Text.Encoding.ASCII.GetBytes(words);
            return new() { Key = key, Kind = RecordKind.NoSale, Hash = Sha256Hash.Of(bytes), Bytes = bytes };
        }

        internal void Enqueue(Fetched fetched)
        {
            lock (_gate)
            {
                _queue.Enqueue(fetched);
            }
        }

        internal void Throw(Exception fault)
        {
            lock (_gate)
            {
                _queue.Enqueue(fault);
            }
        }

        internal int Fetches(ulong sequence)
        {
            lock (_gate)
            {
                return _fetches.GetValueOrDefault(sequence);
            }
        }

        private sealed class Conversation(FakeProtocol protocol) : IRegisterConversation, IAsyncDisposable
        {
            private ulong _epoch = 1;

            public Task<RegisterIdentity> IdentifyAsync(CancellationToken cancellationToken) =>
                Task.FromResult(new RegisterIdentity(Till, _epoch, protocol.Newest, "model"));

            public RegisterIdentity? FindLife(RegisterIdentity identity, ulong currentEpoch)
            {
                _epoch = currentEpoch == 2 ? 2 : _epoch;
                return currentEpoch == 2 ? identity with { Epoch = 2 } : null;
            }

            public Task<Fetched?> ReconcileAsync(ulong durable, CancellationToken cancellationToken)
            {
                protocol.Reconciled++;
                return Task.FromResult<Fetched?>(null);
            }

            public Task<Fetched?> FetchAsync(ulong after, CancellationToken cancellationToken)
            {
                lock (protocol._gate)
                {
                    if (protocol._queue.TryDequeue(out object? next))
                    {
                        _epoch = next is Fetched.Reset reset ? reset.Identity.Epoch : _epoch;
                        return next is Exception fault ? Task.FromException<Fetched?>(fault) : Task.FromResult((Fetched?)next);
                    }

                    if (after >= protocol.Newest)
                    {
                        return Task.FromResult<Fetched?>(null);
                    }

                    protocol._fetches[after + 1] = protocol._fetches.GetValueOrDefault(after + 1) + 1;
                    return Task.FromResult<Fetched?>(new Fetched.Record(Of(new(Till, _epoch, after + 1), $"record {_epoch}/{after + 1}")));
                }
            }

            public Task CommitAsync(ulong durable, CancellationToken cancellationToken)
            {
                lock (protocol._gate)
                {
                    protocol._committed.Add(durable);
                    return Task.CompletedTask;
                }
            }

            public ValueTask DisposeAsync()
            {
                protocol.Disposed++;
                return ValueTask.CompletedTask;
            }
        }
    }
}
