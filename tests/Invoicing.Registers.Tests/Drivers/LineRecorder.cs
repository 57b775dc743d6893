using Invoicing.Hashing;
using Invoicing.Sales;

namespace Invoicing.Registers.Tests.Drivers;

/// <summary>A recorder in memory that keeps what a real one promises to drivers: order, first outcomes, retired lives, stopped lines.</summary>
internal sealed class LineRecorder : ISaleRecorder
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(RegisterId, ulong), ulong> _durable = [];
    private readonly Dictionary<RegisterId, ulong> _current = [];
    private readonly Dictionary<SaleKey, RegisterRecord> _first = [];
    private readonly List<RegisterRecord> _records = [];
    private readonly List<(SaleKey First, ulong Last, string Reason)> _gaps = [];
    private string? _stopped;

    /// <summary>Answers a hello otherwise.</summary>
    internal Func<RegisterHello, RegisterStanding?> Standing { get; set; } = _ => null;

    /// <summary>Answers a record otherwise.</summary>
    internal Func<RegisterRecord, RecordOutcome?> Outcome { get; set; } = _ => null;

    /// <summary>Whether a register that is new is met for the first time.</summary>
    internal bool HasHistory { get; set; }

    internal string? Stopped
    {
        get
        {
            lock (_gate)
            {
                return _stopped;
            }
        }
    }

    internal IReadOnlyList<RegisterRecord> Records
    {
        get
        {
            lock (_gate)
            {
                return [.. _records];
            }
        }
    }

    internal IReadOnlyList<(SaleKey First, ulong Last, string Reason)> Gaps
    {
        get
        {
            lock (_gate)
            {
                return [.. _gaps];
            }
        }
    }

    internal int Hellos { get; private set; }

    internal void Release()
    {
        lock (_gate)
        {
            _stopped = null;
        }
    }

    public ValueTask<RegisterStanding> WelcomeAsync(RegisterHello hello, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Hellos++;
            return new(Standing(hello) ?? Standard(hello));
        }
    }

    public Task<RecordOutcome> RecordAsync(RegisterRecord record, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (Outcome(record) is { } other)
            {
                return Task.FromResult(other);
            }

            if (_first.TryGetValue(record.Key, out RegisterRecord? first))
            {
                _stopped = first.Hash == record.Hash ? _stopped : "conflict";
                return Task.FromResult<RecordOutcome>(first.Hash == record.Hash ? new RecordOutcome.Recorded() : new RecordOutcome.Conflict(first.Hash));
            }

            ulong durable = _durable.GetValueOrDefault((record.Key.Register, record.Key.Epoch));
            if (record.Key.Sequence != durable + 1)
            {
                return Task.FromResult<RecordOutcome>(new RecordOutcome.Gap(durable + 1));
            }

            _first.Add(record.Key, record);
            _records.Add(record);
            _durable[(record.Key.Register, record.Key.Epoch)] = record.Key.Sequence;
            return Task.FromResult<RecordOutcome>(record.Unreadable is { } why ? new RecordOutcome.Held(why) : new RecordOutcome.Recorded());
        }
    }

    public Task<RecordOutcome> RecordGapAsync(SaleKey first, ulong lastSequence, string reason, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Assert.Equal(_durable.GetValueOrDefault((first.Register, first.Epoch)) + 1, first.Sequence);
            _gaps.Add((first, lastSequence, reason));
            _durable[(first.Register, first.Epoch)] = lastSequence;
            return Task.FromResult<RecordOutcome>(new RecordOutcome.Recorded());
        }
    }

    public Task RecordRegisterBehindAsync(RegisterHello hello, ulong lastDurable, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _stopped = $"behind: {hello.NewestSequence} < {lastDurable}";
            return Task.CompletedTask;
        }
    }

    public ValueTask<(ulong Sequence, Sha256Hash Hash)?> FindRecordAsync(SaleKey atMost, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            RegisterRecord? newest = _records.Where(record => record.Key.Register == atMost.Register && record.Key.Epoch == atMost.Epoch
                && record.Key.Sequence <= atMost.Sequence).MaxBy(record => record.Key.Sequence);
            return new(newest is null ? null : (newest.Key.Sequence, newest.Hash));
        }
    }

    private RegisterStanding Standard(RegisterHello hello)
    {
        if (_stopped is { } stopped)
        {
            return new RegisterStanding.Stopped(stopped);
        }

        (RegisterId, ulong) key = (hello.Register, hello.Epoch);
        bool isNew = !_durable.ContainsKey(key);
        bool isFirst = !HasHistory && !_current.ContainsKey(hello.Register);
        if (isNew)
        {
            (_durable[key], _current[hello.Register]) = (0, hello.Epoch);
        }

        return _current[hello.Register] == hello.Epoch
            ? new RegisterStanding.Open(_durable[key]) { IsFirstContact = isFirst }
            : new RegisterStanding.Retired { CurrentEpoch = _current[hello.Register] };
    }
}
