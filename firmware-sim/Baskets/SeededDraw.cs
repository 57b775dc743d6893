namespace FirmwareSim.Baskets;

/// <summary>Draws that are the same on every machine and in every version: SplitMix64 over a seed.</summary>
internal sealed class SeededDraw
{
    private ulong _state;

    public SeededDraw(long seed, ulong sequence)
    {
        // Mixed twice: streams of neighbouring sequences must not be the same one, shifted by a draw.
        _state = unchecked((ulong)seed);
        _state = Next() ^ sequence;
        _state = Next();
    }

    public ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            ulong mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }

    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public int Between(int least, int most) => least + (int)(Next() % (ulong)(most - least + 1));

    /// <summary>True in <paramref name="percent"/> of a hundred draws.</summary>
    public bool Chance(int percent) => Between(1, 100) <= percent;
}
