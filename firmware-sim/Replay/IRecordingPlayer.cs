using FirmwareSim.Lines;

namespace FirmwareSim.Replay;

/// <summary>Plays a recording as the register, and ends at the first thing that the gateway does otherwise. Plays once.</summary>
internal interface IRecordingPlayer
{
    /// <summary>Plays it, over as many connections as were recorded.</summary>
    /// <param name="line">Where the gateway is; owned by the caller.</param>
    /// <param name="time">The clock of pauses and patience.</param>
    /// <param name="cancellationToken">Ends it; the call then throws <see cref="OperationCanceledException"/>.</param>
    Task<ReplayResult> PlayAsync(ILine line, TimeProvider time, CancellationToken cancellationToken);
}
