namespace FirmwareSim.Running;

/// <summary>Faults on request: what a bad cable or a bad gateway does.</summary>
/// <param name="Split">Bytes arrive and leave in pieces of 1 to 7.</param>
/// <param name="DropAckPercent">So many of a hundred ACKs are lost before they are read.</param>
/// <param name="DoublePercent">So many of a hundred frames are sent twice.</param>
/// <param name="FlipPercent">In so many of a hundred frames one bit is flipped on the way.</param>
/// <param name="Seed">Same seed, same faults.</param>
internal sealed record Disturbance(
    bool Split = false, int DropAckPercent = 0, int DoublePercent = 0, int FlipPercent = 0, long Seed = 1);
