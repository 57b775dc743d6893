using System.Collections.Concurrent;
using System.Diagnostics;
using Invoicing.Hashing;
using Invoicing.Registers.Lines;
using Invoicing.Sales;

namespace Invoicing.Benchmarks.Registers;

/// <summary>
/// Times of one register, seen at the gateway's end of its line: from the last byte that had come when a record was offered until it was durable
/// or, with acknowledgements on the wire, until the next bytes went back.
/// </summary>
/// <param name="isAnswered">Whether the register is told by the next bytes that go back.</param>
internal sealed class AnswerTimes(bool isAnswered)
{
    private readonly ConcurrentQueue<double> _times = new();
    private readonly ConcurrentQueue<(long Came, double Recorded)> _owed = new();
    private long _lastByte;
    private (double Total, double Recorded) _slowest;

    /// <summary>Milliseconds, in their order.</summary>
    public IReadOnlyCollection<double> Times => _times;

    /// <summary>Milliseconds of the slowest, and how many of them the recorder had it: the rest is the driver and the line.</summary>
    public (double Total, double Recorded) Slowest => _slowest;

    /// <summary>The register's line, watched.</summary>
    public ILine Watch(ILine line) => new WatchedLine(line, this);

    /// <summary>The recorder, watched.</summary>
    public ISaleRecorder Watch(ISaleRecorder recorder) => new WatchedRecorder(recorder, this);

    /// <summary>Forgets what was seen so far.</summary>
    public void Clear()
    {
        _times.Clear();
        _slowest = default;
    }

    private void Came() => Volatile.Write(ref _lastByte, Stopwatch.GetTimestamp());

    private void Done(long came)
    {
        double recorded = Stopwatch.GetElapsedTime(came).TotalMilliseconds;
        if (isAnswered)
        {
            _owed.Enqueue((came, recorded));
        }
        else
        {
            Add(recorded, recorded);
        }
    }

    private void Answered()
    {
        while (_owed.TryDequeue(out (long Came, double Recorded) owed))
        {
            Add(Stopwatch.GetElapsedTime(owed.Came).TotalMilliseconds, owed.Recorded);
        }
    }

    private void Add(double total, double recorded)
    {
        _times.Enqueue(total);
        _slowest = total > _slowest.Total ? (total, recorded) : _slowest;
    }

    private sealed class WatchedLine(ILine line, AnswerTimes times) : ILine
    {
        public string Name => line.Name;

        public bool IsTransparent => line.IsTransparent;

        public async ValueTask<ILineConnection> ConnectAsync(CancellationToken cancellationToken) =>
            new WatchedConnection(await line.ConnectAsync(cancellationToken), times);

        public ValueTask DisposeAsync() => line.DisposeAsync();
    }

    private sealed class WatchedConnection(ILineConnection connection, AnswerTimes times) : ILineConnection
    {
        public CancellationToken Gone => connection.Gone;

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            int count = await connection.ReadAsync(buffer, cancellationToken);
            times.Came();
            return count;
        }

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            await connection.WriteAsync(bytes, cancellationToken);
            times.Answered();
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }

    private sealed class WatchedRecorder(ISaleRecorder recorder, AnswerTimes times) : ISaleRecorder
    {
        public ValueTask<RegisterStanding> WelcomeAsync(RegisterHello hello, CancellationToken cancellationToken) => recorder.WelcomeAsync(hello, cancellationToken);

        public async Task<RecordOutcome> RecordAsync(RegisterRecord record, CancellationToken cancellationToken)
        {
            long came = Volatile.Read(ref times._lastByte);
            RecordOutcome outcome = await recorder.RecordAsync(record, cancellationToken);
            if (record.Sale is not null)
            {
                times.Done(came);
            }

            return outcome;
        }

        public Task<RecordOutcome> RecordGapAsync(SaleKey first, ulong lastSequence, string reason, CancellationToken cancellationToken) =>
            recorder.RecordGapAsync(first, lastSequence, reason, cancellationToken);

        public Task RecordRegisterBehindAsync(RegisterHello hello, ulong lastDurable, CancellationToken cancellationToken) =>
            recorder.RecordRegisterBehindAsync(hello, lastDurable, cancellationToken);

        // A driver that is not told what is recorded reads the last document again whenever it is in doubt.
        public ValueTask<(ulong Sequence, Sha256Hash Hash)?> FindRecordAsync(SaleKey atMost, CancellationToken cancellationToken) => recorder.FindRecordAsync(atMost, cancellationToken);
    }
}
