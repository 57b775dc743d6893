#pragma warning disable CA2000 // A cable in memory holds nothing.
using Invoicing.Registers.Lines;
using Invoicing.Testing;

namespace Invoicing.Registers.Tests.Datecs;

/// <summary>A line whose every connection is a new cable to the same register, until there are to be no more.</summary>
internal sealed class CableLine(ManualTime time, FakeDatecs register) : ILine
{
    public string Name => "cable";

    public bool IsTransparent => true;

    /// <summary>Bytes after which the n-th cable is pulled, from 1; <see langword="null"/> for a cable that lasts.</summary>
    internal Func<int, int?> CutAfter { get; set; } = _ => null;

    internal int Piece { get; set; } = 4096;

    internal int Connections { get; private set; }

    /// <summary>The cable that is in now.</summary>
    internal RegisterCable? Cable { get; private set; }

    public async ValueTask<ILineConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        // A line never opens again at once: whoever watches sees it down.
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        Connections++;
        Cable = new(time, register) { CutAfter = CutAfter(Connections) ?? int.MaxValue, Piece = Piece };
        return Cable;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
