using System.Threading.Channels;
using Invoicing.Registers.Lines;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Eutron;

/// <summary>
/// A line to a played register, which answers within the write. Whoever reads where nothing can come any more only waits for time to pass,
/// so the read itself lets it pass: nothing depends on how fast the machine is.
/// </summary>
internal sealed class PlayedLine(ManualTime time) : ILine
{
    private readonly Channel<ILineConnection> _plugged = Channel.CreateBounded<ILineConnection>(512);

    public string Name => "played";

    public bool IsTransparent => true;

    public ValueTask<ILineConnection> ConnectAsync(CancellationToken cancellationToken) => _plugged.Reader.ReadAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Lays a cable.</summary>
    /// <param name="register">Who is at its end.</param>
    /// <param name="cutAfter">The cable is pulled when so many bytes of the register have come through.</param>
    /// <param name="chunk">Most bytes of one read.</param>
    internal Cable Plug(PlayedRegister register, int cutAfter = int.MaxValue, int chunk = int.MaxValue)
    {
        Cable cable = new(register, time, cutAfter, chunk);
        Assert.True(_plugged.Writer.TryWrite(cable));
        return cable;
    }

    internal sealed class Cable(PlayedRegister register, ManualTime time, int cutAfter, int chunk) : ILineConnection
    {
        private readonly Lock _gate = new();
        private readonly List<byte> _answer = [];
        private bool _isGone;

        public CancellationToken Gone => CancellationToken.None;

        /// <summary>Bytes of the register that have come through.</summary>
        internal int Through { get; private set; }

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            while (true)
            {
                lock (_gate)
                {
                    int count = Math.Min(Math.Min(buffer.Length, chunk), Math.Min(_answer.Count, cutAfter - Through));
                    if (count > 0)
                    {
                        _answer[..count].ToArray().CopyTo(buffer);
                        _answer.RemoveRange(0, count);
                        Through += count;
                        return count;
                    }

                    if (_isGone || Through >= cutAfter)
                    {
                        return 0;
                    }
                }

                cancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
                time.Advance(TimeSpan.FromMilliseconds(100));
            }
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                if (_isGone || Through >= cutAfter)
                {
                    throw new LineGoneException("played", "pulled");
                }

                register.Take(bytes.Span, _answer);
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            Pull();
            return ValueTask.CompletedTask;
        }

        internal void Pull()
        {
            lock (_gate)
            {
                _isGone = true;
            }
        }
    }
}
