namespace FirmwareSim.Session;

/// <summary>The last request of a type and what it was answered with: the same bytes again get the same bytes back.</summary>
internal sealed record CachedReply(byte Txn, byte[] Request, SessionEffect.Send Reply);
