using Invoicing.Sales;

namespace Invoicing.Registers.Tests.Tlk;

/// <summary>A recorder in memory that keeps what a real one promises: order, first outcomes, conflicts, gaps.</summary>
internal sealed class FakeRecorder : ISaleRecorder
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SaleKey, (RegisterRecord Record, RecordOutcome Outcome)> _first = [];
    private readonly Dictionary<(RegisterId, ulong), ulong> _durable = [];
    private int _number;

    /// <summary>Run before each record is taken; lets a test delay or fail it.</summary>
    internal Func<RegisterRecord, Task> BeforeRecord { get; set; } = _ => Task.CompletedTask;

    internal Func<RegisterHello, RegisterStanding?> Standing { get; set; } = _ => null;

    internal IReadOnlyList<RegisterRecord> Records
    {
        get
        {
            lock (_gate)
            {
                return [.. _first.Values.Select(pair => pair.Record).OrderBy(r => r.Key.Sequence)];
            }
        }
    }

    internal List<(ulong First, ulong Last)> Gaps { get; } = [];

    internal int Conflicts { get; private set; }

    public ValueTask<RegisterStanding> WelcomeAsync(RegisterHello hello, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(Standing(hello) ?? new RegisterStanding.Open(_durable.GetValueOrDefault((hello.Register, hello.Epoch))));
        }
    }

    public async Task<RecordOutcome> RecordAsync(RegisterRecord record, CancellationToken cancellationToken)
    {
        await BeforeRecord(record);
        lock (_gate)
        {
            if (_first.TryGetValue(record.Key, out (RegisterRecord Record, RecordOutcome Outcome) first))
            {
                Conflicts += first.Record.Hash == record.Hash ? 0 : 1;
                return first.Record.Hash == record.Hash ? first.Outcome : new RecordOutcome.Conflict(first.Record.Hash);
            }

            (RegisterId, ulong) line = (record.Key.Register, record.Key.Epoch);
            ulong durable = _durable.GetValueOrDefault(line);
            if (record.Key.Sequence != durable + 1)
            {
                return new RecordOutcome.Gap(durable + 1);
            }

            RecordOutcome outcome = record switch
            {
                { Recovered: { } printed } => new RecordOutcome.Issued(printed, "lookup"),
                { Sale: not null } => Issue(),
                { Kind: RecordKind.Sale } => new RecordOutcome.Held(record.Unreadable!),
                _ => new RecordOutcome.Recorded(),
            };
            _first.Add(record.Key, (record, outcome));
            _durable[line] = record.Key.Sequence;
            return outcome;
        }
    }

    public Task<RecordOutcome> RecordGapAsync(SaleKey first, ulong lastSequence, string reason, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Gaps.Add((first.Sequence, lastSequence));
            _durable[(first.Register, first.Epoch)] = lastSequence;
            return Task.FromResult<RecordOutcome>(new RecordOutcome.Recorded());
        }
    }

    /// <summary>The lease that is due until it is answered.</summary>
    internal LeaseOffer? Lease { get; set; }

    internal List<(ulong Lease, ulong? Newest)> LeaseAnswers { get; } = [];

    public bool IsClockPlausible { get; set; } = true;

    public Task<LeaseOffer?> OfferLeaseAsync(RegisterId serial, ulong epoch, CancellationToken cancellationToken) => Task.FromResult(Lease);

    public Task LeaseAnsweredAsync(RegisterId serial, ulong epoch, ulong lease, ulong? newestSequence, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Lease = null;
            LeaseAnswers.Add((lease, newestSequence));
        }

        return Task.CompletedTask;
    }

    public Task RecordRegisterBehindAsync(RegisterHello hello, ulong lastDurable, CancellationToken cancellationToken) => Task.CompletedTask;

    private RecordOutcome.Issued Issue()
    {
        int number = ++_number;
        return new(new($"M1-26-ABCDE-{number:00000000000}", "C26MAA", number), $"https://tracuu.example/{number}");
    }
}
