namespace FirmwareSim.Replay;

/// <summary>What became of a replay.</summary>
/// <param name="Steps">Steps of the recording.</param>
/// <param name="Done">Steps that went as recorded.</param>
/// <param name="Sent">Bytes sent as the register.</param>
/// <param name="Taken">Bytes taken that were as recorded; of TLK/1, whose gateways say the same in other bytes, all that were taken.</param>
/// <param name="Difference">The first difference, in a sentence; null if there is none.</param>
internal sealed record ReplayResult(int Steps, int Done, long Sent, long Taken, string? Difference);
