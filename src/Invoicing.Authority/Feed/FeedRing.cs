using Invoicing.Authority.Ledger;

namespace Invoicing.Authority.Feed;

/// <summary>The newest entries as ready messages. One writer, any number of readers, no lock.</summary>
/// <remarks>
/// A slot holds an immutable frame that names its own index: a reader that finds another index there was overtaken, or the entry was never
/// put in, and reads the ledger instead. So the ring may forget anything and invent nothing.
/// </remarks>
internal sealed class FeedRing
{
    /// <summary>Frames held: 16,384 of 700 bytes are 11 MB, and at 1,000 entries a second 16 s for a follower to fall behind in.</summary>
    public const int Capacity = 16_384;

    private readonly FeedFrame?[] _slots = new FeedFrame?[Capacity];

    /// <summary>Puts entries in. Called by the ledger's writer alone.</summary>
    public void Add(IReadOnlyList<LedgerEntry> entries)
    {
        foreach (LedgerEntry entry in entries)
        {
            Volatile.Write(ref _slots[entry.Index % Capacity], FeedFrame.Of(entry));
        }
    }

    /// <summary>Reads a run of frames.</summary>
    /// <param name="from">First index.</param>
    /// <param name="through">Last index.</param>
    /// <param name="frames">Takes them.</param>
    /// <returns>How many follow one another from <paramref name="from"/> on; 0 if the ring does not hold the first.</returns>
    public int Read(long from, long through, List<FeedFrame> frames)
    {
        int count = 0;
        for (long index = from; index <= through; index++)
        {
            if (Volatile.Read(ref _slots[index % Capacity]) is not { } frame || frame.Index != index)
            {
                break;
            }

            frames.Add(frame);
            count++;
        }

        return count;
    }
}
