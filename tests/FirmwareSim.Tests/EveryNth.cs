namespace FirmwareSim.Tests;

/// <summary>True, but false at each n-th call.</summary>
internal sealed class EveryNth(int n)
{
    private int _calls;

    public bool Next(ulong seq) => Interlocked.Increment(ref _calls) % n != 0;
}
