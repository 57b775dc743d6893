using System.Buffers;
using System.IO.Pipelines;

namespace Invoicing.Edge.Control;

/// <summary>What a caller said, whose end is seen only once all before it was looked at: Kestrel drops a request whose body comes together with the end of it.</summary>
/// <param name="input">The connection's input.</param>
internal sealed class HalfClosedReader(PipeReader input) : PipeReader
{
    private ReadOnlySequence<byte> _shown;
    private long _left; // bytes that were shown and not taken
    private long _unseen; // of these, the ones that were not looked at

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _left = _shown.Slice(consumed).Length;
        _unseen = _shown.Slice(examined).Length;
        _shown = default;
        input.AdvanceTo(consumed, examined);
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => input.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => input.Complete(exception);

    /// <inheritdoc/>
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        Show(await input.ReadAsync(cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        bool isThere = input.TryRead(out result);
        result = isThere ? Show(result) : result;
        return isThere;
    }

    private ReadResult Show(ReadResult read)
    {
        _shown = read.Buffer;
        bool hasNews = _unseen > 0 || read.Buffer.Length > _left;
        return read.IsCompleted && hasNews ? new(read.Buffer, read.IsCanceled, isCompleted: false) : read;
    }
}
