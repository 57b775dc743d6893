namespace FirmwareSim.Bytes;

/// <summary>How often each thing was thrown away. Counted by one task, read by any.</summary>
internal sealed class DropCounters
{
    private readonly long[] _counts = new long[Enum.GetValues<FrameDrop>().Length];

    public long this[FrameDrop drop] => Volatile.Read(ref _counts[(int)drop]);

    public void Add(FrameDrop drop) => Interlocked.Increment(ref _counts[(int)drop]);
}
