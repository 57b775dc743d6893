#pragma warning disable CA2000 // A cable's ends belong to whoever plugged it.
using System.Threading.Channels;
using Invoicing.Registers.Lines;

namespace Invoicing.Registers.Tests.Tlk;

/// <summary>A line in memory: each plug gives both ends of a new cable. Nothing here takes time.</summary>
internal sealed class MemoryLine : ILine
{
    private readonly Channel<ILineConnection> _plugged = Channel.CreateBounded<ILineConnection>(8);

    public string Name => "memory";

    public bool IsTransparent { get; init; } = true;

    /// <summary>Where the gateway stops when it lets a cable go, if a test wants it to; the cable then stays as it is.</summary>
    internal Gate? Disposal { get; init; }

    /// <summary>Cables that the gateway has not taken yet; it takes one when it has let the last one go.</summary>
    internal int Untaken => _plugged.Reader.Count;

    public ValueTask<ILineConnection> ConnectAsync(CancellationToken cancellationToken) => _plugged.Reader.ReadAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Lays a cable and returns the register's end.</summary>
    internal End Plug(bool isRead = true)
    {
        var toGateway = Channel.CreateBounded<byte[]>(1024);
        var toRegister = Channel.CreateBounded<byte[]>(isRead ? 1024 : 1);
        CancellationTokenSource gone = new();
        Assert.True(_plugged.Writer.TryWrite(new End(toGateway.Reader, toRegister.Writer, gone, Disposal)));
        return new End(toRegister.Reader, toGateway.Writer, gone);
    }

    internal sealed class End(
        ChannelReader<byte[]> input, ChannelWriter<byte[]> output, CancellationTokenSource gone, Gate? disposal = null) : ILineConnection
    {
        private ReadOnlyMemory<byte> _left;

        public CancellationToken Gone { get; } = gone.Token;

        internal bool IsDisposed { get; private set; }

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            if (_left.IsEmpty)
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Gone);
                try
                {
                    _left = await input.ReadAsync(either.Token);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    return 0;
                }
            }

            int count = Math.Min(buffer.Length, _left.Length);
            _left[..count].CopyTo(buffer);
            _left = _left[count..];
            return count;
        }

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            if (Gone.IsCancellationRequested)
            {
                throw new LineGoneException("memory", "pulled");
            }

            if (!bytes.IsEmpty)
            {
                await output.WriteAsync(bytes.ToArray(), cancellationToken);
            }
        }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return disposal?.PassAsync() ?? PullAsync();
        }

        internal async ValueTask PullAsync()
        {
            if (!gone.IsCancellationRequested)
            {
                await gone.CancelAsync();
            }
        }
    }
}
