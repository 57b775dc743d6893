#pragma warning disable CA2000 // A cable's ends belong to whoever plugged it.
using System.Threading.Channels;
using FirmwareSim.Lines;

namespace FirmwareSim.Tests.Tills;

/// <summary>A line in memory: each plug lays a new cable and returns the host's end of it.</summary>
internal sealed class MemoryLine : ILine
{
    private readonly Channel<Stream> _plugged = Channel.CreateBounded<Stream>(16);

    public string Name => "memory";

    public Stream Plug()
    {
        var toHost = Channel.CreateBounded<byte[]>(65_536);
        var toRegister = Channel.CreateBounded<byte[]>(65_536);
        Assert.True(_plugged.Writer.TryWrite(new End(toRegister.Reader, toHost.Writer, toRegister.Writer)));
        return new End(toHost.Reader, toRegister.Writer, toHost.Writer);
    }

    public async Task<Stream> OpenAsync(CancellationToken cancellationToken) => await _plugged.Reader.ReadAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class End(ChannelReader<byte[]> input, ChannelWriter<byte[]> output, ChannelWriter<byte[]> back) : AwaitedStream
    {
        private byte[] _left = [];

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (_left.Length == 0)
            {
                if (!await input.WaitToReadAsync(cancellationToken))
                {
                    return 0;
                }

                if (input.TryRead(out byte[]? next))
                {
                    _left = next;
                }
            }

            int count = Math.Min(buffer.Length, _left.Length);
            _left.AsSpan(0, count).CopyTo(buffer.Span);
            _left = _left[count..];
            return count;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                if (!buffer.IsEmpty)
                {
                    await output.WriteAsync(buffer.ToArray(), cancellationToken);
                }
            }
            catch (ChannelClosedException e)
            {
                throw new IOException("pulled", e);
            }
        }

        protected override void Dispose(bool disposing)
        {
            output.TryComplete();
            back.TryComplete();
            base.Dispose(disposing);
        }
    }
}
