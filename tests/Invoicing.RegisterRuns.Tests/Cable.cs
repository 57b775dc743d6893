using System.Threading.Channels;
using Invoicing.Registers.Lines;

namespace Invoicing.RegisterRuns.Tests;

/// <summary>A cable in memory between a simulated register and a driver, which can be cut at a byte and is plugged in again by itself.</summary>
/// <param name="cuts">
/// Numbers of bytes, counted over both directions from the cable's first connection, at which it is cut: the byte of that number and what
/// follows is lost, on both sides.
/// </param>
/// <param name="isNoticed">
/// Whether the side that writes into a cut learns of it. If not, the rest was in a buffer on its way, as most that is lost on a serial line is.
/// </param>
internal sealed class Cable(IEnumerable<long> cuts, bool isNoticed = true)
{
    /// <summary>Chunks under way in one direction before the writer waits.</summary>
    private const int Depth = 256;

    private readonly Lock _gate = new();
    private readonly Queue<long> _cuts = new(cuts.Order());

    // The newest wire only: a new one is made when the last is broken, and a side that is slow to come back needs none of those between.
    private readonly Channel<Wire> _forGateway = NewestOnly();
    private readonly Channel<Wire> _forRegister = NewestOnly();
    private Wire? _current;
    private (long Bytes, Action Reached)? _watched;

    /// <summary>Whether the register's end opens only once the driver's end has, as a call that is answered does.</summary>
    public bool IsAnswered { get; init; }

    /// <summary>Bytes that went in, both directions.</summary>
    public long Bytes { get; private set; }

    /// <summary>How often it was cut.</summary>
    public int Cuts { get; private set; }

    /// <summary>The driver's end.</summary>
    public ILine GatewayLine => new GatewayEnd(this);

    /// <summary>The register's end.</summary>
    public FirmwareSim.Lines.ILine RegisterLine => new RegisterEnd(this);

    /// <summary>Cuts it now, as if pulled.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            Cuts++;
            _current?.Break();
            _current = null;
        }
    }

    /// <summary>Says when so many bytes went in, once; what was watched for before is not any more.</summary>
    /// <param name="bytes">How many, counted from the cable's first connection.</param>
    /// <param name="reached">What is done then. It must return at once; nobody else can use the cable meanwhile.</param>
    public void Watch(long bytes, Action reached)
    {
        lock (_gate)
        {
            _watched = (bytes, reached);
        }
    }

    /// <summary>From now on nothing is watched for.</summary>
    public void Unwatch()
    {
        lock (_gate)
        {
            _watched = null;
        }
    }

    private static Channel<Wire> NewestOnly() => Channel.CreateBounded<Wire>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private async ValueTask<Wire> JoinAsync(bool isGateway, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_current is null || _current.IsBroken)
            {
                _current = new();
                _forGateway.Writer.TryWrite(_current);
                _forRegister.Writer.TryWrite(_current);
            }
        }

        while (true)
        {
            Wire wire = await (isGateway ? _forGateway : _forRegister).Reader.ReadAsync(cancellationToken);
            if (!wire.IsBroken)
            {
                if (isGateway)
                {
                    wire.Answered.TrySetResult();
                }
                else if (IsAnswered)
                {
                    await wire.Answered.Task.WaitAsync(cancellationToken);
                }

                return wire;
            }

            lock (_gate)
            {
                if (_current is null || _current.IsBroken)
                {
                    _current = new();
                    _forGateway.Writer.TryWrite(_current);
                    _forRegister.Writer.TryWrite(_current);
                }
            }
        }
    }

    /// <summary>How many of the bytes pass before the next cut, which happens here if it is due.</summary>
    private int Pass(int count)
    {
        lock (_gate)
        {
            int passing = _cuts.TryPeek(out long cut) ? (int)Math.Min(count, Math.Max(0, cut - Bytes)) : count;
            Bytes += count;
            if (_watched is { } watched && Bytes >= watched.Bytes)
            {
                _watched = null;
                watched.Reached();
            }

            return passing;
        }
    }

    private void CutIfDue()
    {
        lock (_gate)
        {
            bool isDue = false;
            while (_cuts.TryPeek(out long cut) && cut <= Bytes)
            {
                _cuts.Dequeue();
                isDue = true;
            }

            if (isDue)
            {
                Cuts++;
                _current?.Break();
                _current = null;
            }
        }
    }

    private async ValueTask<bool> WriteAsync(Wire wire, ChannelWriter<byte[]> writer, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (wire.IsBroken)
        {
            return false;
        }

        int passing = Pass(bytes.Length);
        try
        {
            if (passing > 0)
            {
                await writer.WriteAsync(bytes[..passing].ToArray(), cancellationToken);
            }
        }
        catch (ChannelClosedException)
        {
            return false;
        }

        if (passing < bytes.Length)
        {
            CutIfDue();
            return !isNoticed;
        }

        return true;
    }

