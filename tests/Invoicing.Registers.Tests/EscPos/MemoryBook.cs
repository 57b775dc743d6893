using System.Collections.Immutable;
using Invoicing.Sales;

namespace Invoicing.Registers.Tests.EscPos;

/// <summary>A book in memory that keeps what a real one promises: numbers, keys taken once, sequences without gaps.</summary>
internal sealed class MemoryBook(string register = "TAP-1") : ICaptureBook, ICaptureStore
{
    private readonly Lock _gate = new();
    private readonly List<KeptCapture> _kept = [];
    private ReadOnlyMemory<byte> _state;

    public RegisterId Register { get; } = new(register);

    public ulong Epoch => 0xE5C;

    /// <summary>Run before each piece is kept; lets a test delay or fail it.</summary>
    internal Func<Task> BeforeKeep { get; set; } = () => Task.CompletedTask;

    /// <summary>Run before each piece is judged; lets a test fail it.</summary>
    internal Action BeforeJudge { get; set; } = static () => { };

    internal IReadOnlyList<KeptCapture> Kept
    {
        get
        {
            lock (_gate)
            {
                return [.. _kept];
            }
        }
    }

    internal IReadOnlyList<CaptureClass> Classes => [.. Kept.Select(kept => kept.Class)];

    public ValueTask<ICaptureBook> OpenAsync(RegisterId name, CancellationToken cancellationToken)
    {
        Assert.Equal(Register, name);
        return new(this);
    }

    public async Task<long> KeepAsync(DateTimeOffset at, bool isWhole, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await BeforeKeep();
        lock (_gate)
        {
            Assert.InRange(bytes.Length, 1, ICaptureBook.MaxLength);
            _kept.Add(new(_kept.Count + 1, at, isWhole, CaptureClass.Unjudged, string.Empty) { Bytes = bytes.ToArray(), Length = bytes.Length });
            return _kept.Count;
        }
    }

    public Task<KeptCapture> JudgeAsync(long number, CaptureJudgement judgement, CancellationToken cancellationToken)
    {
        BeforeJudge();
        lock (_gate)
        {
            KeptCapture piece = _kept[(int)number - 1];
            KeptCapture? first = judgement.ReceiptKey is { } key && judgement.TakesRecord
                ? _kept.Find(kept => kept.ReceiptKey == key && kept.Number != number) : null;
            ulong? next = judgement.TakesRecord && first is null ? (ulong)_kept.Count(kept => kept.RecordSequence is not null) + 1 : null;
            piece = first is not null
                ? piece with { Class = CaptureClass.Reprint, Text = judgement.Text, FirstSeen = first.Number }
                : piece with
                {
                    Class = judgement.Class,
                    Text = judgement.Text,
                    ReceiptKey = judgement.ReceiptKey,
                    RecordSequence = piece.RecordSequence ?? next,
                };
            _kept[(int)number - 1] = piece;
            return Task.FromResult(piece);
        }
    }

    public ValueTask<KeptCapture?> ReadAsync(long number, CancellationToken cancellationToken) => new(Kept.FirstOrDefault(kept => kept.Number == number));

    public ValueTask<ImmutableArray<KeptCapture>> ReadUnjudgedAsync(int limit, CancellationToken cancellationToken) =>
        new([.. Kept.Where(kept => kept.Class == CaptureClass.Unjudged).Take(limit)]);

    public ValueTask<ImmutableArray<KeptCapture>> ReadRecordsAsync(ulong after, int limit, CancellationToken cancellationToken) =>
        new([.. Kept.Where(kept => kept.RecordSequence > after).OrderBy(kept => kept.RecordSequence).Take(limit)]);

    public ValueTask<ImmutableArray<KeptCapture>> ListAsync(long? below, CaptureClass? only, int limit, CancellationToken cancellationToken) =>
        new([.. Kept.Where(kept => (below is null || kept.Number < below) && (only is null || kept.Class == only)).Reverse().Take(limit)]);

    public ValueTask<ReadOnlyMemory<byte>> ReadStateAsync(CancellationToken cancellationToken) => new(_state);

    public Task WriteStateAsync(ReadOnlyMemory<byte> state, CancellationToken cancellationToken)
    {
        _state = state;
        return Task.CompletedTask;
    }
}
