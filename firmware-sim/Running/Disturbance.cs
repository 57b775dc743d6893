using FirmwareSim.Baskets;

namespace FirmwareSim.Running;

/// <summary>Faults on request, drawn from a seed: what a bad cable or a bad gateway does.</summary>
/// <param name="Split">Bytes arrive and leave in pieces of 1 to 7.</param>
/// <param name="DropAckPercent">So many of a hundred ACKs are lost before they are read.</param>
/// <param name="DoublePercent">So many of a hundred frames are sent twice.</param>
/// <param name="FlipPercent">In so many of a hundred frames one bit is flipped on the way.</param>
/// <param name="Seed">Same seed, same faults.</param>
internal sealed record Disturbance(
    bool Split = false, int DropAckPercent = 0, int DoublePercent = 0, int FlipPercent = 0, long Seed = 1)
{
    private readonly SeededDraw _draw = new(Seed, 0);

    public bool LosesAck() => DropAckPercent > 0 && _draw.Chance(DropAckPercent);

    public bool Doubles() => DoublePercent > 0 && _draw.Chance(DoublePercent);

    /// <summary>The frame as it arrives at the other side.</summary>
    public byte[] OnTheWay(byte[] wire)
    {
        if (FlipPercent == 0 || !_draw.Chance(FlipPercent))
        {
            return wire;
        }

        byte[] flipped = [.. wire];
        flipped[_draw.Between(1, wire.Length - 2)] ^= (byte)(1 << _draw.Between(0, 7));
        return flipped;
    }

    public Stream Wrap(Stream line) => Split ? new SplittingStream(line, Seed) : line;
}