#pragma warning disable CA1001 // Both ends hold the wire, and neither knows when the other lets go; the source has no timer and no handle.
    private sealed class Wire
#pragma warning restore CA1001
    {
        private readonly CancellationTokenSource _gone = new();

        public Channel<byte[]> ToGateway { get; } = Channel.CreateBounded<byte[]>(Depth);

        public Channel<byte[]> ToRegister { get; } = Channel.CreateBounded<byte[]>(Depth);

        public CancellationToken Gone => _gone.Token;

        public TaskCompletionSource Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsBroken => _gone.IsCancellationRequested;

        public void Break()
        {
            ToGateway.Writer.TryComplete();
            ToRegister.Writer.TryComplete();
            _gone.Cancel();
        }
    }

    /// <summary>Reads chunks as a stream of bytes; what had passed before a cut is still read.</summary>
    private sealed class ChunkReader(ChannelReader<byte[]> chunks)
    {
        private ReadOnlyMemory<byte> _left;

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            while (_left.IsEmpty)
            {
                if (!await chunks.WaitToReadAsync(cancellationToken))
                {
                    return 0;
                }

                _left = chunks.TryRead(out byte[]? chunk) ? chunk : default;
            }

            int count = Math.Min(buffer.Length, _left.Length);
            _left[..count].CopyTo(buffer);
            _left = _left[count..];
            return count;
        }
    }

    private sealed class GatewayEnd(Cable cable) : ILine
    {
        public string Name => "cable";

        public bool IsTransparent => true;

        public async ValueTask<ILineConnection> ConnectAsync(CancellationToken cancellationToken) =>
            new GatewayConnection(cable, await cable.JoinAsync(isGateway: true, cancellationToken));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class GatewayConnection(Cable cable, Wire wire) : ILineConnection
    {
        private readonly ChunkReader _reader = new(wire.ToGateway.Reader);

        public CancellationToken Gone => wire.Gone;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => _reader.ReadAsync(buffer, cancellationToken);

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            if (!await cable.WriteAsync(wire, wire.ToRegister.Writer, bytes, cancellationToken))
            {
                throw new LineGoneException("cable", "cut");
            }
        }

        public ValueTask DisposeAsync()
        {
            wire.Break();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class RegisterEnd(Cable cable) : FirmwareSim.Lines.ILine
    {
        public string Name => "cable";

        public async Task<Stream> OpenAsync(CancellationToken cancellationToken) =>
            new RegisterStream(cable, await cable.JoinAsync(isGateway: false, cancellationToken));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class RegisterStream(Cable cable, Wire wire) : Stream
    {
        private readonly ChunkReader _reader = new(wire.ToRegister.Reader);

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _reader.ReadAsync(buffer, cancellationToken);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!await cable.WriteAsync(wire, wire.ToGateway.Writer, buffer, cancellationToken))
            {
                throw new IOException("the cable was cut");
            }
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("asynchronous only");

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("asynchronous only");

        public override void Flush()
        {
            // Nothing is held back.
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                wire.Break();
            }

            base.Dispose(disposing);
        }
    }
}
