namespace FirmwareSim.Datecs;

/// <summary>One event before it gets its counters.</summary>
/// <param name="Operation">COP.</param>
/// <param name="Fields">Its own fields, each with its separator.</param>
/// <param name="IsLost">Counted and never told.</param>
internal sealed record PushEvent(byte Operation, string Fields, bool IsLost = false);
