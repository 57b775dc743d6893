using Invoicing.Registers.Lines;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Tlk.Conformance;

/// <summary>A line in memory to a register that is stepped. Whoever waits for bytes moves the clock on, so hours pass in a second and always alike.</summary>
/// <remarks>Bytes arrive at the register in pieces that the seed decides, as a wire cuts them. For one thread.</remarks>
internal sealed class SteppedLine : ILine
{
    private const int LongestPiece = 40;

    private readonly ISteppedRegister _register;
    private readonly ManualTime _time;
    private readonly Random _pieces;
    private readonly ITimer _due;
    private readonly List<byte> _written = [];
    private Connection? _connection;

    public SteppedLine(ISteppedRegister register, ManualTime time, int seed)
    {
        _register = register;
        _time = time;
        _pieces = new Random(seed);
        _due = time.CreateTimer(_ => Turn(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public string Name => "memory";

    public bool IsTransparent => true;

    public ValueTask<ILineConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        _connection = new Connection(this);
        _register.Plug(isUp: true);
        Turn();
        return ValueTask.FromResult<ILineConnection>(_connection);
    }

    public ValueTask DisposeAsync()
    {
        _due.Dispose();
        return ValueTask.CompletedTask;
    }

    internal void Sell(int lines)
    {
        _register.Sell(lines);
        Turn();
    }

    /// <summary>Lets the register do what is due, and sets the timer for what will be.</summary>
    private void Turn()
    {
        _register.Turn(_written);
        if (_connection is null)
        {
            _written.Clear();
        }

        _due.Change(_register.UntilDue is { } due ? due : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void Cut(Connection connection)
    {
        if (_connection == connection)
        {
            _connection = null;
            _register.Plug(isUp: false);
            Turn();
        }
    }

    private void Receive(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int piece = Math.Min(bytes.Length, _pieces.Next(1, LongestPiece));
            _register.Receive(bytes[..piece]);
            Turn();
            bytes = bytes[piece..];
        }
    }

    private int Read(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _written.Count);
        _written[..count].ToArray().CopyTo(buffer);
        _written.RemoveRange(0, count);
        return count;
    }

    private sealed class Connection(SteppedLine line) : ILineConnection
    {
        private readonly CancellationTokenSource _gone = new();

        public CancellationToken Gone => _gone.Token;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            while (line._written.Count == 0)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    return ValueTask.FromCanceled<int>(cancellationToken);
                }

                line._time.Advance(line._time.NextDue ?? throw new InvalidOperationException("nobody waits for anything, so no byte will ever come"));
            }

            return ValueTask.FromResult(line.Read(buffer.Span));
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            line.Receive(bytes.Span);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            if (!_gone.IsCancellationRequested)
            {
                _gone.Cancel();
                line.Cut(this);
            }

            return ValueTask.CompletedTask;
        }
    }
}
