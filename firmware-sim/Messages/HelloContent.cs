namespace FirmwareSim.Messages;

/// <summary>What a HELLO states about the register and its journal, TLK/1 §3.1.</summary>
internal sealed record HelloContent(
    string Serial,
    ulong Epoch,
    uint Boot,
    ulong Oldest,
    ulong Newest,
    ulong Acked,
    DateTimeOffset Clock,
    ushort MaxBody,
    byte[] Nonce,
    Caps Caps = Caps.Previous);
