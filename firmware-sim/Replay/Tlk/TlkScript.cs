using FirmwareSim.Messages;

namespace FirmwareSim.Replay.Tlk;

/// <summary>A recording of TLK/1, as far as it can be played.</summary>
/// <param name="Connections">Those on which the register said something, in order.</param>
/// <param name="Shelf">The records that it has whole.</param>
/// <param name="Refusals">Reasons of all NAKs in it, but of NAK 9 only where a session was lost by it.</param>
/// <param name="Errors">Reason and type of all ERRORs of the gateway in it.</param>
internal sealed record TlkScript(
    IReadOnlyList<TlkConnection> Connections, TlkShelf Shelf, IReadOnlySet<NakReason> Refusals, IReadOnlySet<(byte Reason, byte About)> Errors);
