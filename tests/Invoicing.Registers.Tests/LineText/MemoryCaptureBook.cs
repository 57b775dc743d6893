using System.Collections.Immutable;
using Invoicing.Sales;

namespace Invoicing.Registers.Tests.LineText;

/// <summary>A book of <see cref="MemoryCaptures"/>.</summary>
internal sealed class MemoryCaptureBook(RegisterId register, ulong epoch) : ICaptureBook
{
    private readonly Lock _gate = new();
    private readonly List<KeptCapture> _pieces = [];
    private readonly Dictionary<string, long> _keys = new(StringComparer.Ordinal);
    private ulong _lastSequence;
    private byte[] _state = [];

    public RegisterId Register => register;

    public ulong Epoch => epoch;

    /// <summary>Run before a piece is kept; may refuse it.</summary>
    internal Action BeforeKeep { get; set; } = static () => { };

    /// <summary>Run before a piece is judged; may fail as a crash between the two would.</summary>
    internal Action BeforeJudge { get; set; } = static () => { };

    internal ImmutableArray<KeptCapture> Pieces
    {
        get
        {
            lock (_gate)
            {
                return [.. _pieces];
            }
        }
    }

    /// <summary>Takes pieces away, as retention does.</summary>
    internal void Delete(long number)
    {
        lock (_gate)
        {
            _pieces.RemoveAll(piece => piece.Number == number);
        }
    }

    public Task<long> KeepAsync(DateTimeOffset at, bool isWhole, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        BeforeKeep();
        lock (_gate)
        {
            long number = _pieces.Count == 0 ? 1 : _pieces[^1].Number + 1;
            _pieces.Add(new(number, at, isWhole, CaptureClass.Unjudged, string.Empty) { Bytes = bytes.ToArray(), Length = bytes.Length });
            return Task.FromResult(number);
        }
    }

    public Task<KeptCapture> JudgeAsync(long number, CaptureJudgement judgement, CancellationToken cancellationToken)
    {
        BeforeJudge();
        lock (_gate)
        {
            int at = _pieces.FindIndex(piece => piece.Number == number);
            KeptCapture piece = _pieces[at];
            if (piece.RecordSequence is null)
            {
                piece = judgement.ReceiptKey is { } key && _keys.TryGetValue(key, out long first)
                    ? piece with { Class = CaptureClass.Reprint, FirstSeen = first }
                    : piece with
                    {
                        Class = judgement.Class,
                        ReceiptKey = judgement.TakesRecord ? judgement.ReceiptKey : null,
                        RecordSequence = judgement.TakesRecord ? ++_lastSequence : null,
                    };
                if (piece.ReceiptKey is { } taken)
                {
                    _keys.Add(taken, number);
                }
            }

            _pieces[at] = piece with { Text = judgement.Text };
            return Task.FromResult(_pieces[at] with { Bytes = default });
        }
    }

    public ValueTask<KeptCapture?> ReadAsync(long number, CancellationToken cancellationToken) =>
        new(Pieces.FirstOrDefault(piece => piece.Number == number));

    public ValueTask<ImmutableArray<KeptCapture>> ReadUnjudgedAsync(int limit, CancellationToken cancellationToken) =>
        new([.. Pieces.Where(piece => piece.Class == CaptureClass.Unjudged).Take(limit)]);

    public ValueTask<ImmutableArray<KeptCapture>> ReadRecordsAsync(ulong after, int limit, CancellationToken cancellationToken) =>
        new([.. Pieces.Where(piece => piece.RecordSequence > after).OrderBy(piece => piece.RecordSequence).Take(limit)]);

    public ValueTask<ImmutableArray<KeptCapture>> ListAsync(long? below, CaptureClass? only, int limit, CancellationToken cancellationToken) =>
        new([.. Pieces.Where(piece => (below is null || piece.Number < below) && (only is null || piece.Class == only))
            .OrderByDescending(piece => piece.Number).Take(limit).Select(piece => piece with { Bytes = default })]);

    public ValueTask<ReadOnlyMemory<byte>> ReadStateAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(_state);
        }
    }

    public Task WriteStateAsync(ReadOnlyMemory<byte> state, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _state = state.ToArray();
            return Task.CompletedTask;
        }
    }
}
