#pragma warning disable CA2000 // A cable's ends belong to whoever is plugged in.
using System.IO.Pipelines;
using System.Threading.Channels;
using FirmwareSim.Lines;
using Gateway = Invoicing.Registers.Lines;

namespace FirmwareSim.Tests.Running;

/// <summary>A line in memory between the simulator and the product's driver, plugged and pulled as the test says.</summary>
internal sealed class MemoryCable : Gateway.ILine
{
    private readonly Channel<Gateway.ILineConnection> _near = Channel.CreateBounded<Gateway.ILineConnection>(8);
    private Channel<Stream> _far = Channel.CreateBounded<Stream>(8);
    private CancellationTokenSource? _plugged;

    public string Name => "memory";

    public bool IsTransparent => true;

    /// <summary>The register's end; a register that starts anew takes a new one.</summary>
    public ILine FarEnd()
    {
        _far = Channel.CreateBounded<Stream>(8);
        return new Far(_far.Reader);
    }

    public void Plug()
    {
        Pipe toGateway = new();
        Pipe toRegister = new();
        _plugged = new CancellationTokenSource();
        Assert.True(_near.Writer.TryWrite(new Near(toGateway.Reader, toRegister.Writer, _plugged)));
        Assert.True(_far.Writer.TryWrite(new Wire(toRegister.Reader.AsStream(), toGateway.Writer.AsStream(), _plugged)));
    }

    public Task PullAsync() => _plugged!.CancelAsync();

    public ValueTask<Gateway.ILineConnection> ConnectAsync(CancellationToken cancellationToken) => _near.Reader.ReadAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Far(ChannelReader<Stream> plugged) : ILine
    {
        public string Name => "memory";

        public Task<Stream> OpenAsync(CancellationToken cancellationToken) => plugged.ReadAsync(cancellationToken).AsTask();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Near(PipeReader input, PipeWriter output, CancellationTokenSource plugged) : Gateway.ILineConnection
    {
        private readonly Stream _input = input.AsStream();

        public CancellationToken Gone => plugged.Token;

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Gone);
            try
            {
                return await _input.ReadAsync(buffer, either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return 0;
            }
        }

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            if (Gone.IsCancellationRequested)
            {
                throw new Gateway.LineGoneException("memory", "pulled");
            }

            await output.WriteAsync(bytes, cancellationToken);
        }

        public ValueTask DisposeAsync() => new(plugged.CancelAsync());
    }

    /// <summary>Both directions as the simulator sees them; a pulled cable reads as ended and does not write.</summary>
    private sealed class Wire(Stream input, Stream output, CancellationTokenSource plugged) : Stream
    {
        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, plugged.Token);
            try
            {
                return await input.ReadAsync(buffer, either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return 0;
            }
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            plugged.IsCancellationRequested ? throw new IOException("pulled") : output.WriteAsync(buffer, cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => output.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                plugged.Cancel();
            }

            base.Dispose(disposing);
        }
    }
}
