namespace FirmwareSim.Replay;

/// <summary>Bytes of one direction, one after the other without a word from the other side.</summary>
/// <param name="Milliseconds">When, from the start of the recording.</param>
/// <param name="IsFromRegister">Whether the register sent them; otherwise the gateway did.</param>
/// <param name="Bytes">The bytes, not empty.</param>
/// <param name="OpenedAt">When the connection was opened that these are the first bytes of; null for what follows on it.</param>
internal sealed record RecordingStep(long Milliseconds, bool IsFromRegister, byte[] Bytes, long? OpenedAt = null);
