using Invoicing.Registers.Lines;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>
/// A cable to a register that answers at once, by a clock that moves only while somebody waits for bytes: every silence takes its virtual time
/// and no real one.
/// </summary>
internal sealed class RegisterCable(ManualTime time, FakeDatecs register) : ILineConnection
{
    /// <summary>Longest step of the clock while nothing comes.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly Queue<(DateTimeOffset Due, byte[] Bytes)> _toGateway = new();
    private readonly CancellationTokenSource _gone = new();
    private byte[] _left = [];

    public CancellationToken Gone => _gone.Token;

    /// <summary>Bytes, counted in both directions, after which the cable is pulled.</summary>
    internal int CutAfter { get; set; } = int.MaxValue;

    /// <summary>Longest piece that comes out of one read.</summary>
    internal int Piece { get; set; } = 4096;

    /// <summary>Bytes that went through.</summary>
    internal int Passed { get; private set; }

    private bool IsCut => Passed >= CutAfter;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int count = Take(buffer.Span);
        while (count < 0)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            TimeSpan next = _toGateway.Count > 0 ? _toGateway.Peek().Due - time.GetUtcNow() : Step;
            time.Advance(next < TimeSpan.Zero ? TimeSpan.Zero : next < Step ? next : Step);
            count = Take(buffer.Span);
        }

        return count;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (IsCut)
        {
            throw new LineGoneException("cable", "pulled");
        }

        int count = Math.Min(bytes.Length, CutAfter - Passed);
        Passed += count;
        foreach ((TimeSpan after, byte[] answer) in register.Hear(bytes.Span[..count]))
        {
            _toGateway.Enqueue((time.GetUtcNow() + after, answer));
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        _gone.Dispose();
    }

    /// <summary>Takes what is there: how much, 0 at the end, -1 if nothing is there yet.</summary>
    private int Take(Span<byte> buffer)
    {
        if (IsCut)
        {
            return 0;
        }

        if (_left.Length == 0)
        {
            if (_toGateway.Count == 0 || _toGateway.Peek().Due > time.GetUtcNow())
            {
                return -1;
            }

            _left = _toGateway.Dequeue().Bytes;
        }

        int count = Math.Min(Math.Min(buffer.Length, Piece), Math.Min(_left.Length, CutAfter - Passed));
        _left.AsSpan(0, count).CopyTo(buffer);
        _left = _left[count..];
        Passed += count;
        return count;
    }
}
