using FirmwareSim.Baskets;

namespace FirmwareSim.Running;

/// <summary>Draws the faults of one register's line; without any it changes nothing.</summary>
internal sealed class BadCable(Disturbance faults)
{
    private readonly SeededDraw _draw = new(faults.Seed, 0);

    public bool LosesAck() => faults.DropAckPercent > 0 && _draw.Chance(faults.DropAckPercent);

    public bool Doubles() => faults.DoublePercent > 0 && _draw.Chance(faults.DoublePercent);

    /// <summary>The frame as it arrives at the other side.</summary>
    public byte[] OnTheWay(byte[] wire)
    {
        if (faults.FlipPercent == 0 || !_draw.Chance(faults.FlipPercent))
        {
            return wire;
        }

        byte[] flipped = [.. wire];
        flipped[_draw.Between(1, wire.Length - 2)] ^= (byte)(1 << _draw.Between(0, 7));
        return flipped;
    }

    public Stream Wrap(Stream line) => faults.Split ? new SplittingStream(line, faults.Seed) : line;
}
