using FirmwareSim.Replay.Tlk;

namespace FirmwareSim.Replay;

/// <summary>Which player plays a recording: bytes are compared, but where answers bear what only their gateway has, their meaning is.</summary>
internal static class RecordingPlayers
{
    /// <summary>The player of a recording.</summary>
    /// <exception cref="IOException">It cannot be played, or not like this; the message says what to do.</exception>
    public static IRecordingPlayer For(RecordedLine recording, ReplayOptions options) =>
        recording.Protocol == TlkPlayer.Protocol ? new TlkPlayer(recording, options) : new RecordingPlayer(recording, options);
}
