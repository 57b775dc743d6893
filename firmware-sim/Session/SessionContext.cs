using FirmwareSim.Journal;
using FirmwareSim.Messages;

namespace FirmwareSim.Session;

/// <summary>What a step may look at besides state and input.</summary>
/// <param name="Now">Milliseconds of a clock that never steps.</param>
/// <param name="Clock">The register's clock, for HELLO and STATUS.</param>
/// <param name="FreshNonce">16 random bytes that no earlier step was given.</param>
/// <param name="Serial">The register's serial.</param>
/// <param name="MaxBody">The largest body that this register takes.</param>
/// <param name="Shelf">The journal, read only.</param>
internal sealed record SessionContext(
    long Now, DateTimeOffset Clock, byte[] FreshNonce, string Serial, ushort MaxBody, IRecordShelf Shelf)
{
    /// <summary>The 32 bytes that pairing put into both sides; with them everything is sealed. Null: nothing is.</summary>
    public byte[]? PairingKey { get; init; }

    /// <summary>Whether leases are taken.</summary>
    public bool TakesLeases { get; init; }

    /// <summary>Whether TIME sets the clock.</summary>
    public bool TakesTime { get; init; }

    public Caps Caps => Caps.Previous | (TakesLeases ? Caps.Leases : Caps.None) | (TakesTime ? Caps.Time : Caps.None)
        | (PairingKey is null ? Caps.None : Caps.Seals);
}
