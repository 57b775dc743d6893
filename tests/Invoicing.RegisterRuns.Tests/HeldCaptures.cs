using System.Collections.Immutable;
using Invoicing.Sales;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>Books of captures that hold the clock while a commit of theirs is in hand, as <see cref="BusyRecorder"/> does.</summary>
internal sealed class HeldCaptures(ICaptureStore store, VirtualTime time, Action<ReadOnlyMemory<byte>>? kept = null) : ICaptureStore
{
    private readonly Action<ReadOnlyMemory<byte>>? _kept = kept;
    private readonly VirtualTime _time = time;

    public async ValueTask<ICaptureBook> OpenAsync(RegisterId name, CancellationToken cancellationToken) =>
        new Book(await HoldAsync(store.OpenAsync(name, cancellationToken)), this);

    private async ValueTask<T> HoldAsync<T>(ValueTask<T> call)
    {
        _time.Begin();
        try
        {
            return await call;
        }
        finally
        {
            _time.End();
        }
    }

    private sealed class Book(ICaptureBook book, HeldCaptures owner) : ICaptureBook
    {
        public RegisterId Register => book.Register;

        public ulong Epoch => book.Epoch;

        public async Task<long> KeepAsync(DateTimeOffset at, bool isWhole, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            owner._kept?.Invoke(bytes);
            return await owner.HoldAsync(new ValueTask<long>(book.KeepAsync(at, isWhole, bytes, cancellationToken)));
        }

        public Task<KeptCapture> JudgeAsync(long number, CaptureJudgement judgement, CancellationToken cancellationToken) =>
            owner.HoldAsync(new ValueTask<KeptCapture>(book.JudgeAsync(number, judgement, cancellationToken))).AsTask();

        public ValueTask<KeptCapture?> ReadAsync(long number, CancellationToken cancellationToken) => owner.HoldAsync(book.ReadAsync(number, cancellationToken));

        public ValueTask<ImmutableArray<KeptCapture>> ReadUnjudgedAsync(int limit, CancellationToken cancellationToken) =>
            owner.HoldAsync(book.ReadUnjudgedAsync(limit, cancellationToken));

        public ValueTask<ImmutableArray<KeptCapture>> ReadRecordsAsync(ulong after, int limit, CancellationToken cancellationToken) =>
            owner.HoldAsync(book.ReadRecordsAsync(after, limit, cancellationToken));

        public ValueTask<ImmutableArray<KeptCapture>> ListAsync(long? below, CaptureClass? only, int limit, CancellationToken cancellationToken) =>
            owner.HoldAsync(book.ListAsync(below, only, limit, cancellationToken));

        public ValueTask<ReadOnlyMemory<byte>> ReadStateAsync(CancellationToken cancellationToken) => owner.HoldAsync(book.ReadStateAsync(cancellationToken));

        public async Task WriteStateAsync(ReadOnlyMemory<byte> state, CancellationToken cancellationToken)
        {
            owner._time.Begin();
            try
            {
                await book.WriteStateAsync(state, cancellationToken);
            }
            finally
            {
                owner._time.End();
            }
        }
    }
}
