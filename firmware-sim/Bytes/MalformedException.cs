namespace FirmwareSim.Bytes;

/// <summary>Bytes from the other side that break TLK/1 §2 or §3; the message says what was expected and what was found.</summary>
internal sealed class MalformedException(string message, Exception? inner = null) : Exception(message, inner);
