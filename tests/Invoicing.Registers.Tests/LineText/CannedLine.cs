using System.Threading.Channels;
using Invoicing.Registers.Lines;

namespace Invoicing.Registers.Tests.LineText;

/// <summary>A line whose connections say what they are made of and then end, or fall silent. Nothing here takes time.</summary>
internal sealed class CannedLine : ILine
{
    private readonly Channel<ILineConnection> _plugged = Channel.CreateBounded<ILineConnection>(8);

    public string Name => "canned";

    public bool IsTransparent => false;

    public ValueTask<ILineConnection> ConnectAsync(CancellationToken cancellationToken) => _plugged.Reader.ReadAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Lays a cable that says these bytes, and then is gone or falls silent.</summary>
    internal Connection Plug(ReadOnlyMemory<byte> bytes, bool isGone)
    {
        Connection connection = new(bytes, isGone);
        Assert.True(_plugged.Writer.TryWrite(connection));
        return connection;
    }

    internal sealed class Connection(ReadOnlyMemory<byte> bytes, bool isGone) : ILineConnection
    {
        private readonly TaskCompletionSource _silent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private ReadOnlyMemory<byte> _left = bytes;

        public CancellationToken Gone => CancellationToken.None;

        /// <summary>Ends when all was read and more is asked for.</summary>
        internal Task Silent => _silent.Task;

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            if (_left.IsEmpty)
            {
                _silent.TrySetResult();
                if (isGone)
                {
                    return 0;
                }

                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            int count = Math.Min(buffer.Length, _left.Length);
            _left[..count].CopyTo(buffer);
            _left = _left[count..];
            return count;
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            throw new NotSupportedException("expected a driver that only listens");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
